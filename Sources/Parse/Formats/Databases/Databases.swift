extension Fields {
    /// Of databases: MariaDB, MySQL, Redis, Memcached, Elasticsearch.
    static let databases: [FieldDefinition] = mysql + redis + memcached + elasticsearch
}

extension FormatDefinition {
    /// Of databases: MariaDB, MySQL, Redis, Memcached, Elasticsearch.
    static let databases: [FormatDefinition] = mysql + redis + memcached + elasticsearch
}

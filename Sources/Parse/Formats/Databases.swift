extension Fields {
    /// Of databases: MariaDB, MySQL, Redis, Memcached, Elasticsearch.
    static let databases: [FieldDefinition] = []
}

extension FormatDefinition {
    /// Of databases: MariaDB, MySQL, Redis, Memcached, Elasticsearch.
    static let databases: [FormatDefinition] = []
}

extension Fields {
    /// Of Elasticsearch.
    static let elasticsearch: [FieldDefinition] = [
        FieldDefinition("component", .keyword, ["elasticsearch.component"]),
        FieldDefinition("thread", .keyword, ["process.thread.name", "thread_name"]),
        FieldDefinition("cluster", .keyword, ["elasticsearch.cluster.name", "cluster.name"]),
        FieldDefinition("cluster_id", .keyword, ["elasticsearch.cluster.uuid", "cluster.uuid"]),
        FieldDefinition("node", .keyword, ["elasticsearch.node.name", "node.name"]),
        FieldDefinition("node_id", .keyword, ["elasticsearch.node.id", "node.id"]),
        FieldDefinition("index", .keyword, ["elasticsearch.index.name"]),
        FieldDefinition("index_id", .keyword, ["elasticsearch.index.id"]),
        FieldDefinition("shard", .keyword, ["elasticsearch.shard.id"]),
        FieldDefinition("took", .keyword, ["elasticsearch.slowlog.took"]),
        FieldDefinition("took_millis", .number, unit: "ms", ["elasticsearch.slowlog.took_millis"]),
        FieldDefinition("total_hits", .keyword, ["elasticsearch.slowlog.total_hits"]),
        FieldDefinition("total_shards", .keyword, ["elasticsearch.slowlog.total_shards"]),
        FieldDefinition("search_type", .keyword, ["elasticsearch.slowlog.search_type"]),
        FieldDefinition("doc_types", .keyword, ["elasticsearch.slowlog.types"]),
        FieldDefinition("doc_type", .keyword, ["elasticsearch.slowlog.type"]),
        FieldDefinition("doc_id", .keyword, ["elasticsearch.slowlog.id"]),
        FieldDefinition("routing", .keyword, ["elasticsearch.slowlog.routing"]),
        FieldDefinition("stats", .text, ["elasticsearch.slowlog.stats"]),
        FieldDefinition(
            "slow_query", .text, ["elasticsearch.slowlog.source", "elasticsearch.slowlog.source_query"]),
        FieldDefinition("extra_source", .text, ["elasticsearch.slowlog.extra_source"]),
        FieldDefinition("gc_generation", .keyword),
        FieldDefinition("gc_seq", .keyword, ["elasticsearch.server.gc.overhead_seq", "elasticsearch.gc.id"]),
        FieldDefinition("gc_tags", .keyword, ["elasticsearch.gc.tags"]),
        FieldDefinition("gc_cause", .keyword, ["elasticsearch.gc.cause"]),
        FieldDefinition("stopped", .number, unit: "s", ["elasticsearch.gc.threads_total_stop_time_sec"]),
        FieldDefinition("stopping", .number, unit: "s", ["elasticsearch.gc.stopping_threads_time_sec"]),
        FieldDefinition("pause", .number, unit: "ms"),
        FieldDefinition("heap_before", .keyword), FieldDefinition("heap_after", .keyword),
        FieldDefinition("heap_size", .keyword),
    ]
}

extension FormatDefinition {
    /// Elasticsearch: lines in brackets (up to 6, and `.log` of later ones), objects (7 and later), and the
    /// log of the garbage collector.
    static let elasticsearch: [FormatDefinition] = [
        FormatDefinition(
            name: "elasticsearch", programs: elasticsearchPrograms, check: .shape("[9999-99-99"),
            patterns: ["%{ELASTICSEARCH}"],
            time: TimeCapture("log_time", TimeFormat("%Y-%m-%dT%H:%M:%S%f%z"), .sql),
            rest: ("rest", .code(ElasticsearchTail.read)), lines: .several()),
        FormatDefinition(
            name: "elasticsearch-json", programs: elasticsearchPrograms, check: .json,
            body: .json(elasticsearchKeys)),
        FormatDefinition(
            name: "elasticsearch-gc", programs: elasticsearchPrograms,
            patterns: ["%{JVMGCSTOPPED}", "%{JVMGC}"],
            time: TimeCapture("log_time", TimeFormat("%Y-%m-%dT%H:%M:%S%f%z")),
            rest: ("rest", .code(PlainMessage.read)), lines: .code(ElasticsearchTail.placeCollection)),
    ]

    private static let elasticsearchPrograms = ProgramRule(
        names: ["es"], prefixes: ["elasticsearch", "opensearch"])

    /// Members of ESJsonLayout (7) and of the ECS layout (8), and of the audit log.
    private static let elasticsearchKeys = KeyRules(
        [
            "timestamp": .time([TimeFormat("%Y-%m-%dT%H:%M:%S%f%z")]), "@timestamp": .time([.iso]),
            "level": .level(.any), "log.level": .level(.any),
            "message": .code(ElasticsearchTail.readText),
            "elasticsearch.slowlog.message": .code(ElasticsearchTail.readText),
            "types": .field("doc_types"), "type": .field("type"), "id": .field("doc_id"),
            "source": .field("slow_query"), "origin.address": .code(ElasticsearchTail.readAddress),
            "request.method": .field("method"), "url.path": .field("path"), "user.name": .field("user"),
            "request.id": .field("request_id"), "node.name": .field("node"),
            "elasticsearch.node.name": .field("node"),
        ])
}

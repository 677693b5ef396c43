/// A number or flag in the comments of a slow log event: `# Query_time: 0.405773  Lock_time: 0.000097`.
///
/// Those of MariaDB's log_slow_verbosity, MySQL 8.0's log_slow_extra, and Percona Server's slow log.
struct MySQLSlowKey: Sendable {
    /// As the log writes it.
    let key: StaticString
    /// The field's name.
    let name: String
    let kind: FieldKind
    let unit: String?
    /// The name in Beats, behind `mysql.slowlog.`; nil where the catalogue has the field elsewhere.
    let beats: String?

    private init(_ key: StaticString, _ name: String) {
        self.init(key, name, kind: .keyword, nil)
    }

    private init(
        _ key: StaticString, _ name: String, kind: FieldKind = .number, unit: String? = nil, _ beats: String?
    ) {
        self.key = key
        self.name = name
        self.kind = kind
        self.unit = unit
        self.beats = beats
    }

    var definition: FieldDefinition? {
        beats.map { FieldDefinition(name, kind, unit: unit, ["mysql.slowlog.\($0)"]) }
    }

    /// The fields of `all`, in its order.
    static let fields = all.map { FieldID(named: $0.name) }

    static let all: [MySQLSlowKey] = [
        MySQLSlowKey("Query_time", "query_time"), MySQLSlowKey("Lock_time", "lock_time"),
        MySQLSlowKey("Thread_id", "tid"), MySQLSlowKey("Id", "tid"), MySQLSlowKey("Schema", "database"),
        MySQLSlowKey("Start", "start_time"), MySQLSlowKey("End", "end_time"),
        MySQLSlowKey("Rows_sent", "rows_sent", "rows_sent"),
        MySQLSlowKey("Rows_examined", "rows_examined", "rows_examined"),
        MySQLSlowKey("Rows_affected", "rows_affected", "rows_affected"),
        MySQLSlowKey("Rows_read", "rows_read", "rows_read"),
        MySQLSlowKey("Bytes_sent", "bytes_sent", unit: "bytes", "bytes_sent"),
        MySQLSlowKey("Bytes_received", "bytes_received", unit: "bytes", "bytes_received"),
        MySQLSlowKey("Killed", "killed", "killed"), MySQLSlowKey("Errno", "errno", "last_errno"),
        MySQLSlowKey("Last_errno", "errno", nil),
        MySQLSlowKey("QC_hit", "query_cache_hit", kind: .keyword, "query_cache_hit"),
        MySQLSlowKey("QC_Hit", "query_cache_hit", kind: .keyword, nil),
        MySQLSlowKey("Tmp_tables", "tmp_tables", "tmp_tables"),
        MySQLSlowKey("Tmp_disk_tables", "tmp_disk_tables", "tmp_disk_tables"),
        MySQLSlowKey("Tmp_table_sizes", "tmp_table_sizes", unit: "bytes", "tmp_table_sizes"),
        MySQLSlowKey("Created_tmp_tables", "tmp_tables", nil),
        MySQLSlowKey("Created_tmp_disk_tables", "tmp_disk_tables", nil),
        MySQLSlowKey("Full_scan", "full_scan", kind: .keyword, "full_scan"),
        MySQLSlowKey("Full_join", "full_join", kind: .keyword, "full_join"),
        MySQLSlowKey("Tmp_table", "tmp_table", kind: .keyword, "tmp_table"),
        MySQLSlowKey("Tmp_table_on_disk", "tmp_table_on_disk", kind: .keyword, "tmp_table_on_disk"),
        MySQLSlowKey("Disk_tmp_table", "tmp_table_on_disk", kind: .keyword, nil),
        MySQLSlowKey("Filesort", "filesort", kind: .keyword, "filesort"),
        MySQLSlowKey("Filesort_on_disk", "filesort_on_disk", kind: .keyword, "filesort_on_disk"),
        MySQLSlowKey("Disk_filesort", "filesort_on_disk", kind: .keyword, nil),
        MySQLSlowKey("Merge_passes", "merge_passes", "merge_passes"),
        MySQLSlowKey("Priority_queue", "priority_queue", kind: .keyword, "priority_queue"),
        MySQLSlowKey("Read_first", "read_first", "read_first"),
        MySQLSlowKey("Read_last", "read_last", "read_last"),
        MySQLSlowKey("Read_key", "read_key", "read_key"), MySQLSlowKey("Read_next", "read_next", "read_next"),
        MySQLSlowKey("Read_prev", "read_prev", "read_prev"), MySQLSlowKey("Read_rnd", "read_rnd", "read_rnd"),
        MySQLSlowKey("Read_rnd_next", "read_rnd_next", "read_rnd_next"),
        MySQLSlowKey("Sort_merge_passes", "sort_merge_passes", "sort_merge_passes"),
        MySQLSlowKey("Sort_range_count", "sort_range_count", "sort_range_count"),
        MySQLSlowKey("Sort_rows", "sort_rows", "sort_rows"),
        MySQLSlowKey("Sort_scan_count", "sort_scan_count", "sort_scan_count"),
        MySQLSlowKey("Log_slow_rate_type", "rate_type", kind: .keyword, "log_slow_rate_type"),
        MySQLSlowKey("Log_slow_rate_limit", "rate_limit", kind: .keyword, "log_slow_rate_limit"),
        MySQLSlowKey("InnoDB_trx_id", "trx_id", kind: .keyword, "innodb.trx_id"),
        MySQLSlowKey("InnoDB_IO_r_ops", "io_r_ops", "innodb.io_r_ops"),
        MySQLSlowKey("InnoDB_IO_r_bytes", "io_r_bytes", unit: "bytes", "innodb.io_r_bytes"),
        MySQLSlowKey("InnoDB_IO_r_wait", "io_r_wait", unit: "s", "innodb.io_r_wait.sec"),
        MySQLSlowKey("InnoDB_rec_lock_wait", "rec_lock_wait", unit: "s", "innodb.rec_lock_wait.sec"),
        MySQLSlowKey("InnoDB_queue_wait", "queue_wait", unit: "s", "innodb.queue_wait.sec"),
        MySQLSlowKey("InnoDB_pages_distinct", "pages_distinct", "innodb.pages_distinct"),
    ]
}

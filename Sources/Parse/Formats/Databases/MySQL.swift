extension Fields {
    /// Of MariaDB and MySQL; the numbers of the slow log bear the server's own names in small letters.
    static let mysql: [FieldDefinition] =
        [
            FieldDefinition("current_user", .keyword, ["mysql.slowlog.current_user"]),
            FieldDefinition("database", .keyword, ["db.name", "schema"]),
            FieldDefinition("subsystem", .keyword, ["event.provider"]),
            FieldDefinition("lock_time", .number, unit: "s", ["mysql.slowlog.lock_time.sec"]),
            FieldDefinition("explain", .text),
        ]
        + MySQLSlowKey.all.compactMap { $0.definition }
}

extension FormatDefinition {
    /// MariaDB and MySQL: error log, slow log, general log.
    ///
    /// All of them may come under one name.
    static let mysql: [FormatDefinition] = [
        FormatDefinition(
            name: "mysql-slow", programs: mysqlPrograms, check: .prefix("# "), body: .code(MySQLSlowLog.read),
            lines: .code(MySQLLines.slow),
            ecs: [
                "tid": ["mysql.thread_id"], "query": ["mysql.slowlog.query"],
                "database": ["mysql.slowlog.schema"],
            ]),
        FormatDefinition(
            name: "mysql-error", programs: mysqlPrograms, patterns: ["%{MYSQLERROR}"],
            time: TimeCapture("log_time", .sql, .iso, .mysqlShort),
            rest: ("rest", .code(MySQLErrorTail.read)), lines: .code(MySQLLines.error),
            ecs: ["tid": ["mysql.thread_id"], "error_code": ["event.code"]]),
        FormatDefinition(
            name: "mysql-general", programs: mysqlPrograms,
            patterns: ["%{MYSQLCONNECT}", "%{MYSQLINITDB}", "%{MYSQLGENERAL}"],
            time: TimeCapture("log_time", .sql, .iso, .mysqlShort),
            rest: ("rest", .code(MySQLErrorTail.readQuery)), lines: .code(MySQLLines.general),
            ecs: ["tid": ["mysql.thread_id"]]),
        FormatDefinition(
            name: "mysql-start", programs: mysqlPrograms, patterns: ["%{MYSQLSTART}"],
            rest: ("rest", .code { _, _, _ in true }), lines: .code(MySQLLines.start)),
        FormatDefinition(
            name: "mysql-json", programs: mysqlPrograms, check: .json, body: .json(mysqlKeys),
            ecs: ["tid": ["mysql.thread_id"], "error_code": ["event.code"]]),
    ]

    private static let mysqlPrograms = ProgramRule(names: [], prefixes: ["mysql", "mariadb"])

    /// MySQL 8.0's `log_sink_json` (manual, section "Error Log Output Format").
    private static let mysqlKeys = KeyRules(
        [
            "time": .time([.iso]), "label": .level(.any), "msg": .field("message"), "thread": .field("tid"),
            "err_symbol": .field("error_symbol"), "err_code": .field("error_code"),
            "source_file": .field("file"), "source_line": .field("file_line"),
        ])
}

extension TimeFormat {
    /// As in `261122  9:08:33`: MySQL up to 5.5, MariaDB's slow and general log, mysqld_safe.
    static let mysqlShort = TimeFormat("%y%m%d %H:%M:%S")
}

/// Which lines begin an event of which log.
///
/// A server's logs may come under one name, so each rule knows only its own lines.
enum MySQLLines {
    @Sendable
    static func error(_ bytes: Span<UInt8>, _ range: Range<Int>, _ state: UInt8) -> LineRule.Place {
        // The second line of `ready for connections.` stands alone in no case.
        if state != 0, bytes.has("Version: '", at: range.lowerBound, to: range.upperBound) {
            return .continues()
        }
        guard let end = clock(bytes, range), end == range.upperBound || bytes[end] == UInt8(ascii: " ")
        else { return .unknown }
        return .begins()
    }

    @Sendable
    static func general(_ bytes: Span<UInt8>, _ range: Range<Int>, _ state: UInt8) -> LineRule.Place {
        var at = range.lowerBound
        if bytes.has("\t\t", at: at, to: range.upperBound) {
            at &+= 2
        } else {
            guard let end = clock(bytes, range), end < range.upperBound, bytes[end] == 0x09 else {
                return .unknown
            }
            at = end &+ 1
        }
        at = bytes.skipBlanks(from: at, to: range.upperBound)
        return at < range.upperBound && isDigit(bytes[at]) ? .begins() : .unknown
    }

    /// `# Time:` is written only when the second changed, so `# User@Host:` begins an event unless `# Time:`
    /// just did.
    ///
    /// State 1: behind `# Time:`. 2: in the comments. 3: in the statement, where a line may look like a
    /// comment. A line with a clock is another log's.
    @Sendable
    static func slow(_ bytes: Span<UInt8>, _ range: Range<Int>, _ state: UInt8) -> LineRule.Place {
        if bytes.has("# Time: ", at: range.lowerBound, to: range.upperBound) { return .begins(state: 1) }
        if bytes.has("# User@Host: ", at: range.lowerBound, to: range.upperBound) {
            return state == 1 ? .continues(state: 2) : .begins(state: 2)
        }
        guard state > 0, clock(bytes, range) == nil, start(bytes, range, 0) == .unknown else {
            return .unknown
        }
        let isComment = !range.isEmpty && bytes[range.lowerBound] == UInt8(ascii: "#")
        return .continues(state: isComment && state < 3 ? 2 : 3)
    }

    /// The three lines that a server writes at the top of its slow and general log, whenever it opens them.
    @Sendable
    static func start(_ bytes: Span<UInt8>, _ range: Range<Int>, _ state: UInt8) -> LineRule.Place {
        let end = range.upperBound
        if end &- range.lowerBound > 13, bytes.has("started with:", at: end &- 13, to: end),
            bytes.find(", Version: ", from: range.lowerBound, to: end) != nil
        {
            return .begins(state: 1)
        }
        if bytes.has("Tcp port: ", at: range.lowerBound, to: end) { return .continues(state: 2) }
        guard bytes.has("Time", at: range.lowerBound, to: end),
            bytes.find("Id Command", from: range.lowerBound, to: end) != nil
        else { return .unknown }
        return .continues(state: 3)
    }

    /// The offset behind the time that begins a line; nil where none does.
    private static func clock(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Int? {
        let start = range.lowerBound
        let end = range.upperBound
        let padded: LiteralCheck = .shape("999999  9:99:99")
        if LiteralCheck.shape("999999 99:99:99").passes(bytes, from: start, to: end)
            || padded.passes(bytes, from: start, to: end)
        {
            return start &+ 15
        }
        if LiteralCheck.shape("9999-99-99 99:99:99").passes(bytes, from: start, to: end)
            || LiteralCheck.shape("9999-99-99  9:99:99").passes(bytes, from: start, to: end)
        {
            return start &+ 19
        }
        guard LiteralCheck.shape("9999-99-99T99:99:99").passes(bytes, from: start, to: end) else {
            return nil
        }
        var at = start &+ 19
        while at < end, bytes[at] != UInt8(ascii: " "), bytes[at] != 0x09 { at &+= 1 }
        return at
    }
}

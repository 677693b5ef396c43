/// An event of the slow query log: comments, perhaps `use …;`, `SET timestamp=…;`, the statement (sql/log.cc,
/// MYSQL_QUERY_LOG::write; Percona's and MariaDB's log_slow_verbosity add comments).
///
/// A statement may hold line feeds and lines that begin with `#`: the comments end at the first line that is
/// none.
enum MySQLSlowLog {
    private static let user = FieldID(named: "user"), currentUser = FieldID(named: "current_user")
    private static let host = FieldID(named: "client_host"), client = FieldID(named: "client_ip")
    private static let database = FieldID(named: "database"), query = FieldID(named: "query")
    private static let endTime = FieldID(named: "end_time"), tid = FieldID(named: "tid")
    private static let explain = FieldID(named: "explain")
    /// What a comment may say twice, under two names.
    private static let single = [database, tid, endTime]

    @Sendable
    static func read(_ bytes: Span<UInt8>, _ range: Range<Int>, _ event: inout EventWriter) -> Bool {
        event.read(bytes, range, unescaping: .octal) { bytes, range, event in
            let start = range.lowerBound
            guard
                bytes.has("# Time: ", at: start, to: range.upperBound)
                    || bytes.has("# User@Host: ", at: start, to: range.upperBound)
            else { return false }
            var reader = Reader(bytes, range)
            reader.addComments(bytes, &event)
            reader.addStatement(bytes, &event)
            return true
        }
    }

    private struct Reader {
        let end: Int
        /// Where the comments end, the database and the time of the statement, and where that begins.
        private var comments: Range<Int>
        private var usedDatabase: Range<Int>?
        private var timestamp: Range<Int>?
        private var statement: Int
        /// Which of `single` an event has, by index.
        private var seen: UInt8 = 0

        init(_ bytes: Span<UInt8>, _ range: Range<Int>) {
            end = range.upperBound
            var at = range.lowerBound
            while at < end, bytes[at] == UInt8(ascii: "#"),
                !bytes.has("# administrator command:", at: at, to: end)
            {
                at = Self.nextLine(bytes, at, end)
            }
            comments = range.lowerBound..<at
            if bytes.has("use ", at: at, to: end) {
                let line = Self.line(bytes, at, end)
                if line.count > 5, bytes[line.upperBound &- 1] == UInt8(ascii: ";") {
                    usedDatabase = Self.unquoted(bytes, at &+ 4..<line.upperBound &- 1)
                    at = Self.nextLine(bytes, at, end)
                }
            }
            // `SET last_insert_id=1,insert_id=2,timestamp=1795345104;`
            if bytes.has("SET ", at: at, to: end) {
                let line = Self.line(bytes, at, end)
                if let key = bytes.find("timestamp=", from: at, to: line.upperBound) {
                    let start = key &+ 10
                    var stop = start
                    while stop < line.upperBound, isDigit(bytes[stop]) || bytes[stop] == UInt8(ascii: ".") {
                        stop &+= 1
                    }
                    if stop > start {
                        timestamp = start..<stop
                        at = Self.nextLine(bytes, at, end)
                    }
                }
            }
            statement = at
        }

        // MARK: Comments

        mutating func addComments(_ bytes: Span<UInt8>, _ event: inout EventWriter) {
            var at = comments.lowerBound
            while at < comments.upperBound {
                let line = Self.line(bytes, at, comments.upperBound)
                let next = Self.nextLine(bytes, at, comments.upperBound)
                if bytes.has("# Time: ", at: at, to: line.upperBound) {
                    addTime(
                        bytes, bytes.skipBlanks(from: at &+ 8, to: line.upperBound)..<line.upperBound, &event)
                } else if bytes.has("# User@Host: ", at: at, to: line.upperBound) {
                    addUser(bytes, at &+ 13..<line.upperBound, &event)
                } else if bytes.has("# explain: ", at: at, to: line.upperBound) {
                    let stop = explainEnd(bytes, at)
                    event.add(explain, bytes, at &+ 11..<stop)
                    at = Self.nextLine(bytes, stop, comments.upperBound)
                    continue
                } else {
                    addPairs(bytes, at &+ 1..<line.upperBound, &event)
                }
                at = next
            }
        }

        /// When the event was written: its time only where the statement does not say when it began.
        private mutating func addTime(_ bytes: Span<UInt8>, _ range: Range<Int>, _ event: inout EventWriter) {
            if timestamp == nil, event.setTime(bytes, range, [.iso, .mysqlShort, .sql]) { return }
            addOnce(endTime, bytes, range, &event)
        }

        /// Reads `wp[wp] @ localhost [127.0.0.1]  Id:     8`, where each name may be empty.
        private mutating func addUser(_ bytes: Span<UInt8>, _ range: Range<Int>, _ event: inout EventWriter) {
            guard let at = bytes.findLast(" @ ", from: range.lowerBound, to: range.upperBound) else {
                return event.add(.other, bytes, range)
            }
            let bracket = bytes.find(UInt8(ascii: "["), from: range.lowerBound, to: at)
            let name = range.lowerBound..<bracket
            if !name.isEmpty { event.add(user, bytes, name) }
            if bracket &+ 1 < at, bytes[at &- 1] == UInt8(ascii: "]"), bracket &+ 1 < at &- 1 {
                event.add(currentUser, bytes, bracket &+ 1..<at &- 1)
            }
            let open = bytes.find(UInt8(ascii: "["), from: at &+ 3, to: range.upperBound)
            var stop = open
            while stop > at &+ 3, bytes[stop &- 1] == UInt8(ascii: " ") { stop &-= 1 }
            if stop > at &+ 3 { event.add(host, bytes, at &+ 3..<stop) }
            let close = bytes.find(UInt8(ascii: "]"), from: open, to: range.upperBound)
            if close > open &+ 1 { event.add(client, bytes, open &+ 1..<close) }
            if close < range.upperBound { addPairs(bytes, close &+ 1..<range.upperBound, &event) }
        }

        /// Reads `Thread_id: 50  Schema: wpwiki  QC_hit: No`; a value ends where the next key begins.
        private mutating func addPairs(_ bytes: Span<UInt8>, _ range: Range<Int>, _ event: inout EventWriter)
        {
            var at = bytes.skipBlanks(from: range.lowerBound, to: range.upperBound)
            while at < range.upperBound {
                guard let key = Self.key(bytes, at, range.upperBound) else {
                    return event.add(.other, bytes, at..<range.upperBound)
                }
                let start = bytes.skipBlanks(from: key.upperBound &+ 1, to: range.upperBound)
                var stop = start
                var next = start
                while next < range.upperBound, Self.key(bytes, next, range.upperBound) == nil {
                    stop = bytes.find(UInt8(ascii: " "), from: next, to: range.upperBound)
                    next = bytes.skipBlanks(from: stop, to: range.upperBound)
                }
                if stop > start { addPair(bytes, key, start..<stop, &event) }
                at = next
                guard event.hasRoom || at >= range.upperBound else {
                    // The others would find no room either.
                    return event.event.reasons.formUnion(.tooManyFields)
                }
            }
        }

        private mutating func addPair(
            _ bytes: Span<UInt8>, _ key: Range<Int>, _ value: Range<Int>, _ event: inout EventWriter
        ) {
            for index in MySQLSlowKey.all.indices {
                let known = MySQLSlowKey.all[index].key
                guard known.utf8CodeUnitCount == key.count,
                    bytes.has(known, at: key.lowerBound, to: key.upperBound)
                else { continue }
                return addOnce(MySQLSlowKey.fields[index], bytes, value, &event)
            }
            event.add(.other, bytes, key.lowerBound..<value.upperBound)
        }

        /// Adds a value; the second of those that stand under two names is hidden.
        private mutating func addOnce(
            _ field: FieldID, _ bytes: Span<UInt8>, _ range: Range<Int>, _ event: inout EventWriter
        ) {
            if let index = MySQLSlowLog.single.firstIndex(of: field) {
                guard seen & 1 << UInt8(index) == 0 else { return event.add(.escaped, bytes, range) }
                seen |= 1 << UInt8(index)
            }
            event.add(field, bytes, range)
        }

        private func explainEnd(_ bytes: Span<UInt8>, _ start: Int) -> Int {
            var at = start
            var stop = start
            while bytes.has("# explain: ", at: at, to: comments.upperBound) {
                stop = Self.line(bytes, at, comments.upperBound).upperBound
                at = Self.nextLine(bytes, at, comments.upperBound)
            }
            return stop
        }

        // MARK: Statement

        mutating func addStatement(_ bytes: Span<UInt8>, _ event: inout EventWriter) {
            if let usedDatabase { addOnce(database, bytes, usedDatabase, &event) }
            if let timestamp, !event.setTime(bytes, timestamp, [.epoch]) {
                event.event.reasons.insert(.badTime)
            }
            var stop = end
            while stop > statement, bytes[stop &- 1] == 0x0A || bytes[stop &- 1] == 0x0D { stop &-= 1 }
            if stop > statement {
                event.add(query, bytes, statement..<stop)
            } else {
                event.event.reasons.insert(.cut)
            }
        }

        // MARK: Lines

        /// The line at `at`, without what ends it.
        private static func line(_ bytes: Span<UInt8>, _ at: Int, _ end: Int) -> Range<Int> {
            var stop = bytes.find(0x0A, from: at, to: end)
            if stop > at, bytes[stop &- 1] == 0x0D { stop &-= 1 }
            return at..<stop
        }

        private static func nextLine(_ bytes: Span<UInt8>, _ at: Int, _ end: Int) -> Int {
            min(bytes.find(0x0A, from: at, to: end) &+ 1, end)
        }

        /// The key at `at`: a word with a colon and a blank, or the end, behind it.
        private static func key(_ bytes: Span<UInt8>, _ at: Int, _ end: Int) -> Range<Int>? {
            guard at < end, isLetter(bytes[at]) else { return nil }
            var stop = at
            while stop < end,
                isLetter(bytes[stop]) || isDigit(bytes[stop]) || bytes[stop] == UInt8(ascii: "_")
            {
                stop &+= 1
            }
            guard stop < end, bytes[stop] == UInt8(ascii: ":"),
                stop &+ 1 == end || bytes[stop &+ 1] == UInt8(ascii: " ")
            else { return nil }
            return at..<stop
        }

        /// A name without the backticks that may stand around it.
        private static func unquoted(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Range<Int> {
            guard range.count > 2, bytes[range.lowerBound] == UInt8(ascii: "`"),
                bytes[range.upperBound &- 1] == UInt8(ascii: "`")
            else { return range }
            return range.lowerBound &+ 1..<range.upperBound &- 1
        }
    }
}

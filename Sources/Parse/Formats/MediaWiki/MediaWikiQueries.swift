/// The texts of MediaWiki's database classes.
enum MediaWikiQueries {
    private static let code = FieldID(named: "error_code"), message = FieldID(named: "error_message")
    private static let function = FieldID(named: "function"), query = FieldID(named: "query")
    private static let host = FieldID(named: "db_host"), user = FieldID(named: "db_user")
    private static let time = FieldID(named: "query_time")

    /// Takes apart what DBQueryError says: `Error 1146: text⏎Function: f⏎Query: sql⏎`, up to 1.32
    /// `Query: sql⏎Function: f⏎Error: 1146 text (host)`.
    static func readError(_ bytes: Span<UInt8>, _ range: Range<Int>, _ event: inout EventWriter) {
        let start = range.lowerBound
        let end = range.upperBound
        if bytes.has("Error ", at: start, to: end) {
            let number = digits(bytes, start &+ 6, end)
            guard !number.isEmpty, bytes.has(": ", at: number.upperBound, to: end) else { return }
            event.add(code, bytes, number)
            guard let function = bytes.find("\nFunction: ", from: number.upperBound, to: end),
                let query = bytes.find("\nQuery: ", from: function &+ 11, to: end)
            else { return }
            event.add(Self.function, bytes, function &+ 11..<query)
            event.add(Self.query, bytes, query &+ 8..<trimmed(bytes, query &+ 8, end))
        } else if bytes.has("Query: ", at: start, to: end),
            let function = bytes.find("\nFunction: ", from: start, to: end),
            let error = bytes.find("\nError: ", from: function, to: end)
        {
            event.add(query, bytes, start &+ 7..<function)
            event.add(Self.function, bytes, function &+ 11..<error)
            let number = digits(bytes, error &+ 8, end)
            if !number.isEmpty { event.add(code, bytes, number) }
            let last = trimmed(bytes, error, end)
            if bytes[last &- 1] == UInt8(ascii: ")"),
                let open = bytes.findLast(" (", from: number.upperBound, to: last)
            {
                event.add(host, bytes, open &+ 2..<last &- 1)
            }
        }
    }

    /// Reads a line of the channels DBQuery and DBConnection, or of the log of database errors.
    ///
    /// Returns the channel; nil, with nothing added, where it is none of them.
    static func read(_ bytes: Span<UInt8>, _ range: Range<Int>, _ event: inout EventWriter) -> StaticString? {
        let start = range.lowerBound
        let end = range.upperBound
        if bytes.has("Error connecting to ", at: start, to: end) {
            return readFailure(&event) { readConnectError(bytes, start &+ 20, end, &$0) }
        }
        if bytes.has("Error ", at: start, to: end) {
            return readFailure(&event) { readQueryError(bytes, start &+ 6, end, &$0) }
        }
        if readFailure(&event, { readTabbed(bytes, range, &$0) ? "DBQuery" : nil }) != nil {
            return "DBQuery"
        }
        return readQuery(bytes, range, &event) ? "DBQuery" : nil
    }

    /// Reads a line of something that failed, which MediaWiki logs as an error.
    private static func readFailure(
        _ event: inout EventWriter, _ read: (inout EventWriter) -> StaticString?
    ) -> StaticString? {
        guard let channel = read(&event) else { return nil }
        event.raise(to: 3)
        return channel
    }

    /// Reads `Error connecting to db1 as user wp: :real_connect(): (HY000/2002): text`.
    private static func readConnectError(
        _ bytes: Span<UInt8>, _ start: Int, _ end: Int, _ event: inout EventWriter
    ) -> StaticString? {
        guard let colon = bytes.find(": ", from: start, to: end) else { return nil }
        if let user = bytes.find(" as user ", from: start, to: colon) {
            event.add(host, bytes, start..<user)
            event.add(self.user, bytes, user &+ 9..<colon)
        } else {
            event.add(host, bytes, start..<colon)
        }
        event.addSpan(message, bytes, colon &+ 2..<end)
        // The number of mysqli stands behind the SQLSTATE.
        if let state = bytes.find("(HY", from: colon, to: end) {
            let slash = bytes.find(UInt8(ascii: "/"), from: state, to: min(end, state &+ 8))
            let number = bytes.has("/", at: slash, to: end) ? digits(bytes, slash &+ 1, end) : 0..<0
            if !number.isEmpty { event.add(code, bytes, number) }
        }
        return "DBConnection"
    }

    /// `Error 1146 from Class::function, text SELECT … host`: one line, a line feed of the query is `\n` in
    /// it.
    private static func readQueryError(
        _ bytes: Span<UInt8>, _ start: Int, _ end: Int, _ event: inout EventWriter
    ) -> StaticString? {
        let number = digits(bytes, start, end)
        guard !number.isEmpty, bytes.has(" from ", at: number.upperBound, to: end),
            let comma = bytes.find(", ", from: number.upperBound &+ 6, to: end)
        else { return nil }
        event.add(code, bytes, number)
        event.add(function, bytes, number.upperBound &+ 6..<comma)
        let text = comma &+ 2
        let blank = bytes.findLast(" ", from: text, to: end)
        guard let blank, let statement = statement(bytes, text, blank) else {
            event.add(message, bytes, text..<end)
            return "DBQuery"
        }
        event.add(message, bytes, text..<statement &- 1)
        event.add(query, bytes, statement..<blank)
        event.add(host, bytes, blank &+ 1..<end)
        return "DBQuery"
    }

    /// `function⇥host⇥number⇥text⇥query⇥`, as up to 1.34.
    private static func readTabbed(_ bytes: Span<UInt8>, _ range: Range<Int>, _ event: inout EventWriter)
        -> Bool
    {
        let end = range.upperBound
        let first = bytes.find(0x09, from: range.lowerBound, to: end)
        guard first < end else { return false }
        let second = bytes.find(0x09, from: first &+ 1, to: end)
        guard second < end else { return false }
        let number = digits(bytes, second &+ 1, end)
        guard !number.isEmpty, number.upperBound < end, bytes[number.upperBound] == 0x09 else { return false }
        let text = number.upperBound &+ 1
        let third = bytes.find(0x09, from: text, to: end)
        event.add(function, bytes, range.lowerBound..<first)
        event.add(host, bytes, first &+ 1..<second)
        event.add(code, bytes, number)
        event.add(message, bytes, text..<third)
        if third < end {
            let statement = third &+ 1
            event.add(query, bytes, statement..<bytes.find(0x09, from: statement, to: end))
        }
        return true
    }

    /// Reads `Class::function [0.002s] host: SELECT …`.
    private static func readQuery(_ bytes: Span<UInt8>, _ range: Range<Int>, _ event: inout EventWriter)
        -> Bool
    {
        let end = range.upperBound
        guard let open = bytes.find(" [", from: range.lowerBound, to: min(end, range.lowerBound &+ 400))
        else {
            return false
        }
        var at = open &+ 2
        while at < end,
            isDigit(bytes[at]) || bytes[at] == UInt8(ascii: ".") || bytes[at] == UInt8(ascii: "E")
                || bytes[at] == UInt8(ascii: "-")
        {
            at &+= 1
        }
        guard at > open &+ 2, bytes.has("s] ", at: at, to: end),
            let colon = bytes.find(": ", from: at &+ 3, to: end),
            bytes.find(UInt8(ascii: " "), from: at &+ 3, to: colon) == colon
        else { return false }
        event.add(function, bytes, range.lowerBound..<open)
        event.add(time, bytes, open &+ 2..<at)
        event.add(host, bytes, at &+ 3..<colon)
        event.add(query, bytes, colon &+ 2..<trimmed(bytes, colon &+ 2, end))
        return true
    }

    /// Where a statement begins: the first verb of SQL in capitals behind a blank.
    private static func statement(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) -> Int? {
        var first: Int?
        for verb: StaticString in [
            " SELECT ", " INSERT ", " UPDATE ", " DELETE ", " REPLACE ", " SET ", " SHOW ", " BEGIN",
            " COMMIT",
            " ROLLBACK", " CREATE ", " ALTER ", " DROP ", " EXPLAIN ", " LOCK ", " UNLOCK ", " TRUNCATE ",
            " SAVEPOINT ", " RELEASE ", " START ", " (SELECT ", " /*",
        ] {
            if let at = bytes.find(verb, from: start, to: first ?? end) { first = at }
        }
        return first.map { $0 &+ 1 }
    }

    static func digits(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) -> Range<Int> {
        var at = start
        while at < end, isDigit(bytes[at]) { at &+= 1 }
        return start..<max(start, at)
    }

    private static func trimmed(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) -> Int {
        var end = end
        while end > start, bytes[end &- 1] == 0x0A || bytes[end &- 1] == UInt8(ascii: " ") { end &-= 1 }
        return end
    }
}

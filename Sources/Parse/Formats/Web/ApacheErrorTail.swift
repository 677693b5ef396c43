/// What stands behind `[module:level] [pid …] ` of an Apache error line (do_errorlog_default in server/log.c; of
/// 2.2, log_error_core): perhaps the source, the error of the system, the client, then the message.
///
///     mod_proxy.c(1234): (111)Connection refused: [client 10.0.0.1:48060] AH00957: http: attempt to …, referer: …
///
/// The message is all that is behind the head, or behind the client where that comes first. Apache escapes control
/// characters and backslashes, but no quotes and no commas: the referrer is told from the right.
enum ApacheErrorTail {
    private static let port = FieldID(named: "client_port")
    private static let code = FieldID(named: "error_code"), referrer = FieldID(named: "referrer")
    private static let osError = FieldID(named: "os_error"), osMessage = FieldID(named: "os_message")
    private static let file = FieldID(named: "file"), fileLine = FieldID(named: "file_line")

    @Sendable
    static func read(_ bytes: Span<UInt8>, _ range: Range<Int>, _ event: inout EventWriter) -> Bool {
        let tail = findReferrer(bytes, range)
        let end = tail?.start ?? range.upperBound
        var at = range.lowerBound
        var hasClient = false
        if let address = Client(bytes, at, end) {
            add(address, bytes, &event)
            at = address.end
            hasClient = true
        }
        event.addSpan(.message, bytes, at..<end)
        if let source = Source(bytes, at, end) {
            event.add(file, bytes, source.file)
            event.add(fileLine, bytes, source.line)
            at = source.end
        }
        // 2.2 has the client before the error, 2.4 behind it.
        if let error = SystemError(bytes, at, end) {
            event.add(osError, bytes, error.number)
            event.add(osMessage, bytes, error.text)
            at = error.end
        }
        // ModSecurity repeats it.
        if !hasClient, let address = Client(bytes, at, end) {
            add(address, bytes, &event)
            at = address.end
        }
        if isCode(bytes, at, end) {
            event.add(code, bytes, at..<at &+ 7)
            at = bytes.skipBlanks(from: at &+ 8, to: end)
        }
        if !addLogin(bytes, at..<end, &event) { addOutput(bytes, at..<end, &event) }
        if let value = tail?.value { event.add(referrer, bytes, value) }
        return true
    }

    /// What stands before and behind the name of somebody who was not let in: mod_auth_basic, mod_auth_digest (whose
    /// names stand in quotes), mod_authnz_ldap.
    private static let refusals: [(before: StaticString, behind: StaticString, method: StaticString)] = [
        ("user `", "' in realm `", "digest"), ("user `", "': password mismatch: ", "digest"),
        ("user ", ": authentication failure for \"", "basic"), ("user ", " not found: /", "basic"),
        ("user ", ": password mismatch: ", "digest"),
        ("auth_ldap authenticate: user ", " authentication failed; URI ", "basic"),
    ]

    /// Adds the user of `user alice: authentication failure for "/secret": Password Mismatch` and its like.
    private static func addLogin(
        _ bytes: Span<UInt8>, _ text: Range<Int>, _ event: inout EventWriter
    ) -> Bool {
        for item in refusals where bytes.has(item.before, at: text.lowerBound, to: text.upperBound) {
            let start = text.lowerBound &+ item.before.utf8CodeUnitCount
            guard let end = bytes.find(item.behind, from: start, to: text.upperBound) else { continue }
            event.add(.user, bytes, start..<end, readable: .backslash)
            event.addLogin(isAccepted: false, by: item.method)
            return true
        }
        return false
    }

    /// Adds the error of PHP that `Got error 'PHP message: …'` (mod_proxy_fcgi) passes on, or that PHP itself writes
    /// (mod_php).
    ///
    /// The worse of both levels counts.
    private static func addOutput(_ bytes: Span<UInt8>, _ text: Range<Int>, _ event: inout EventWriter) {
        let start = text.lowerBound
        let level = event.event.severity
        var isRead = false
        if bytes.has("PHP ", at: start, to: text.upperBound) {
            isRead = event.read(bytes, text, unescaping: .backslash, PHPError.read)
        } else if bytes.has("Got error 'PHP message: ", at: start, to: text.upperBound) {
            let end = bytes.findLast("'", from: start &+ 11, to: text.upperBound) ?? text.upperBound
            isRead = event.read(bytes, start &+ 11..<end, unescaping: .backslash, PHPError.readOutput)
        }
        if isRead { event.raise(to: level) }
    }

    private static func add(_ address: Client, _ bytes: Span<UInt8>, _ event: inout EventWriter) {
        event.addClient(bytes, address.address)
        if let range = address.port { event.add(port, bytes, range) }
    }

    /// Where `, referer: ` begins, and what it says, if that is more than `-`.
    private static func findReferrer(
        _ bytes: Span<UInt8>, _ range: Range<Int>
    ) -> (start: Int, value: Range<Int>?)? {
        guard let start = bytes.findLast(", referer: ", from: range.lowerBound, to: range.upperBound) else {
            return nil
        }
        let value = start &+ 11..<range.upperBound
        let isNull = value.isEmpty || value.count == 1 && bytes[value.lowerBound] == UInt8(ascii: "-")
        return (start, isNull ? nil : value)
    }

    /// Whether the number of a message stands there: `AH01234:`.
    private static func isCode(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) -> Bool {
        guard bytes.has("AH", at: start, to: end), end &- start > 7, bytes[start &+ 7] == UInt8(ascii: ":")
        else { return false }
        for index in start &+ 2..<start &+ 7 where !isDigit(bytes[index]) { return false }
        return true
    }

    /// `[client 10.0.0.1:48060] `, or `[remote …] ` of a server behind a proxy; without port in 2.2.
    private struct Client {
        let address: Range<Int>
        let port: Range<Int>?
        /// The offset behind it.
        let end: Int

        init?(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) {
            guard bytes.has("[client ", at: start, to: end) || bytes.has("[remote ", at: start, to: end)
            else { return nil }
            let from = start &+ 8
            let close = bytes.find(UInt8(ascii: "]"), from: from, to: min(end, from &+ 128))
            guard close < end, bytes[close] == UInt8(ascii: "]"), close > from else { return nil }
            self.end = bytes.skipBlanks(from: close &+ 1, to: end)
            guard let colon = Self.portColon(bytes, from, close) else {
                address = from..<close
                port = nil
                return
            }
            address = from..<colon
            port = colon &+ 1..<close
        }

        /// The colon before the port.
        ///
        /// An address of version 6 stands without brackets, so its last group may look like one. It is none
        /// behind a single colon that would end the address, or where eight groups are there without it.
        private static func portColon(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) -> Int? {
            var at = end
            while at > start, isDigit(bytes[at &- 1]) { at &-= 1 }
            let colon = at &- 1
            guard at < end, end &- at <= 5, colon > start, bytes[colon] == UInt8(ascii: ":") else {
                return nil
            }
            var colons = 0
            var isShort = false
            for index in start..<colon where bytes[index] == UInt8(ascii: ":") {
                colons &+= 1
                if index > start, bytes[index &- 1] == UInt8(ascii: ":") { isShort = true }
            }
            guard colons > 0 else { return colon }
            if bytes[colon &- 1] == UInt8(ascii: ":") {
                return colon &- start >= 2 && bytes[colon &- 2] == UInt8(ascii: ":") ? colon : nil
            }
            return isShort || colons >= 7 ? colon : nil
        }
    }

    /// `mod_rewrite.c(482): `, in lines of level debug and below.
    private struct Source {
        let file: Range<Int>
        let line: Range<Int>
        let end: Int

        init?(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) {
            let open = bytes.find(UInt8(ascii: "("), from: start, to: min(end, start &+ 80))
            guard open < end, open &- start > 2, bytes[open] == UInt8(ascii: "(") else { return nil }
            for index in start..<open where bytes[index] == UInt8(ascii: " ") { return nil }
            var at = open &+ 1
            while at < end, isDigit(bytes[at]) { at &+= 1 }
            guard at > open &+ 1, bytes.has("): ", at: at, to: end),
                bytes.find(UInt8(ascii: "."), from: start, to: open) < open
            else { return nil }
            file = start..<open
            line = open &+ 1..<at
            self.end = at &+ 3
        }
    }

    /// `(111)Connection refused: `, also `(EAI 2)…` and `(OS 10061)…`.
    private struct SystemError {
        let number: Range<Int>
        let text: Range<Int>
        let end: Int

        init?(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) {
            guard start < end, bytes[start] == UInt8(ascii: "(") else { return nil }
            let close = bytes.find(UInt8(ascii: ")"), from: start, to: min(end, start &+ 24))
            guard close < end, bytes[close] == UInt8(ascii: ")"), close &- start > 1,
                isDigit(bytes[close &- 1]),
                let colon = bytes.find(": ", from: close &+ 1, to: end), colon > close &+ 1
            else { return nil }
            number = start &+ 1..<close
            text = close &+ 1..<colon
            self.end = colon &+ 2
        }
    }
}

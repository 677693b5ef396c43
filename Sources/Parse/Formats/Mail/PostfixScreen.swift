/// Messages of postscreen and tlsproxy, which begin with words in capitals.
enum PostfixScreen {
    private static let access = FieldID(named: "screen_access")
    private static let violation = FieldID(named: "screen_violation")
    private static let time = FieldID(named: "screen_time"), rank = FieldID(named: "dnsbl_rank")
    private static let stage = FieldID(named: "smtp_stage"), smtpData = FieldID(named: "smtp_data")
    private static let serverIP = FieldID(named: "server_ip"), serverPort = FieldID(named: "server_port")
    private static let serverHost = FieldID(named: "dst_host")

    private static let accesses: [StaticString] = [
        "PASS OLD", "PASS NEW", "WHITELISTED", "BLACKLISTED", "ALLOWLISTED", "DENYLISTED", "WHITELIST VETO",
        "ALLOWLIST VETO",
    ]
    private static let violations: [StaticString] = [
        "PREGREET", "HANGUP", "DNSBL", "COMMAND TIME LIMIT", "COMMAND COUNT LIMIT", "COMMAND LENGTH LIMIT",
        "COMMAND PIPELINING", "NON-SMTP COMMAND", "BARE NEWLINE",
    ]

    static func read(_ bytes: Span<UInt8>, _ text: Range<Int>, _ event: inout EventWriter) -> Bool {
        let end = text.upperBound
        let start = text.lowerBound
        if bytes.has("CONNECT from ", at: start, to: end) {
            return readConnect(bytes, start &+ 13..<end, &event)
        }
        if bytes.has("DISCONNECT ", at: start, to: end),
            let peer = PostfixPeer(bytes, at: start &+ 11, to: end)
        {
            peer.addClient(bytes, &event)
            event.addUnnamed(bytes, peer.end..<end)
            return true
        }
        if let word = accesses.first(where: { bytes.has($0, at: start, to: end) }) {
            let wordEnd = start &+ word.utf8CodeUnitCount
            guard bytes.has(" ", at: wordEnd, to: end),
                let peer = PostfixPeer(bytes, at: wordEnd &+ 1, to: end)
            else { return false }
            event.add(access, bytes, start..<wordEnd)
            peer.addClient(bytes, &event)
            event.addUnnamed(bytes, peer.end..<end)
            return true
        }
        guard let word = violations.first(where: { bytes.has($0, at: start, to: end) }) else { return false }
        return readViolation(bytes, text, start &+ word.utf8CodeUnitCount, &event)
    }

    /// Reads `[ADDRESS]:PORT to [ADDRESS]:PORT`.
    private static func readConnect(
        _ bytes: Span<UInt8>, _ text: Range<Int>, _ event: inout EventWriter
    ) -> Bool {
        guard let peer = PostfixPeer(bytes, at: text.lowerBound, to: text.upperBound) else { return false }
        peer.addClient(bytes, &event)
        var rest = peer.end
        if bytes.has(" to ", at: rest, to: text.upperBound),
            let server = PostfixPeer(bytes, at: rest &+ 4, to: text.upperBound)
        {
            server.add(bytes, serverHost, serverIP, serverPort, &event)
            rest = server.end
        }
        event.addUnnamed(bytes, rest..<text.upperBound)
        return true
    }

    /// Reads ` 6 after 1.2 from PEER: text`, ` rank 3 for PEER`, ` from PEER after STAGE: text`.
    private static func readViolation(
        _ bytes: Span<UInt8>, _ text: Range<Int>, _ wordEnd: Int, _ event: inout EventWriter
    ) -> Bool {
        let end = text.upperBound
        let isRank = bytes.has(" rank ", at: wordEnd, to: end)
        let key =
            isRank
            ? bytes.find(" for ", from: wordEnd, to: end) : bytes.find(" from ", from: wordEnd, to: end)
        guard let key, let peer = PostfixPeer(bytes, at: key &+ (isRank ? 5 : 6), to: end) else {
            return false
        }
        event.add(violation, bytes, text.lowerBound..<wordEnd)
        if isRank {
            event.add(rank, bytes, wordEnd &+ 6..<key)
        } else if let after = bytes.find(" after ", from: wordEnd, to: key) {
            event.addUnnamed(bytes, wordEnd..<after)
            event.add(time, bytes, after &+ 7..<key)
        }
        peer.addClient(bytes, &event)
        var at = peer.end
        if bytes.has(" after ", at: at, to: end) {
            let stageEnd = bytes.find(": ", from: at, to: end) ?? end
            event.add(stage, bytes, at &+ 7..<max(at &+ 7, stageEnd))
            at = max(at &+ 7, stageEnd)
        }
        if bytes.has(": ", at: at, to: end) {
            event.add(smtpData, bytes, at &+ 2..<end)
        } else {
            event.addUnnamed(bytes, at..<end)
        }
        return true
    }
}

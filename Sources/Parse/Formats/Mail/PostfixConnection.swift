/// What smtpd, smtp, lmtp, tlsproxy, master, bounce and postsuper say of connections and messages.
enum PostfixConnection {
    private static let lost = FieldID(named: "lost_connection"), lostWhile = FieldID(named: "lost_while")
    private static let stage = FieldID(named: "smtp_stage"), response = FieldID(named: "smtp_response")
    private static let smtpData = FieldID(named: "smtp_data"), commands = FieldID(named: "commands")
    private static let keywords = FieldID(named: "ehlo_keywords"), tlsError = FieldID(named: "tls_error")
    private static let workaround = FieldID(named: "pix_workaround"), version = FieldID(named: "version")
    private static let bounceID = FieldID(named: "bounce_queue_id"), signal = FieldID(named: "signal")
    private static let configuration = FieldID(named: "config_path")
    private static let postsuper = FieldID(named: "postsuper_action")

    private enum Kind {
        /// `NAME[ADDRESS]` of a client, and perhaps counters.
        case client
        /// `STAGE from NAME[ADDRESS][: data]`
        case after
        /// `NAME[ADDRESS]:PORT: reason`
        case failedTarget
        case verification
        case saidBy
        case workarounds
        case whole(FieldID)
        case start
        case bounce
    }

    private static let beginnings: [(text: StaticString, kind: Kind)] = [
        ("connect from ", .client), ("disconnect from ", .client),
        ("setting up TLS connection from ", .client),
        ("connect to ", .failedTarget), ("SSL_connect error to ", .failedTarget),
        ("improper command pipelining after ", .after),
        ("certificate verification failed for ", .verification),
        ("server certificate verification failed for ", .verification), ("host ", .saidBy),
        ("enabling PIX workarounds: ", .workarounds), ("discarding EHLO keywords: ", .whole(keywords)),
        ("daemon started -- version ", .start), ("reload -- version ", .start),
        ("terminating on signal ", .whole(signal)), ("sender ", .bounce), ("postmaster ", .bounce),
    ]
    private static let done: [StaticString] = [
        "removed", "requeued", "placed on hold", "released from hold", "expired", "force-expired",
    ]

    static func read(_ bytes: Span<UInt8>, _ text: Range<Int>, _ event: inout EventWriter) -> Bool {
        let end = text.upperBound
        if let word = done.first(where: { bytes.has($0, at: text.lowerBound, to: end) }),
            word.utf8CodeUnitCount == text.count
        {
            event.add(postsuper, bytes, text)
            return true
        }
        guard let item = beginnings.first(where: { bytes.has($0.text, at: text.lowerBound, to: end) }) else {
            return readLost(bytes, text, &event) || PostfixTLS.read(bytes, text, &event)
        }
        let rest = text.lowerBound &+ item.text.utf8CodeUnitCount..<end
        switch item.kind {
        case .client:
            guard let peer = PostfixPeer(bytes, at: rest.lowerBound, to: end) else { return false }
            peer.addClient(bytes, &event)
            if bytes.has(" ", at: peer.end, to: end) {
                event.add(commands, bytes, peer.end &+ 1..<end)
            } else {
                event.addUnnamed(bytes, peer.end..<end)
            }
            return true
        case .after: return readAfter(bytes, rest, &event)
        case .failedTarget: return readTarget(bytes, rest, lost, &event)
        case .verification: return readTarget(bytes, rest, tlsError, &event)
        case .saidBy: return readSaid(bytes, rest, &event)
        case .workarounds:
            guard let key = bytes.findLast(" for ", from: rest.lowerBound, to: end),
                let peer = PostfixPeer(bytes, at: key &+ 5, to: end)
            else { return false }
            event.add(workaround, bytes, rest.lowerBound..<key)
            peer.addTarget(bytes, &event)
            return true
        case .whole(let field):
            event.add(field, bytes, rest)
            return true
        case .start:
            let comma = bytes.find(UInt8(ascii: ","), from: rest.lowerBound, to: end)
            event.add(version, bytes, rest.lowerBound..<comma)
            if bytes.has(", configuration ", at: comma, to: end) {
                event.add(configuration, bytes, comma &+ 16..<end)
            } else {
                event.addUnnamed(bytes, comma..<end)
            }
            return true
        case .bounce:
            guard let key = bytes.find(" notification: ", from: rest.lowerBound, to: end),
                Postfix.idEnd(bytes, key &+ 15, end) == end
            else { return false }
            event.add(bounceID, bytes, key &+ 15..<end)
            return true
        }
    }

    /// Reads `STAGE[ (n bytes)] from NAME[ADDRESS][: text]` behind ` after `.
    private static func readAfter(
        _ bytes: Span<UInt8>, _ text: Range<Int>, _ event: inout EventWriter
    ) -> Bool {
        let end = text.upperBound
        guard let from = bytes.find(" from ", from: text.lowerBound, to: end),
            let peer = PostfixPeer(bytes, at: from &+ 6, to: end)
        else { return false }
        let stageEnd = bytes.find(" (", from: text.lowerBound, to: from) ?? from
        event.add(stage, bytes, text.lowerBound..<stageEnd)
        event.addUnnamed(bytes, stageEnd..<from)
        peer.addClient(bytes, &event)
        if bytes.has(": ", at: peer.end, to: end) {
            event.add(smtpData, bytes, peer.end &+ 2..<end)
        } else {
            event.addUnnamed(bytes, peer.end..<end)
        }
        return true
    }

    private static func readTarget(
        _ bytes: Span<UInt8>, _ text: Range<Int>, _ field: FieldID, _ event: inout EventWriter
    ) -> Bool {
        let end = text.upperBound
        guard let peer = PostfixPeer(bytes, at: text.lowerBound, to: end),
            bytes.has(": ", at: peer.end, to: end)
        else { return false }
        peer.addTarget(bytes, &event)
        event.add(field, bytes, peer.end &+ 2..<end)
        return true
    }

    /// Reads `NAME[ADDRESS] said: 450 4.1.8 text (in reply to RCPT TO command)`.
    private static func readSaid(
        _ bytes: Span<UInt8>, _ text: Range<Int>, _ event: inout EventWriter
    ) -> Bool {
        let end = text.upperBound
        guard let peer = PostfixPeer(bytes, at: text.lowerBound, to: end) else { return false }
        let start: Int
        if bytes.has(" said: ", at: peer.end, to: end) {
            start = peer.end &+ 7
        } else if bytes.has(" refused to talk to me: ", at: peer.end, to: end) {
            start = peer.end &+ 24
        } else {
            return false
        }
        peer.addTarget(bytes, &event)
        if let reply = bytes.findLast(" (in reply to ", from: start, to: end),
            let word = bytes.findLast(" command)", from: reply &+ 14, to: end)
        {
            event.add(response, bytes, start..<reply)
            event.add(stage, bytes, reply &+ 14..<word)
            event.addUnnamed(bytes, word &+ 9..<end)
        } else {
            event.add(response, bytes, start..<end)
        }
        return true
    }

    private static let losses: [StaticString] = [
        "lost connection", "timeout", "too many errors", "SSL_accept error", "SSL_accept", "conversation",
        "Connection timed out", "Connection refused", "No route to host", "Network is unreachable",
    ]

    /// Reads `lost connection after STAGE from NAME[ADDRESS]` (smtpd) and
    /// `lost connection with NAME[ADDRESS] while REASON` (smtp).
    private static func readLost(
        _ bytes: Span<UInt8>, _ text: Range<Int>, _ event: inout EventWriter
    ) -> Bool {
        let end = text.upperBound
        guard let word = losses.first(where: { bytes.has($0, at: text.lowerBound, to: end) }) else {
            return false
        }
        let wordEnd = text.lowerBound &+ word.utf8CodeUnitCount
        let what = text.lowerBound..<wordEnd
        if bytes.has(" after ", at: wordEnd, to: end) {
            event.add(lost, bytes, what)
            return readAfter(bytes, wordEnd &+ 7..<end, &event)
        }
        if bytes.has(" with ", at: wordEnd, to: end), let peer = PostfixPeer(bytes, at: wordEnd &+ 6, to: end)
        {
            guard let key = bytes.find(" while ", from: peer.end, to: end) else { return false }
            // `conversation with … timed out while …`
            if word.utf8CodeUnitCount != 12 { event.add(lost, bytes, what) }
            peer.addTarget(bytes, &event)
            event.addUnnamed(bytes, peer.end..<key)
            event.add(lostWhile, bytes, key &+ 7..<end)
            return true
        }
        guard bytes.has(" from ", at: wordEnd, to: end),
            let peer = PostfixPeer(bytes, at: wordEnd &+ 6, to: end)
        else { return false }
        event.add(lost, bytes, what)
        peer.addClient(bytes, &event)
        if bytes.has(": ", at: peer.end, to: end) {
            event.add(lostWhile, bytes, peer.end &+ 2..<end)
        } else {
            event.addUnnamed(bytes, peer.end..<end)
        }
        return true
    }
}

/// What Postfix says of TLS.
///
///     Trusted TLS connection established to NAME[ADDRESS]:25: TLSv1.3 with cipher NAME (256/256 bits) …
enum PostfixTLS {
    private static let trust = FieldID(named: "tls_trust"), version = FieldID(named: "tls_version")
    private static let cipher = FieldID(named: "tls_cipher"), bits = FieldID(named: "tls_cipher_bits")
    private static let exchange = FieldID(named: "tls_key_exchange")
    private static let signature = FieldID(named: "tls_signature")
    private static let signatureBits = FieldID(named: "tls_signature_bits")
    private static let curve = FieldID(named: "tls_signature_curve"), digest = FieldID(named: "tls_digest")

    static func read(_ bytes: Span<UInt8>, _ text: Range<Int>, _ event: inout EventWriter) -> Bool {
        let end = text.upperBound
        let word = bytes.find(UInt8(ascii: " "), from: text.lowerBound, to: min(end, text.lowerBound &+ 16))
        guard bytes.has(" TLS connection ", at: word, to: end) else { return false }
        var at = bytes.find(UInt8(ascii: " "), from: word &+ 16, to: end)
        let isTarget = bytes.has(" to ", at: at, to: end)
        guard isTarget || bytes.has(" from ", at: at, to: end) else { return false }
        at &+= isTarget ? 4 : 6
        guard let peer = PostfixPeer(bytes, at: at, to: end),
            let colon = bytes.find(": ", from: peer.end, to: end),
            let key = bytes.find(" with cipher ", from: colon &+ 2, to: end)
        else { return false }
        event.add(trust, bytes, text.lowerBound..<word)
        if isTarget { peer.addTarget(bytes, &event) } else { peer.addClient(bytes, &event) }
        event.addUnnamed(bytes, peer.end..<colon)
        event.add(version, bytes, colon &+ 2..<key)
        let name = key &+ 13
        let nameEnd = bytes.find(UInt8(ascii: " "), from: name, to: end)
        event.add(cipher, bytes, name..<nameEnd)
        at = nameEnd
        if bytes.has(" (", at: at, to: end), let close = bytes.find(" bits)", from: at, to: end) {
            event.add(bits, bytes, at &+ 2..<close)
            at = close &+ 6
        }
        addDetails(bytes, at..<end, &event)
        return true
    }

    /// Adds ` key-exchange X25519 server-signature ECDSA (P-256) server-digest SHA256`.
    private static func addDetails(_ bytes: Span<UInt8>, _ range: Range<Int>, _ event: inout EventWriter) {
        var at = range.lowerBound
        while at < range.upperBound {
            let start = at &+ 1
            let wordEnd = bytes.find(
                UInt8(ascii: " "), from: min(start, range.upperBound), to: range.upperBound)
            guard wordEnd < range.upperBound else { break }
            let value = wordEnd &+ 1
            var valueEnd = bytes.find(UInt8(ascii: " "), from: value, to: range.upperBound)
            if bytes.has("key-exchange", at: start, to: wordEnd) {
                event.add(exchange, bytes, value..<valueEnd)
                valueEnd = addExtra(bytes, valueEnd, range.upperBound, isShown: false, &event)
            } else if bytes.has("server-signature", at: start, to: wordEnd) {
                event.add(signature, bytes, value..<valueEnd)
                valueEnd = addExtra(bytes, valueEnd, range.upperBound, isShown: true, &event)
            } else if bytes.has("server-digest", at: start, to: wordEnd) {
                event.add(digest, bytes, value..<valueEnd)
            } else {
                break
            }
            at = valueEnd
        }
        event.addUnnamed(bytes, min(at, range.upperBound)..<range.upperBound)
    }

    /// Adds ` (4096 bits)` or ` (P-256)`, and returns the offset behind it.
    private static func addExtra(
        _ bytes: Span<UInt8>, _ at: Int, _ end: Int, isShown: Bool, _ event: inout EventWriter
    ) -> Int {
        guard bytes.has(" (", at: at, to: end) else { return at }
        let close = bytes.find(UInt8(ascii: ")"), from: at, to: end)
        guard close < end else { return at }
        if !isShown {
            event.addUnnamed(bytes, at &+ 2..<close)
        } else if let key = bytes.find(" bits", from: at &+ 2, to: close) {
            event.add(signatureBits, bytes, at &+ 2..<key)
        } else {
            event.add(curve, bytes, at &+ 2..<close)
        }
        return close &+ 1
    }
}

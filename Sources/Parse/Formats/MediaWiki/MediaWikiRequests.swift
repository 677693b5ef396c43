/// The channels `api`, `api-feature-usage` and `http`.
enum MediaWikiRequests {
    private static let user = FieldID(named: "user"), client = FieldID(named: "client_ip")
    private static let duration = FieldID(named: "duration"), feature = FieldID(named: "feature")
    private static let referrer = FieldID(named: "referrer"), agent = FieldID(named: "agent")
    private static let url = FieldID(named: "url"), status = FieldID(named: "status")

    /// `API POST user ip T=13ms action=edit title=…` (`ApiMain::logRequest`).
    ///
    /// Names and values are percent-encoded, and blanks of names are `_`. The user of a request without a
    /// session is its address.
    static func readAPI(_ bytes: Span<UInt8>, _ range: Range<Int>, _ event: inout EventWriter) -> Bool {
        let end = range.upperBound
        let blank = UInt8(ascii: " ")
        let method = range.lowerBound &+ 4..<bytes.find(blank, from: range.lowerBound &+ 4, to: end)
        for index in method where !isLetter(bytes[index]) { return false }
        guard !method.isEmpty, method.upperBound < end else { return false }
        let name = method.upperBound &+ 1..<bytes.find(blank, from: method.upperBound &+ 1, to: end)
        guard name.upperBound < end else { return false }
        let address = name.upperBound &+ 1..<bytes.find(blank, from: name.upperBound &+ 1, to: end)
        guard bytes.has("T=", at: min(end, address.upperBound &+ 1), to: end) else { return false }
        let time = MediaWikiQueries.digits(bytes, address.upperBound &+ 3, end)
        guard !time.isEmpty, bytes.has("ms", at: time.upperBound, to: end) else { return false }
        event.add(.method, bytes, method)
        addUser(bytes, name, &event)
        event.add(client, bytes, address)
        event.addMilliseconds(duration, bytes, time)
        let parameters = time.upperBound &+ 2..<end
        return event.readPairs(bytes, parameters, GenericBody.mediaWikiParameters)
    }

    private static func addUser(_ bytes: Span<UInt8>, _ range: Range<Int>, _ event: inout EventWriter) {
        let isPlain =
            bytes.find(UInt8(ascii: "%"), from: range.lowerBound, to: range.upperBound) == range.upperBound
            && bytes.find(UInt8(ascii: "_"), from: range.lowerBound, to: range.upperBound) == range.upperBound
        guard !isPlain else { return event.add(user, bytes, range) }
        event.add(user, bytes, range) { bytes, range, text in
            var at = range.lowerBound
            while at < range.upperBound {
                let byte = bytes[at]
                at &+= 1
                if byte == UInt8(ascii: "%"), range.upperBound &- at >= 2,
                    let high = hexadecimal(bytes[at]), let low = hexadecimal(bytes[at &+ 1])
                {
                    text.append(high << 4 | low)
                    at &+= 2
                } else {
                    text.append(byte == UInt8(ascii: "_") ? UInt8(ascii: " ") : byte)
                }
            }
        }
    }

    private static func hexadecimal(_ byte: UInt8) -> UInt8? {
        if isDigit(byte) { return byte &- 48 }
        let letter = (byte | 0x20) &- 97
        return letter < 6 ? letter &+ 10 : nil
    }

    /// `"feature" "user" "ip" "referrer" "agent"`, with a backslash before quotes
    /// (`ApiBase::logFeatureUsage`).
    static func readFeature(_ bytes: Span<UInt8>, _ range: Range<Int>, _ event: inout EventWriter) -> Bool {
        let end = range.upperBound
        var parts = InlineArray<5, Range<Int>>(repeating: 0..<0)
        var at = range.lowerBound
        for index in parts.indices {
            guard at < end, bytes[at] == UInt8(ascii: "\"") else { return false }
            let close = JSONScan.stringEnd(bytes, at &+ 1, end).end
            guard close < end else { return false }
            parts[index] = at &+ 1..<close
            at = close &+ 2
            let isLast = index == parts.count &- 1
            guard isLast ? close == end &- 1 : at <= end && bytes[close &+ 1] == UInt8(ascii: " ") else {
                return false
            }
        }
        for index in parts.indices where !parts[index].isEmpty {
            let field =
                switch index {
                case 0: feature
                case 1: user
                case 2: client
                case 3: referrer
                default: agent
                }
            event.add(field, bytes, parts[index], unescaping: .backslash)
        }
        return true
    }

    /// `HTTP start: GET http://…`, `HTTP complete: GET http://… code=200 size=5 total=0.1 connect=0.01`
    /// (MultiHttpClient).
    static func readHTTP(_ bytes: Span<UInt8>, _ range: Range<Int>, _ event: inout EventWriter) {
        let end = range.upperBound
        guard let colon = bytes.find(": ", from: range.lowerBound, to: end) else { return }
        let method = colon &+ 2..<bytes.find(UInt8(ascii: " "), from: colon &+ 2, to: end)
        guard method.upperBound < end, !method.isEmpty else { return }
        for index in method where !isLetter(bytes[index]) { return }
        let target = method.upperBound &+ 1
        event.add(.method, bytes, method)
        let targetEnd = bytes.find(UInt8(ascii: " "), from: target, to: end)
        event.add(url, bytes, target..<targetEnd)
        guard let code = bytes.find(" code=", from: targetEnd, to: end) else { return }
        let number = MediaWikiQueries.digits(bytes, code &+ 6, end)
        if !number.isEmpty { event.add(status, bytes, number) }
        guard let total = bytes.find(" total=", from: number.upperBound, to: end) else { return }
        let time = total &+ 7..<bytes.find(UInt8(ascii: " "), from: total &+ 7, to: end)
        if GrokType.number.accepts(bytes, time) { event.add(duration, bytes, time) }
    }
}

extension EventWriter {
    /// Adds a whole number of milliseconds as seconds.
    mutating func addMilliseconds(_ field: FieldID, _ bytes: Span<UInt8>, _ range: Range<Int>) {
        guard range.count <= 15 else { return add(field, bytes, range) }
        add(.escaped, bytes, range)
        // Four digits at least: one before the point.
        var text = InlineArray<20, UInt8>(repeating: UInt8(ascii: "0"))
        let zeros = max(0, 4 &- range.count)
        var count = 0
        for digit in 0..<zeros &+ range.count {
            if digit == zeros &+ range.count &- 3 {
                text[count] = UInt8(ascii: ".")
                count &+= 1
            }
            if digit >= zeros { text[count] = bytes[range.lowerBound &+ digit &- zeros] }
            count &+= 1
        }
        addDerived(field, text.span, 0..<count)
    }
}

/// `ADDRESS port N` in a message of sshd; older ones have no port.
struct SSHAddress {
    /// Where the address begins, or ` from ` before it.
    var start: Int
    var address: Range<Int>
    /// Empty where there is none.
    var port: Range<Int>
    var end: Int

    private static let clientPort = FieldID(named: "client_port")
    private static let server = FieldID(named: "dst_ip"), serverPort = FieldID(named: "dst_port")
    /// Places that are looked at, from the right.
    private static let candidates = 16

    /// Reads an address, and a port behind it, at an offset.
    init?(_ bytes: Span<UInt8>, at: Int, to end: Int) {
        start = at
        var next = bytes.find(UInt8(ascii: " "), from: at, to: end)
        let word = next
        // `Received disconnect from 192.0.2.1: 11: …`
        if next > at, bytes[next &- 1] == UInt8(ascii: ":") || bytes[next &- 1] == UInt8(ascii: ",") {
            next &-= 1
        }
        guard next > at, next &- at <= ParseLimits.hostBytes, Self.isName(bytes, at..<next) else {
            return nil
        }
        address = at..<next
        port = next..<next
        self.end = next
        guard word == next, bytes.has(" port ", at: next, to: end) else { return }
        var digit = next &+ 6
        while digit < end, isDigit(bytes[digit]) { digit &+= 1 }
        guard digit > next &+ 6, digit &- next <= 11 else { return }
        port = next &+ 6..<digit
        self.end = digit
    }

    /// Reads the last ` from ADDRESS[ port N]`, with nothing but sshd's ` ssh2` or a colon behind it.
    init?(lastIn bytes: Span<UInt8>, _ range: Range<Int>, needsPort: Bool) {
        var limit = range.upperBound
        for _ in 0..<Self.candidates {
            guard let from = bytes.findLast(" from ", from: range.lowerBound, to: limit) else { return nil }
            if let found = SSHAddress(bytes, at: from &+ 6, to: range.upperBound),
                !needsPort || !found.port.isEmpty
            {
                let end = range.upperBound
                let isEnd =
                    found.end == end || bytes[found.end] == UInt8(ascii: ":")
                    || bytes.has(" ssh", at: found.end, to: end)
                    || bytes.has(" id ", at: found.end, to: end)
                if isEnd {
                    self = found
                    start = from
                    return
                }
            }
            limit = from
        }
        return nil
    }

    /// Reads the last `ADDRESS port N` behind a blank.
    init?(lastPortIn bytes: Span<UInt8>, _ range: Range<Int>) {
        var limit = range.upperBound
        for _ in 0..<Self.candidates {
            guard let key = bytes.findLast(" port ", from: range.lowerBound, to: limit) else { return nil }
            var at = key
            while at > range.lowerBound, bytes[at &- 1] != UInt8(ascii: " ") { at &-= 1 }
            if let found = SSHAddress(bytes, at: at, to: range.upperBound), !found.port.isEmpty,
                found.end == range.upperBound || bytes[found.end] == UInt8(ascii: ":")
            {
                self = found
                return
            }
            limit = key
        }
        return nil
    }

    func add(_ bytes: Span<UInt8>, _ event: inout EventWriter) {
        event.addClient(bytes, address)
        if !port.isEmpty { event.add(Self.clientPort, bytes, port) }
    }

    /// Adds the server's end, as in ` on 192.0.2.1 port 22`, or any other text.
    static func addLocal(_ bytes: Span<UInt8>, _ range: Range<Int>, _ event: inout EventWriter) {
        var rest = range.lowerBound
        if bytes.has(" on ", at: rest, to: range.upperBound),
            let local = SSHAddress(bytes, at: rest &+ 4, to: range.upperBound), !local.port.isEmpty
        {
            event.add(server, bytes, local.address)
            event.add(serverPort, bytes, local.port)
            rest = local.end
        }
        event.addUnnamed(bytes, rest..<range.upperBound)
    }

    /// Reads `drop connection #9 from [192.0.2.1]:1000 on [192.0.2.2]:22 past MaxStartups`, and
    /// `reverse mapping checking getaddrinfo for NAME [192.0.2.1] failed`.
    ///
    /// False, with nothing added, where it is another text.
    static func addBracketed(
        _ bytes: Span<UInt8>, _ range: Range<Int>, _ event: inout EventWriter
    ) -> Bool {
        let end = range.upperBound
        guard
            bytes.has("drop connection ", at: range.lowerBound, to: end)
                || bytes.has("reverse mapping checking getaddrinfo for ", at: range.lowerBound, to: end)
        else { return false }
        let open = bytes.find(UInt8(ascii: "["), from: range.lowerBound, to: end)
        let close = bytes.find(UInt8(ascii: "]"), from: open, to: end)
        guard close < end, close &- open > 1, isName(bytes, open &+ 1..<close) else { return false }
        event.addUnnamed(bytes, range.lowerBound..<open)
        event.addClient(bytes, open &+ 1..<close)
        var at = close &+ 1
        if at < end, bytes[at] == UInt8(ascii: ":") {
            at &+= 1
            while at < end, isDigit(bytes[at]) { at &+= 1 }
            if at > close &+ 2 { event.add(clientPort, bytes, close &+ 2..<at) }
        }
        // `… on [192.0.2.2]:22 past MaxStartups`
        if bytes.has(" on [", at: at, to: end) {
            let stop = bytes.find(UInt8(ascii: "]"), from: at &+ 5, to: end)
            if stop &- at > 5, isName(bytes, at &+ 5..<stop), bytes.has("]:", at: stop, to: end) {
                event.add(server, bytes, at &+ 5..<stop)
                at = stop &+ 2
                while at < end, isDigit(bytes[at]) { at &+= 1 }
                if at > stop &+ 2 { event.add(serverPort, bytes, stop &+ 2..<at) }
            }
        }
        event.addUnnamed(bytes, at..<end)
        return true
    }

    /// Whether a word may be an address or the name of a host.
    static func isName(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Bool {
        for index in range {
            let byte = bytes[index]
            guard isDigit(byte) || isLetter(byte) || byte >= 0x80 else {
                switch byte {
                case UInt8(ascii: "."), UInt8(ascii: ":"), UInt8(ascii: "-"), UInt8(ascii: "_"),
                    UInt8(ascii: "%"):
                    continue
                default: return false
                }
            }
        }
        return !range.isEmpty
    }
}

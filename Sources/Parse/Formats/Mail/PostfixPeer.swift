/// `name[address]:port`, `[address]:port`, `unknown[unknown]` or `name[private/lmtp]`.
struct PostfixPeer {
    /// Empty where there is none.
    var host: Range<Int>
    var address: Range<Int>
    var port: Range<Int>
    var end: Int

    static let clientIP = FieldID(named: "client_ip"), clientPort = FieldID(named: "client_port")
    static let clientHost = FieldID(named: "client_host")
    private static let targetIP = FieldID(named: "dst_ip"), targetPort = FieldID(named: "dst_port")
    private static let targetHost = FieldID(named: "dst_host")

    init?(_ bytes: Span<UInt8>, at start: Int, to end: Int) {
        let limit = min(end, start &+ ParseLimits.hostBytes &+ 1)
        var at = start
        while at < limit, SSHAddress.isName(bytes, at..<at &+ 1) || bytes[at] == UInt8(ascii: "*") {
            at &+= 1
        }
        guard at < limit, bytes[at] == UInt8(ascii: "[") else { return nil }
        host = start..<at
        let close = bytes.find(UInt8(ascii: "]"), from: at, to: min(end, at &+ 128))
        guard close < end, bytes[close] == UInt8(ascii: "]"), close &- at > 1 else { return nil }
        address = at &+ 1..<close
        for index in address where bytes[index] == UInt8(ascii: " ") { return nil }
        at = close &+ 1
        port = at..<at
        self.end = at
        guard at < end, bytes[at] == UInt8(ascii: ":") else { return }
        var digit = at &+ 1
        while digit < end, isDigit(bytes[digit]), digit &- at <= 5 { digit &+= 1 }
        if digit > at &+ 1 {
            port = at &+ 1..<digit
            self.end = digit
        }
    }

    /// Whether the brackets hold an address, and not `unknown` or the path of a socket.
    private func isAddress(_ bytes: Span<UInt8>) -> Bool {
        for index in address where bytes[index] == UInt8(ascii: ".") || bytes[index] == UInt8(ascii: ":") {
            return bytes.find(UInt8(ascii: "/"), from: address.lowerBound, to: address.upperBound)
                == address.upperBound
        }
        return false
    }

    func addClient(_ bytes: Span<UInt8>, _ event: inout EventWriter) {
        add(bytes, Self.clientHost, Self.clientIP, Self.clientPort, &event)
    }

    func addTarget(_ bytes: Span<UInt8>, _ event: inout EventWriter) {
        add(bytes, Self.targetHost, Self.targetIP, Self.targetPort, &event)
    }

    func add(
        _ bytes: Span<UInt8>, _ host: FieldID, _ address: FieldID, _ port: FieldID, _ event: inout EventWriter
    ) {
        if !self.host.isEmpty { event.add(host, bytes, self.host) }
        if isAddress(bytes) {
            event.add(address, bytes, self.address)
        } else {
            event.addUnnamed(bytes, self.address)
        }
        if !self.port.isEmpty { event.add(port, bytes, self.port) }
    }
}

/// The pairs and words of a packet, read from the left.
struct FirewallPacket {
    private var at: Int
    private let end: Int
    private let start: Int
    /// Whether `PROTO=` was read: what follows is of the upper protocol.
    private var isUpper = false
    private var isICMP = false
    private var known = 0

    init(at: Int, end: Int) {
        self.at = at
        self.end = end
        start = at
    }

    /// Whether this was one: three pairs at least, one of them the protocol.
    var isPacket: Bool { isUpper && known >= 3 }

    private static let ipFlags = FieldID(named: "ip_flags"), tcpFlags = FieldID(named: "tcp_flags")
    private static let offset = FieldID(named: "fragment_offset"), ttl = FieldID(named: "ttl")
    private static let incomplete = FieldID(named: "incomplete_bytes")
    private static let nested = FieldID(named: "icmp_packet")
    private static let dstMAC = FieldID(named: "dst_mac"), srcMAC = FieldID(named: "src_mac")
    private static let etherType = FieldID(named: "ether_type")
    private static let icmpSequence = FieldID(named: "icmp_seq")

    private static let keys: [KernelFirewall.Key] = [
        key("IN", "in_dev"), key("OUT", "out_dev"), key("MAC", "dst_mac", role: .mac),
        key("SRC", "client_ip"), key("DST", "dst_ip"), key("LEN", "length", later: "udp_length"),
        key("TOS", "tos"), key("TC", "tos"), key("PREC", "precedence"), key("TTL", "ttl"),
        key("HOPLIMIT", "ttl"), key("FLOWLBL", "flow_label"), key("ID", "packet_id", later: "icmp_id"),
        key("PROTO", "transport", role: .transport), key("SPT", "client_port"), key("DPT", "dst_port"),
        key("SEQ", "tcp_seq"), key("ACK", "tcp_ack"), key("WINDOW", "tcp_window"),
        key("RES", "tcp_reserved"), key("URGP", "tcp_urgent"), key("TYPE", "icmp_type"),
        key("CODE", "icmp_code"), key("PARAMETE", "icmp_parameter"), key("GATEWAY", "icmp_redirect"),
        key("MARK", "mark"), key("UID", "uid"), key("MACSRC", "src_mac"), key("MACDST", "dst_mac"),
        key("MACPROTO", "ether_type"),
    ]

    private static func key(
        _ name: StaticString, _ field: String, later: String? = nil, role: KernelFirewall.Role = .value
    ) -> KernelFirewall.Key {
        var word: UInt64 = 0
        for index in 0..<min(8, name.utf8CodeUnitCount) {
            word |= UInt64(unsafe name.utf8Start[index]) << UInt64(8 * index)
        }
        return KernelFirewall.Key(
            word: word, field: FieldID(named: field), later: FieldID(named: later ?? field), role: role)
    }

    /// Reads one word; false at the end.
    mutating func readPart(_ bytes: Span<UInt8>, _ event: inout EventWriter) -> Bool {
        at = bytes.skipBlanks(from: at, to: end)
        guard at < end else { return false }
        let word = at
        if bytes[word] == UInt8(ascii: "[") { return readNested(bytes, &event) }
        let wordEnd = bytes.find(UInt8(ascii: " "), from: word, to: end)
        at = wordEnd
        let equals = bytes.find(UInt8(ascii: "="), from: word, to: wordEnd)
        if equals < wordEnd {
            readPair(bytes, word..<equals, equals &+ 1..<wordEnd, &event)
        } else {
            readWord(bytes, word..<wordEnd, &event)
        }
        return true
    }

    private mutating func readPair(
        _ bytes: Span<UInt8>, _ name: Range<Int>, _ value: Range<Int>, _ event: inout EventWriter
    ) {
        var packed: UInt64 = 0
        for index in 0..<min(8, name.count) {
            packed |= UInt64(bytes[name.lowerBound &+ index]) << UInt64(8 &* index)
        }
        // A line that has lost its beginning may begin inside of `TTL=`.
        if name.lowerBound == start, bytes.has(" ID=", at: value.upperBound, to: end),
            packed == 0x4C || packed == 0x4C54
        {
            known &+= 1
            return event.add(Self.ttl, bytes, value)
        }
        for index in Self.keys.indices where Self.keys[index].word == packed {
            known &+= 1
            let key = Self.keys[index]
            switch key.role {
            case .mac: return addMAC(bytes, value, &event)
            case .transport:
                isUpper = true
                isICMP = bytes.has("ICMP", at: value.lowerBound, to: value.upperBound)
                return event.add(key.field, bytes, value)
            case .value:
                if packed == 0x514553, isICMP { return event.add(Self.icmpSequence, bytes, value) }
                return event.add(isUpper ? key.later : key.field, bytes, value)
            }
        }
        // A key that is not known: its value is found by its words.
        event.addUnnamed(bytes, value)
    }

    private mutating func readWord(_ bytes: Span<UInt8>, _ word: Range<Int>, _ event: inout EventWriter) {
        let first = bytes[word.lowerBound]
        if bytes.has("FRAG:", at: word.lowerBound, to: word.upperBound) {
            return event.add(Self.offset, bytes, word.lowerBound &+ 5..<word.upperBound)
        }
        // `INCOMPLETE [8 bytes]`
        if bytes.has("INCOMPLETE [", at: word.lowerBound, to: end) {
            let number = word.lowerBound &+ 12
            var digit = number
            while digit < end, isDigit(bytes[digit]) { digit &+= 1 }
            if digit > number { event.add(Self.incomplete, bytes, number..<digit) }
            at = bytes.find(UInt8(ascii: "]"), from: digit, to: end)
            at = min(at &+ 1, end)
            return
        }
        if !isUpper, word.count == 2,
            bytes[word.lowerBound &+ 1] == UInt8(ascii: "F") || first == UInt8(ascii: "C")
        {
            return event.add(Self.ipFlags, bytes, word)
        }
        if isUpper, word.count == 3, isFlag(bytes, word) { return event.add(Self.tcpFlags, bytes, word) }
        event.addUnnamed(bytes, word)
    }

    private func isFlag(_ bytes: Span<UInt8>, _ word: Range<Int>) -> Bool {
        Self.flags.contains { bytes.has($0, at: word.lowerBound, to: word.upperBound) }
    }

    private static let flags: [StaticString] = ["ACK", "PSH", "SYN", "FIN", "RST", "URG", "ECE", "CWR"]

    /// Adds the packet inside of an ICMP error as one text.
    private mutating func readNested(_ bytes: Span<UInt8>, _ event: inout EventWriter) -> Bool {
        let open = at &+ 1
        let close = bytes.find(UInt8(ascii: "]"), from: open, to: end)
        var textEnd = close
        while textEnd > open, bytes[textEnd &- 1] == UInt8(ascii: " ") { textEnd &-= 1 }
        if textEnd > open { event.add(Self.nested, bytes, open..<textEnd) }
        if close == end { event.event.reasons.insert(.cut) }
        at = min(close &+ 1, end)
        return true
    }

    /// Adds the parts of a link header: target (6 bytes), source (6), type (2), and perhaps more.
    ///
    /// Links without a source have target and type.
    private func addMAC(_ bytes: Span<UInt8>, _ value: Range<Int>, _ event: inout EventWriter) {
        let start = value.lowerBound
        guard value.count >= 23, bytes[start &+ 17] == UInt8(ascii: ":") else {
            return event.addUnnamed(bytes, value)
        }
        event.add(Self.dstMAC, bytes, start..<start &+ 17)
        guard value.count >= 41, bytes[start &+ 35] == UInt8(ascii: ":") else {
            let type = value.upperBound &- 5
            event.addUnnamed(bytes, start &+ 17..<type)
            return event.add(Self.etherType, bytes, type..<value.upperBound)
        }
        event.add(Self.srcMAC, bytes, start &+ 18..<start &+ 35)
        event.add(Self.etherType, bytes, start &+ 36..<start &+ 41)
        event.addUnnamed(bytes, start &+ 41..<value.upperBound)
    }
}

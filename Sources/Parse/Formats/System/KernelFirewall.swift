extension Fields {
    /// Of the packets that a firewall logs.
    static let firewall: [FieldDefinition] = [
        FieldDefinition("log_prefix", .keyword),
        FieldDefinition("rule", .keyword, ["rule.name", "iptables.ubiquiti.rule_set"]),
        FieldDefinition("rule_number", .keyword, ["rule.id", "iptables.ubiquiti.rule_number"]),
        FieldDefinition(
            "in_zone", .keyword, ["observer.ingress.zone", "iptables.ubiquiti.input_zone"]),
        FieldDefinition(
            "out_zone", .keyword, ["observer.egress.zone", "iptables.ubiquiti.output_zone"]),
        FieldDefinition(
            "in_dev", .keyword, ["iptables.input_device", "observer.ingress.interface.name"]),
        FieldDefinition(
            "out_dev", .keyword, ["iptables.output_device", "observer.egress.interface.name"]),
        FieldDefinition("dst_mac", .keyword, ["destination.mac"]),
        FieldDefinition("src_mac", .keyword, ["source.mac"]),
        FieldDefinition("ether_type", .keyword, ["iptables.ether_type"]),
        FieldDefinition("length", .number, unit: "bytes", ["iptables.length"]),
        FieldDefinition("tos", .number, ["iptables.tos"]),
        FieldDefinition("precedence", .number, ["iptables.precedence_bits"]),
        FieldDefinition("ttl", .number, ["iptables.ttl"]),
        FieldDefinition("packet_id", .number, ["iptables.id"]),
        FieldDefinition("flow_label", .number, ["iptables.flow_label"]),
        FieldDefinition("ip_flags", .keyword, ["iptables.fragment_flags"]),
        FieldDefinition("fragment_offset", .number, ["iptables.fragment_offset"]),
        FieldDefinition("incomplete_bytes", .number, ["iptables.incomplete_bytes"]),
        FieldDefinition("tcp_seq", .number, ["iptables.tcp.seq"]),
        FieldDefinition("tcp_ack", .number, ["iptables.tcp.ack"]),
        FieldDefinition("tcp_window", .number, ["iptables.tcp.window"]),
        FieldDefinition("tcp_reserved", .number, ["iptables.tcp.reserved_bits"]),
        FieldDefinition("tcp_flags", .keyword, ["iptables.tcp.flags"]),
        FieldDefinition("tcp_urgent", .number),
        FieldDefinition("udp_length", .number, unit: "bytes", ["iptables.udp.length"]),
        FieldDefinition("icmp_type", .number, ["iptables.icmp.type"]),
        FieldDefinition("icmp_code", .number, ["iptables.icmp.code"]),
        FieldDefinition("icmp_id", .number, ["iptables.icmp.id"]),
        FieldDefinition("icmp_seq", .number, ["iptables.icmp.seq"]),
        FieldDefinition("icmp_parameter", .number, ["iptables.icmp.parameter"]),
        FieldDefinition("icmp_redirect", .address, ["iptables.icmp.redirect"]),
        FieldDefinition("icmp_packet", .text),
        FieldDefinition("mark", .keyword),
    ]
}

/// Packets that netfilter logs: `PREFIX` `IN=eth0 OUT= MAC=… SRC=… DST=… LEN=… PROTO=TCP SPT=…`
/// (net/netfilter/nf_log_syslog.c; ulogd's LOGEMU writes nearly the same).
enum KernelFirewall {
    /// What a pair's value is.
    enum Role {
        case value, mac, transport
    }

    struct Key {
        /// The letters of the key, the first in the lowest bits.
        let word: UInt64
        /// Before `PROTO=` and behind it, where one key stands for two things.
        let field: FieldID
        let later: FieldID
        let role: Role
    }

    @Sendable
    static func read(_ bytes: Span<UInt8>, _ range: Range<Int>, _ event: inout EventWriter) -> Bool {
        guard bytes.find(" PROTO=", from: range.lowerBound, to: range.upperBound) != nil else { return false }
        let start = Kernel.addUptime(bytes, range, &event)
        let pairs = beginning(bytes, start..<range.upperBound)
        FirewallPrefix.add(bytes, start..<pairs, &event)
        var packet = FirewallPacket(at: pairs, end: range.upperBound)
        while packet.readPart(bytes, &event) {}
        return packet.isPacket
    }

    /// The offset of the first pair; the text before it is free, and need not end with a blank.
    private static func beginning(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Int {
        var at = range.lowerBound
        while let key = bytes.find("IN=", from: at, to: range.upperBound) {
            // What stands before the same blank has the same answer.
            at = bytes.find(UInt8(ascii: " "), from: key, to: range.upperBound)
            if bytes.has(" OUT=", at: at, to: range.upperBound) { return key }
        }
        // A line whose beginning is missing: the first word with a `=`.
        at = range.lowerBound
        while at < range.upperBound {
            let blank = bytes.find(UInt8(ascii: " "), from: at, to: range.upperBound)
            if bytes.find(UInt8(ascii: "="), from: at, to: blank) < blank { return at }
            at = bytes.skipBlanks(from: blank, to: range.upperBound)
        }
        return range.lowerBound
    }
}

/// The free text before a packet.
private enum FirewallPrefix {
    private static let prefix = FieldID(named: "log_prefix"), rule = FieldID(named: "rule")
    private static let number = FieldID(named: "rule_number"), action = FieldID(named: "action")
    private static let inZone = FieldID(named: "in_zone"), outZone = FieldID(named: "out_zone")

    static func add(_ bytes: Span<UInt8>, _ range: Range<Int>, _ event: inout EventWriter) {
        var end = range.upperBound
        while end > range.lowerBound, bytes[end &- 1] == UInt8(ascii: " ") { end &-= 1 }
        guard end > range.lowerBound else { return }
        if addRule(bytes, range.lowerBound..<end, &event) { return }
        event.add(prefix, bytes, range.lowerBound..<end)
        // Most sites write into the prefix what is done.
        for word in words where holds(word, bytes, range.lowerBound..<end) {
            return event.addDerived(action, word.utf8)
        }
    }

    private static let words: [String] = ["drop", "deny", "reject", "block", "accept", "allow"]

    /// Bytes of a prefix that are looked at: the kernel's have 127 at most (`NF_LOG_PREFIXLEN`).
    private static let prefixBytes = 128

    private static func holds(_ word: String, _ bytes: Span<UInt8>, _ range: Range<Int>) -> Bool {
        var at = range.lowerBound
        let end = min(range.upperBound, range.lowerBound &+ prefixBytes)
        while at &+ word.utf8.count <= end {
            var index = at
            var isSame = true
            for letter in word.utf8 {
                if Token.lowercased(bytes[index]) != letter { isSame = false }
                index &+= 1
            }
            if isSame { return true }
            at &+= 1
        }
        return false
    }

    /// Adds the parts of `[WAN_LOCAL-default-D]` (Vyatta, EdgeOS): rule set, number, and what was done.
    ///
    /// A set between two zones is named after both.
    private static func addRule(
        _ bytes: Span<UInt8>, _ range: Range<Int>, _ event: inout EventWriter
    ) -> Bool {
        let start = range.lowerBound &+ 1
        let close = range.upperBound &- 1
        guard range.count >= 7, bytes[start &- 1] == UInt8(ascii: "["), bytes[close] == UInt8(ascii: "]"),
            bytes[close &- 2] == UInt8(ascii: "-"),
            bytes.find(UInt8(ascii: " "), from: start, to: close) == close,
            let dash = bytes.findLast("-", from: start, to: close &- 2), dash > start
        else { return false }
        let done: String
        switch bytes[close &- 1] {
        case UInt8(ascii: "A"): done = "accept"
        case UInt8(ascii: "D"): done = "drop"
        case UInt8(ascii: "R"): done = "reject"
        default: return false
        }
        let inner = bytes.find(UInt8(ascii: "-"), from: start, to: dash)
        if inner > start, inner &+ 1 < dash, bytes.find(UInt8(ascii: "-"), from: inner &+ 1, to: dash) == dash
        {
            event.addSpan(rule, bytes, start..<dash)
            event.add(inZone, bytes, start..<inner)
            event.add(outZone, bytes, inner &+ 1..<dash)
        } else {
            event.add(rule, bytes, start..<dash)
        }
        event.add(number, bytes, dash &+ 1..<close &- 2)
        event.addUnnamed(bytes, close &- 1..<close)
        event.addDerived(action, done.utf8)
        return true
    }
}

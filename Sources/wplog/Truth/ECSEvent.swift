import Parse
import Query

/// An event under the names of the Elastic Common Schema, and of Beats and Wikimedia where that has none.
struct ECSEvent {
    enum Value {
        case text([UInt8])
        case number([UInt8])
        case time(Int64)

        var text: String {
            switch self {
            case .text(let text), .number(let text): String(decoding: text, as: UTF8.self)
            case .time(let time): TimeText.utc(time)
            }
        }
    }

    /// Values by name, in the order of the line.
    ///
    /// A field with several values has several.
    private(set) var values: [(name: String, values: [Value])] = []

    init(_ event: FoundEvent, formats: FormatSet) {
        add("@timestamp", .time(event.time))
        let format = event.value("parser").map { String(decoding: $0, as: UTF8.self) } ?? ""
        let own = formats.ecsNames(ofFormat: format)
        for (name, value) in event.fields where name != "raw" && !(name == "peer" && value.isEmpty) {
            let definition = Fields.definition(of: name)
            guard definition?.isHidden != true else { continue }
            // The level as the line writes it says more than the one of eight that it counts as.
            if name == "level", event.value("level_text") != nil { continue }
            let isNumber = definition?.kind == .number || Self.numbers.contains(name)
            for ecs in own[name] ?? [definition?.ecsName ?? name] {
                add(
                    ecs, isNumber ? .number(value) : .text(ecs.hasPrefix("mysql.") ? Self.flag(value) : value)
                )
            }
        }
        if let level = event.value("level_text") {
            for ecs in own["level"] ?? ["log.level"] { add(ecs, .text(Self.levelName(level))) }
        }
        derive(event)
        if format == "iptables" { derivePacket() }
    }

    /// The values of a name.
    subscript(_ name: String) -> [Value]? { values.first { $0.name == name }?.values }

    private mutating func add(_ name: String, _ value: Value) {
        if let index = values.firstIndex(where: { $0.name == name }) {
            values[index].values.append(value)
        } else {
            values.append((name, [value]))
        }
    }

    /// What the schema keeps beside what a line says.
    private mutating func derive(_ event: FoundEvent) {
        for (name, exponent) in Self.durations where self["event.duration"] == nil {
            guard let value = event.value(name), let count = Self.nanoseconds(value, exponent) else {
                continue
            }
            add("event.duration", .number(count))
        }
        if self["log.syslog.priority"] == nil, let facility = event.value("facility"),
            let level = event.value("level"), let priority = Self.priority(facility, level)
        {
            add("log.syslog.priority", .number(priority))
        }
        if let path = event.value("path") {
            let parts = path.split(
                separator: UInt8(ascii: "?"), maxSplits: 1, omittingEmptySubsequences: false)
            if self["url.path"] == nil { add("url.path", .text(ElasticValues.path(parts[0]))) }
            if parts.count > 1, self["url.query"] == nil { add("url.query", .text(Array(parts[1]))) }
        }
        if self["event.outcome"] == nil, let status = event.value("status"), status.count == 3 {
            add("event.outcome", .text(Array((status[0] < UInt8(ascii: "4") ? "success" : "failure").utf8)))
        }
        if let text = event.value("pri"), let priority = Int(String(decoding: text, as: UTF8.self)),
            priority <= 191
        {
            add("log.syslog.facility.code", .number(Array("\(priority / 8)".utf8)))
            add("log.syslog.severity.code", .number(Array("\(priority % 8)".utf8)))
        }
        if self["source.address"] == nil, let name = event.value("client_host") {
            add("source.address", .text(name))
        }
        if self["event.duration.ms"] == nil, let text = event.value("duration"),
            let seconds = Double(String(decoding: text, as: UTF8.self))
        {
            add("event.duration.ms", .number(Array("\((seconds * 1e9).rounded() / 1e6)".utf8)))
        }
        for (name, value) in ElasticValues.derived(event) where self[name] == nil {
            for part in value { add(name, part) }
        }
    }

    /// Fields that say how long something took, and their units as powers of ten of a nanosecond: the schema
    /// counts in these.
    private static let durations = [
        ("query_time", 9), ("took_millis", 6), ("duration", 9), ("duration_ms", 6),
    ]

    /// A decimal number times a power of ten, without what is behind its point then.
    private static func nanoseconds(_ text: [UInt8], _ exponent: Int) -> [UInt8]? {
        let parts = text.split(separator: UInt8(ascii: "."), maxSplits: 1, omittingEmptySubsequences: false)
        let fraction = parts.count > 1 ? parts[1].prefix(exponent) : []
        let digits =
            parts[0] + fraction + Array(repeating: UInt8(ascii: "0"), count: exponent - fraction.count)
        return Int64(String(decoding: digits, as: UTF8.self)).map { Array(String($0).utf8) }
    }

    /// The PRI of RFC 5424 §6.2.1 that the names of a facility and a level make.
    private static func priority(_ facility: [UInt8], _ level: [UInt8]) -> [UInt8]? {
        let facilities =
            "kern user mail daemon auth syslog lpr news uucp cron authpriv ftp ntp security console solaris-cron "
            + "local0 local1 local2 local3 local4 local5 local6 local7"
        let levels = "emerg alert crit err warning notice info debug"
        guard
            let high = facilities.utf8.split(separator: 0x20).firstIndex(where: { $0.elementsEqual(facility) }
            ),
            let low = levels.utf8.split(separator: 0x20).firstIndex(where: { $0.elementsEqual(level) })
        else { return nil }
        return Array(String(high * 8 + low).utf8)
    }

    /// MySQL's `Yes` and `No` are booleans to Beats.
    private static func flag(_ value: [UInt8]) -> [UInt8] {
        value == Array("Yes".utf8)
            ? Array("true".utf8) : value == Array("No".utf8) ? Array("false".utf8) : value
    }

    /// The names of bunyan's levels, which lines hold as numbers; any other text as it is.
    private static func levelName(_ level: [UInt8]) -> [UInt8] {
        let names = ["10": "TRACE", "20": "DEBUG", "30": "INFO", "40": "WARN", "50": "ERROR", "60": "FATAL"]
        return names[String(decoding: level, as: UTF8.self)].map { Array($0.utf8) } ?? level
    }

    /// What Beats keeps of a packet: decimal numbers, small letters, the flags as a set.
    private mutating func derivePacket() {
        for index in values.indices where values[index].name.hasPrefix("iptables.") {
            values[index].values = values[index].values.map { value in
                guard case .number(let text) = value, let number = Self.hexadecimal(text) else {
                    return value
                }
                return .number(Array(String(number).utf8))
            }
        }
        if let index = values.firstIndex(where: { $0.name == "iptables.tcp.flags" }) {
            values[index].values.sort { one, other in
                guard case .text(let one) = one, case .text(let other) = other else { return false }
                return one.lexicographicallyPrecedes(other)
            }
        }
        if let index = values.firstIndex(where: { $0.name == "network.transport" }),
            case .text(let name)? = values[index].values.first
        {
            let small = String(decoding: name, as: UTF8.self).lowercased()
            // The keyword that IANA has for it.
            values[index].values = [.text(Array((small == "icmpv6" ? "ipv6-icmp" : small).utf8))]
        }
        if case .text(let address)? = self["source.ip"]?.first, self["network.type"] == nil {
            add("network.type", .text(Array((address.contains(UInt8(ascii: ":")) ? "ipv6" : "ipv4").utf8)))
        }
    }

    /// The number of `0x1C`, of `08:00`, and of `1C` as ulogd writes it; nil where it is decimal already.
    private static func hexadecimal(_ text: [UInt8]) -> Int? {
        var digits = text.filter { $0 != UInt8(ascii: ":") }
        let isMarked = digits.starts(with: "0x".utf8)
        if isMarked { digits.removeFirst(2) }
        let isLetter = digits.contains { $0 > UInt8(ascii: "9") }
        guard isMarked || isLetter || digits.count < text.count else { return nil }
        return Int(String(decoding: digits, as: UTF8.self), radix: 16)
    }

    /// Fields that are names to wplog and numbers to the schema.
    private static let numbers: Set<String> = ["pid", "tid", "connection_id", "ether_type"]

    /// Appends the event as one JSON object.
    func append(to json: inout JSONText) {
        json.object { json in
            for (name, values) in values {
                json.key(name)
                if values.count == 1 {
                    Self.append(values[0], to: &json)
                } else {
                    json.array { json in
                        for value in values { Self.append(value, to: &json) }
                    }
                }
            }
        }
    }

    private static func append(_ value: Value, to json: inout JSONText) {
        switch value {
        case .text(let text): json.string(text)
        case .number(let text): json.number(text: text)
        case .time(let time): json.string(TimeText.utc(time))
        }
    }
}

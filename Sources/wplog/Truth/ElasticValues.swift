import Query

/// What Elastic's modules make of the values of web servers and proxies, beside what a line says.
enum ElasticValues {
    /// A path as it is meant: decoded, and without the server of an absolute URL.
    static func path(_ text: ArraySlice<UInt8>) -> [UInt8] {
        var text = text
        if let colon = text.firstIndex(of: UInt8(ascii: ":")), text[colon...].starts(with: "://".utf8) {
            text = text[(colon + 3)...]
            text = text[(text.firstIndex(of: UInt8(ascii: "/")) ?? text.endIndex)...]
        }
        var path: [UInt8] = []
        var at = text.startIndex
        while at < text.endIndex {
            if text[at] == UInt8(ascii: "%"), text.endIndex - at > 2,
                let high = hexadecimal(text[at + 1]), let low = hexadecimal(text[at + 2])
            {
                path.append(high << 4 | low)
                at += 3
            } else {
                path.append(text[at])
                at += 1
            }
        }
        return path
    }

    private static func hexadecimal(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - 48
        case UInt8(ascii: "a")...UInt8(ascii: "f"), UInt8(ascii: "A")...UInt8(ascii: "F"): (byte | 32) - 87
        default: nil
        }
    }

    /// Durations in nanoseconds, and the columns of ingress-nginx.
    static func derived(_ event: FoundEvent) -> [(name: String, value: [ECSEvent.Value])] {
        var values: [(name: String, value: [ECSEvent.Value])] = []
        for (name, unit) in [("duration_us", 1_000), ("total_ms", 1_000_000)] {
            guard let text = event.value(name), let count = Int(String(decoding: text, as: UTF8.self)),
                count >= 0, count < Int.max / unit
            else { continue }
            values.append(("event.duration", [.number(Array(String(count * unit).utf8))]))
        }
        guard event.value("upstream_name") != nil else { return values }
        let prefix = "nginx.ingress_controller.upstream"
        let addresses = list(event, "ua")
        values.append((prefix + "_address_list", addresses.map { .text($0) }))
        if let last = addresses.last, let colon = last.lastIndex(of: UInt8(ascii: ":")) {
            values.append((prefix + ".ip", [.text(Array(last[..<colon]))]))
            values.append((prefix + ".port", [.number(Array(last[(colon + 1)...]))]))
        }
        for (field, name) in [("ul", "length"), ("us", "status_code"), ("urt", "time")] {
            let list = list(event, field)
            guard let last = list.last else { continue }
            // Beats lists each value once, in the order of their texts.
            let sorted = Set(list).sorted { $0.lexicographicallyPrecedes($1) }
            values.append((prefix + ".response.\(name)_list", sorted.map { .text($0) }))
            let sum = list.reduce(0) { $0 + (Double(String(decoding: $1, as: UTF8.self)) ?? 0) }
            values.append(
                (prefix + ".response.\(name)", [.number(field == "urt" ? Array("\(sum)".utf8) : last)]))
        }
        return values
    }

    /// The parts of a list of upstreams.
    private static func list(_ event: FoundEvent, _ field: String) -> [[UInt8]] {
        guard let text = event.value(field) else { return [] }
        return text.split { $0 == UInt8(ascii: ",") || $0 == UInt8(ascii: " ") }.map { Array($0) }
            .filter { $0 != [UInt8(ascii: ":")] && $0 != [UInt8(ascii: "-")] }
    }
}

/// What network devices write before the mnemonic of a message: parts with a colon after each, in an order that
/// depends on their settings.
///
///     2361044: sw01: Nov  6 2026 22:11:43.398 UTC: %LINK-3-UPDOWN: …     sequence, origin, time
///     SW1: 12345: Nov 22 10:56:29.123: %SYS-5-CONFIG_I: …                origin, sequence, time
///     82: 3w2d: %SYS-5-CONFIG_I: …                                       sequence, uptime
///     : 2026 Nov 25 11:27:28 GMT: %AUTHPRIV-3-SYSTEM_MSG: …              time (NX-OS)
struct DeviceHead {
    var host = ByteRange(start: 0, end: 0)
    var time: HeaderTime?
    /// The offset after the head.
    private(set) var end: Int

    private static let parts = 5

    /// Reads the head at `start`; nil where none stands there.
    ///
    /// A sequence with a time after it is one, or parts with a mnemonic after them.
    init?(_ bytes: Span<UInt8>, at start: Int, to limit: Int, times: inout TimeReader) {
        end = start
        var hasSequence = false
        for _ in 0..<Self.parts {
            if end > start, Self.isMnemonic(bytes, end, limit) { return }
            guard end < limit else { return nil }
            if bytes[end] == UInt8(ascii: ":") {
                end = bytes.skipBlanks(from: end &+ 1, to: limit)
                continue
            }
            if time == nil,
                let found = HeaderTime(
                    bytes, at: Self.behindMark(bytes, end, limit), to: limit, times: &times)
            {
                time = found
                end = found.next
                if hasSequence { return }
                continue
            }
            guard let part = Self.part(bytes, end, limit) else { return nil }
            switch Self.kind(bytes, part) {
            case .sequence where !hasSequence: hasSequence = true
            case .uptime: break
            case .name where host.count == 0: host = ByteRange(part)
            default: return nil
            }
            end = bytes.skipBlanks(from: part.upperBound &+ 1, to: limit)
        }
        guard Self.isMnemonic(bytes, end, limit) else { return nil }
    }

    /// Whether `%FACILITY-SEVERITY-NAME:` stands at an offset.
    static func isMnemonic(_ bytes: Span<UInt8>, _ start: Int, _ limit: Int) -> Bool {
        guard start >= 0, start &+ 1 < limit, bytes[start] == UInt8(ascii: "%"), bytes[start &+ 1] &- 65 < 26
        else {
            return false
        }
        let stop = min(limit, start &+ ParseLimits.bareTagBytes)
        var hasSeverity = false
        var at = start &+ 1
        while at < stop {
            let byte = bytes[at]
            if byte == UInt8(ascii: ":") { return hasSeverity }
            guard byte &- 65 < 26 || isDigit(byte) || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-")
            else {
                return false
            }
            if isDigit(byte), bytes[at &- 1] == UInt8(ascii: "-"), at &+ 1 < stop,
                bytes[at &+ 1] == UInt8(ascii: "-")
            {
                hasSeverity = true
            }
            at &+= 1
        }
        return false
    }

    /// Cisco marks a clock that is not set or not synchronised: `*Mar  1 …`, `.Mar  1 …`.
    static func behindMark(_ bytes: Span<UInt8>, _ at: Int, _ end: Int) -> Int {
        guard at < end, bytes[at] == UInt8(ascii: ".") || bytes[at] == UInt8(ascii: "*") else { return at }
        return at &+ 1
    }

    private enum Kind {
        case sequence, uptime, name, other
    }

    /// The word at an offset that has a colon and a blank after it.
    private static func part(_ bytes: Span<UInt8>, _ start: Int, _ limit: Int) -> Range<Int>? {
        let stop = min(limit, start &+ ParseLimits.hostBytes)
        let blank = bytes.find(UInt8(ascii: " "), from: start, to: stop)
        guard blank < stop, blank &- start >= 2, bytes[blank &- 1] == UInt8(ascii: ":") else { return nil }
        return start..<blank &- 1
    }

    /// `3w2d`, `1d03h` and `00:12:45` are how long the device has run.
    private static func kind(_ bytes: Span<UInt8>, _ part: Range<Int>) -> Kind {
        var digits = 0
        var units = 0
        var colons = 0
        for index in part {
            switch bytes[index] {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): digits &+= 1
            case UInt8(ascii: "y"), UInt8(ascii: "w"), UInt8(ascii: "d"), UInt8(ascii: "h"),
                UInt8(ascii: "m"):
                units &+= 1
            case UInt8(ascii: ":"): colons &+= 1
            default: return isName(bytes, part) ? .name : .other
            }
        }
        guard isDigit(bytes[part.lowerBound]) else { return isName(bytes, part) ? .name : .other }
        if digits == part.count { return digits <= 10 ? .sequence : .other }
        return units == 2 && colons == 0 || colons == 2 && units == 0
            ? .uptime : isName(bytes, part) ? .name : .other
    }

    /// Whether a part may be the name of a device.
    private static func isName(_ bytes: Span<UInt8>, _ part: Range<Int>) -> Bool {
        for index in part {
            let byte = bytes[index]
            guard
                byte >= 0x80 || isLetter(byte) || isDigit(byte) || byte == UInt8(ascii: ".")
                    || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "/")
                    || byte == UInt8(ascii: ":")
            else { return false }
        }
        return true
    }
}

/// A time that was read from a line.
package struct TimeReading {
    /// Nanoseconds since the Unix epoch.
    ///
    /// Meaningless where `fits` is false.
    var nanoseconds: Int64
    /// Whether the time lies between the years 1677 and 2262, as 64 bits of nanoseconds do.
    var fits: Bool
    /// Writes the same bytes again from `nanoseconds`; `.none` where no layout does (an unpadded day,
    /// `-00:00`, a leap second, a year in an odd place).
    var layout: TimeLayout
    /// Digits after the point that count, 0 to 9.
    var fractionDigits: Int
    /// The offset behind the last byte of the time.
    var end: Int
}

/// The parts of a clock reading, before they become an instant.
struct ClockReading {
    var hour = 0
    var minute = 0
    /// 60 for a leap second, which counts as the first second of the next minute.
    var second = 0
    /// Nanoseconds of the second.
    var fraction = 0
    /// Digits as written, which may be more than 9.
    var digits = 0
    var end = 0

    /// Midnight, before anything is read.
    init() {}

    /// Reads `hh:mm:ss` and up to `maximumDigits` digits after a point.
    ///
    /// The bytes behind the ninth digit are read and cut off.
    @inline(__always)
    init?(_ bytes: Span<UInt8>, at: Int, to limit: Int, maximumDigits: Int) {
        guard limit &- at >= 8, bytes[at &+ 2] == UInt8(ascii: ":"), bytes[at &+ 5] == UInt8(ascii: ":")
        else { return nil }
        hour = bytes.twoDigits(at: at)
        minute = bytes.twoDigits(at: at &+ 3)
        second = bytes.twoDigits(at: at &+ 6)
        guard hour >= 0, hour <= 23, minute >= 0, minute <= 59, second >= 0, second <= 60 else { return nil }
        end = at &+ 8
        guard end < limit, bytes[end] == UInt8(ascii: ".") else { return }
        var next = end &+ 1
        while next < limit, isDigit(bytes[next]) {
            if digits < 9 { fraction = fraction &* 10 &+ Int(bytes[next] &- 48) }
            digits &+= 1
            next &+= 1
        }
        guard digits > 0, digits <= maximumDigits else { return nil }
        for _ in min(digits, 9)..<9 { fraction &*= 10 }
        end = next
    }

    /// Seconds since midnight.
    @inline(__always)
    var secondOfDay: Int { hour &* 3_600 &+ minute &* 60 &+ second }
}

/// A zone as a line writes it.
struct WrittenZone {
    var seconds = 0
    var zone = TimeLayout.Zone.unwritten
    /// Whether the layout writes these very bytes.
    var canonical = true
    var end = 0

    /// Reads `±hh:mm` or `±hhmm`, 23:59 at most.
    ///
    /// `sign` is the offset of the sign.
    @inline(__always)
    init?(_ bytes: Span<UInt8>, sign: Int, to limit: Int, as style: TimeLayout.Zone) {
        guard limit &- sign >= 5 else { return nil }
        let negative = bytes[sign] == UInt8(ascii: "-")
        guard negative || bytes[sign] == UInt8(ascii: "+") else { return nil }
        let colon = bytes[sign &+ 3] == UInt8(ascii: ":")
        guard !colon || limit &- sign >= 6 else { return nil }
        let hours = bytes.twoDigits(at: sign &+ 1)
        let minutes = bytes.twoDigits(at: sign &+ (colon ? 4 : 3))
        guard hours >= 0, hours <= 23, minutes >= 0, minutes <= 59 else { return nil }
        seconds = (hours &* 60 &+ minutes) &* 60
        if negative {
            canonical = seconds != 0  // −00:00 and +00:00 are one offset
            seconds = 0 &- seconds
        }
        if colon != (style == .colon) { canonical = false }
        zone = style
        end = sign &+ (colon ? 6 : 5)
    }

    /// `Z`, or nothing at all.
    @inline(__always)
    init(_ zone: TimeLayout.Zone, end: Int) {
        self.zone = zone
        self.end = end
    }
}

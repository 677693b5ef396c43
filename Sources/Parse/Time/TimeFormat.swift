/// How the lines of a format write their time, in the letters of `strptime`.
///
///     %Y %y   year of four digits, of two        %H %M %S  clock; %H may be one digit
///     %m %b   month as number, as English name   %f        nothing, or a point or comma and digits
///     %d      day, one or two digits             %z        `Z`, +hh, +hhmm or +hh:mm, a blank before it or not
///     %a      English name of a day, any         %Z        a zone by name: EST, UTC, Europe/Berlin
///     %s      seconds, milliseconds, microseconds or nanoseconds since the epoch, told apart by size
///
/// A blank stands for one or more, before a number also for none. Any other letter stands for itself.
struct TimeFormat: Sendable {
    enum Part: Sendable, Equatable {
        case literal(UInt8)
        case blank, year, shortYear, month, monthName, day, weekday, hour, minute, second, fraction, offset
        case zoneName, epoch
    }

    let parts: [Part]
    /// The layout that writes such a time again, so that a block need not keep its text; `none` for no layout.
    let style: TimeLayout.Style

    init(_ text: StaticString, writes style: TimeLayout.Style = .none) {
        self.init(text.description.utf8, writes: style)
    }

    /// The format of a word (`iso`, `http`, `bsd`, `sql`, `epoch`), or of the letters above.
    init(named text: String) {
        switch text {
        case "iso": self = .iso
        case "http": self = .http
        case "bsd", "syslog": self = .bsd
        case "sql": self = .sql
        case "epoch": self = .epoch
        default: self.init(text.utf8, writes: .none)
        }
    }

    private init(_ text: some Sequence<UInt8>, writes style: TimeLayout.Style) {
        var parts: [Part] = []
        var isLetter = false
        for byte in text {
            if isLetter {
                parts.append(Self.part(byte) ?? .literal(byte))
                isLetter = false
            } else if byte == UInt8(ascii: "%") {
                isLetter = true
            } else {
                parts.append(byte == UInt8(ascii: " ") ? .blank : .literal(byte))
            }
        }
        self.parts = parts
        self.style = style
    }

    private static func part(_ letter: UInt8) -> Part? {
        switch letter {
        case UInt8(ascii: "Y"): .year
        case UInt8(ascii: "y"): .shortYear
        case UInt8(ascii: "m"): .month
        case UInt8(ascii: "b"): .monthName
        case UInt8(ascii: "d"): .day
        case UInt8(ascii: "a"): .weekday
        case UInt8(ascii: "H"): .hour
        case UInt8(ascii: "M"): .minute
        case UInt8(ascii: "S"): .second
        case UInt8(ascii: "f"): .fraction
        case UInt8(ascii: "z"): .offset
        case UInt8(ascii: "Z"): .zoneName
        case UInt8(ascii: "s"): .epoch
        default: nil
        }
    }

    /// `2026-11-21T10:00:00.123+02:00`, with or without fraction and zone.
    static let iso = TimeFormat("", writes: .iso)
    /// As in `21/Nov/2026:10:00:00 +0000`.
    static let http = TimeFormat("", writes: .http)
    /// As in `Nov 21 10:00:00`.
    static let bsd = TimeFormat("", writes: .bsd)
    /// `2026-11-21 10:00:00.123456`, perhaps with a comma and with a zone.
    static let sql = TimeFormat("%Y-%m-%d %H:%M:%S%f%z", writes: .sql)
    /// As in `2026/11/21 10:00:00`.
    static let slashed = TimeFormat("%Y/%m/%d %H:%M:%S%f", writes: .slashed)
    /// As in `21-Nov-2026 10:00:00`.
    static let dashed = TimeFormat("%d-%b-%Y %H:%M:%S%f", writes: .dashed)
    /// As in `Sat Nov 21 10:00:00.123456 2026`.
    static let weekday = TimeFormat("%a %b %d %H:%M:%S%f %Y", writes: .weekday)
    /// Seconds since the epoch, with or without a point, or finer units as a whole number.
    static let epoch = TimeFormat("%s")
}

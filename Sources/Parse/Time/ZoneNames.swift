/// Zones by the names that lines write: abbreviations as PHP and `date` print them, and names of the zone
/// database where the caller can look those up.
struct ZoneNames {
    private let find: (@Sendable (String) -> ZoneRule?)?
    private var known: [[UInt8]: ZoneRule?] = [:]
    private var last: (name: [UInt8], rule: ZoneRule?) = ([], nil)

    init(_ find: (@Sendable (String) -> ZoneRule?)?) { self.find = find }

    /// The rule of the zone whose name `bytes` holds in `range`; nil where nobody knows it.
    mutating func rule(_ bytes: Span<UInt8>, _ range: Range<Int>) -> ZoneRule? {
        if range.count == last.name.count, bytes.equals(range, last.name, at: 0) { return last.rule }
        guard range.count <= 64 else { return nil }
        var name: [UInt8] = []
        for index in range { name.append(bytes[index]) }
        let rule: ZoneRule?
        if let found = known[name] {
            rule = found
        } else {
            let text = String(decoding: name, as: UTF8.self)
            rule = Self.minutes(text).map { ZoneRule(offsetSeconds: $0 * 60) } ?? find?(text)
            if known.count < 1_000 { known[name] = rule }
        }
        last = (name, rule)
        return rule
    }

    /// Minutes east of UTC.
    ///
    /// Of abbreviations that several countries use, the one that servers meet.
    private static func minutes(_ name: String) -> Int? {
        switch name.uppercased() {
        case "Z", "UTC", "GMT", "UCT", "WET": 0
        case "BST", "WEST", "CET": 60
        case "CEST", "EET", "SAST": 120
        case "EEST", "MSK": 180
        case "IST": 330
        case "JST", "KST": 540
        case "AEST": 600
        case "AEDT": 660
        case "NZST": 720
        case "NZDT": 780
        case "AST": -240
        case "ADT": -180
        case "EST": -300
        case "EDT": -240
        case "CST": -360
        case "CDT": -300
        case "MST": -420
        case "MDT": -360
        case "PST": -480
        case "PDT": -420
        case "AKST": -540
        case "AKDT": -480
        case "HST": -600
        default: nil
        }
    }
}

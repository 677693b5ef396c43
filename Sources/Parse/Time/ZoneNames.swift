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
            rule = Self.minutes(bytes, range).map { ZoneRule(offsetSeconds: $0 * 60) } ?? find?(text)
            if known.count < 1_000 { known[name] = rule }
        }
        last = (name, rule)
        return rule
    }

    /// Letters of the longest abbreviation.
    static let letters = 5

    /// Minutes east of UTC of the zone whose abbreviation, in capitals or not, is `range`; nil for no such word.
    ///
    /// Of abbreviations that several countries use, the one that servers meet.
    static func minutes(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Int? {
        guard range.count <= letters else { return nil }
        var packed: UInt64 = 0
        for index in range { packed = packed << 8 | UInt64(Token.lowercased(bytes[index])) }
        return abbreviations[packed]
    }

    private static let abbreviations: [UInt64: Int] = {
        let names: [(Int, [String])] = [
            (0, ["z", "utc", "gmt", "uct", "wet"]), (60, ["bst", "west", "cet"]),
            (120, ["cest", "eet", "sast"]),
            (180, ["eest", "msk"]), (330, ["ist"]), (540, ["jst", "kst"]), (600, ["aest"]), (660, ["aedt"]),
            (720, ["nzst"]), (780, ["nzdt"]), (-240, ["ast", "edt"]), (-180, ["adt"]),
            (-300, ["est", "cdt"]),
            (-360, ["cst", "mdt"]), (-420, ["mst", "pdt"]), (-480, ["pst", "akdt"]), (-540, ["akst"]),
            (-600, ["hst"]),
        ]
        var table: [UInt64: Int] = [:]
        for (minutes, list) in names {
            for name in list { table[name.utf8.reduce(0) { $0 << 8 | UInt64($1) }] = minutes }
        }
        return table
    }()
}

import FoundationEssentials
import Parse

/// The keys of an event's line in an archive, and in which order they stand.
///
///     {"time":"…","id":"…","received":"…","host":"…",…,"raw_base64":"…","shape":3,"line":[…],"cut":[…],"raw":"…"}
///
/// Between `received` and `shape` stands what does not stand in the raw line, and, for who reads without wplog, host and
/// program; a value that is no UTF-8 is an object, `{"base64":"…"}`. `raw_base64` is there where the line is no UTF-8,
/// `line`, the shape itself, where a member uses it for the first time, `cut` where `LineCut` needs it.
/// docs/format/archive.md describes it for strangers.
enum EventLine {
    static let rawKey = Array(",\"raw\":".utf8)
    static let base64Key = Array(",\"raw_base64\":\"".utf8)
    static let cutKey = Array(",\"cut\":[".utf8)
    static let shapeKey = Array(",\"shape\":".utf8)
    static let lineKey = Array(",\"line\":[".utf8)

    /// Names that mean something else in a line: a field of such a name has `field.` in front of it.
    private static let reserved: Set = [
        "time", "id", "received", "shape", "line", "cut", "raw", "raw_base64",
    ]

    /// A field's key with the comma in front and the colon behind.
    static func key(_ name: String) -> [UInt8] {
        let isReserved = reserved.contains(name) || name.hasPrefix("field.")
        var key = Array(",".utf8)
        JSONBytes.append(Array((isReserved ? "field." + name : name).utf8).span, to: &key)
        key.append(UInt8(ascii: ":"))
        return key
    }

    /// The field of a key, between its quotes.
    static func field(ofKey key: String) -> String {
        key.hasPrefix("field.") ? String(key.dropFirst(6)) : key
    }

    /// A time layout as one word, `iso/z/6/0`: style, zone, digits behind the point, minutes east of UTC.
    static func name(of layout: TimeLayout) -> String {
        "\(layout.style)/\(layout.zone)/\(layout.fractionDigits)/\(layout.offsetMinutes)"
    }

    static func layout(named name: String) -> TimeLayout? {
        let parts = name.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 4, let style = TimeLayout.Style.allCases.first(where: { "\($0)" == parts[0] }),
            let zone = TimeLayout.Zone.allCases.first(where: { "\($0)" == parts[1] }),
            let digits = UInt8(parts[2]), digits <= 9, let minutes = Int16(parts[3])
        else { return nil }
        return TimeLayout(style, zone: zone, fractionDigits: digits, offsetMinutes: minutes)
    }

    /// Appends a value: a string, or what says bytes that no string can.
    static func append(_ value: [UInt8], to output: inout [UInt8]) {
        let start = output.count
        if JSONBytes.append(value.span, to: &output) { return }
        output.removeLast(output.count - start)
        output += "{\"base64\":\"\(Data(value).base64EncodedString())\"}".utf8
    }

    /// The bytes behind a text in base64 (RFC 4648 §4); nil where it is none.
    static func bytes(base64 text: ArraySlice<UInt8>) -> [UInt8]? {
        Data(base64Encoded: String(decoding: text, as: UTF8.self)).map { [UInt8]($0) }
    }

    /// The raw line of an event, given where its string stands; nil where it is none.
    ///
    /// - `keys`: what stands in front of it.
    static func appendRaw(
        of text: [UInt8], _ string: Range<Int>, keys: Range<Int>, to raw: inout [UInt8]
    ) -> Bool {
        guard JSONBytes.appendValue(text.span.extracting(string), to: &raw) else { return false }
        guard JSONBytes.holdsReplacement(raw), let key = text.span.place(of: base64Key, in: keys) else {
            return true
        }
        let start = key + base64Key.count
        guard let end = text[start..<keys.upperBound].firstIndex(of: UInt8(ascii: "\"")),
            let bytes = bytes(base64: text[start..<end])
        else { return false }
        raw = bytes
        return true
    }
}

import Index
import Parse

/// Writes JSON as bytes.
///
/// Strings come as bytes too, and what is not UTF-8 in them is shown as U+FFFD.
package struct JSONText: Sendable {
    package private(set) var bytes: [UInt8] = []
    private var needsComma = false
    private var renderer = TimeRenderer()
    private var lastDay: (day: Day, text: [UInt8])?
    /// How the fields of the last events are written.
    var layouts = EventLayouts()

    package init() {}

    package mutating func object(_ body: (inout JSONText) -> Void) {
        separate()
        bytes.append(UInt8(ascii: "{"))
        needsComma = false
        body(&self)
        bytes.append(UInt8(ascii: "}"))
        needsComma = true
    }

    package mutating func array(_ body: (inout JSONText) -> Void) {
        separate()
        bytes.append(UInt8(ascii: "["))
        needsComma = false
        body(&self)
        bytes.append(UInt8(ascii: "]"))
        needsComma = true
    }

    package mutating func key(_ name: String) {
        string(name)
        bytes.append(UInt8(ascii: ":"))
        needsComma = false
    }

    package mutating func string(_ text: String) {
        var text = text
        text.makeContiguousUTF8()
        separate()
        bytes.append(UInt8(ascii: "\""))
        Self.appendEscaped(text.utf8.span, to: &bytes)
        bytes.append(UInt8(ascii: "\""))
        needsComma = true
    }

    /// Writes a key as `encodedKey` made it.
    mutating func key(encoded: [UInt8]) {
        separate()
        bytes.append(contentsOf: encoded)
        needsComma = false
    }

    /// A key with its quotes and its colon.
    static func encodedKey(_ name: String) -> [UInt8] {
        var json = JSONText()
        json.key(name)
        return json.bytes
    }

    package mutating func string(_ text: [UInt8]) {
        if Self.plainEnd(text.span, from: 0) == text.count {
            separate()
            bytes.append(UInt8(ascii: "\""))
            bytes.append(contentsOf: text)
            bytes.append(UInt8(ascii: "\""))
            needsComma = true
            return
        }
        guard UTF8Text.isValid(text) else { return string(String(decoding: text, as: UTF8.self)) }
        separate()
        bytes.append(UInt8(ascii: "\""))
        Self.appendEscaped(text.span, to: &bytes)
        bytes.append(UInt8(ascii: "\""))
        needsComma = true
    }

    /// The id of an event: its day, which is mostly that of the one before, and its number.
    mutating func id(_ event: FoundEvent) {
        let day = Day(containing: event.time)
        if lastDay?.day != day { lastDay = (day, Array(day.description.utf8)) }
        separate()
        bytes.append(UInt8(ascii: "\""))
        bytes.append(contentsOf: lastDay?.text ?? [])
        bytes.append(UInt8(ascii: "-"))
        bytes.append(contentsOf: String(event.sequence).utf8)
        bytes.append(UInt8(ascii: "\""))
        needsComma = true
    }

    /// A time in RFC 3339, in UTC.
    mutating func time(_ nanoseconds: Int64) {
        separate()
        bytes.append(UInt8(ascii: "\""))
        renderer.render(nanoseconds, as: TimeLayout.utc(nanoseconds), into: &bytes)
        bytes.append(UInt8(ascii: "\""))
        needsComma = true
    }

    package mutating func number(_ value: some FixedWidthInteger) { literal(Array(String(value).utf8)) }

    /// A computed number; null where it is not finite.
    package mutating func number(_ value: Double) {
        if value.isFinite { literal(Array(DecimalText.shortest(value).utf8)) } else { null() }
    }

    package mutating func boolean(_ value: Bool) { literal(Array((value ? "true" : "false").utf8)) }

    package mutating func null() { literal(Array("null".utf8)) }

    /// A number that stands in a line, where its text is a JSON number; else the text as a string.
    package mutating func number(text: [UInt8]) {
        if Self.isNumber(text) { literal(text) } else { string(text) }
    }

    /// Another JSON value, as it is.
    package mutating func value(_ json: [UInt8]) { literal(json) }

    /// Forgets what was written, and keeps the room for it.
    mutating func removeAll() {
        bytes.removeAll(keepingCapacity: true)
        needsComma = false
    }

    /// Ends a line of newline-delimited JSON.
    package mutating func endLine() {
        bytes.append(UInt8(ascii: "\n"))
        needsComma = false
    }

    private mutating func literal(_ text: [UInt8]) {
        separate()
        bytes.append(contentsOf: text)
        needsComma = true
    }

    private mutating func separate() {
        if needsComma { bytes.append(UInt8(ascii: ",")) }
    }

    /// The first byte that is not plain (ASCII that stands in a string as it is); the end where all are.
    ///
    /// Eight bytes at a time: the high bit of each becomes one where it is not plain.
    private static func plainEnd(_ text: Span<UInt8>, from start: Int) -> Int {
        let bytes = unsafe text.bytes
        let ones: UInt64 = 0x0101_0101_0101_0101
        var place = start
        while place + 8 <= text.count {
            let word = unsafe bytes.unsafeLoadUnaligned(fromByteOffset: place, as: UInt64.self)
            let quote = word ^ (ones &* 0x22)
            let backslash = word ^ (ones &* 0x5C)
            let delete = word ^ (ones &* 0x7F)
            // A byte from 0x80 on says so by itself; of the others, a borrow shows what is too small, or 0.
            let marks =
                word | (word &- ones &* 0x20) | (quote &- ones) | (backslash &- ones) | (delete &- ones)
            if marks & (ones &* 0x80) != 0 { break }
            place += 8
        }
        while place < text.count {
            let byte = text[place]
            if byte < 0x20 || byte >= 0x7F || byte == 0x22 || byte == 0x5C { break }
            place += 1
        }
        return place
    }

    /// Appends UTF-8 as it stands in a string.
    static func appendEscaped(_ text: Span<UInt8>, to bytes: inout [UInt8]) {
        var start = 0
        var next = 0
        while true {
            let place = plainEnd(text, from: next)
            if place == text.count { break }
            next = place + 1
            let byte = text[place]
            if byte >= 0x20, byte != 0x22, byte != 0x5C, byte < 0x7F || byte > 0x9F { continue }
            // The controls from U+0080 to U+009F are C2 and their own number.
            let isControl = byte >= 0x80 && place > 0 && text[place - 1] == 0xC2
            if byte >= 0x80, !isControl { continue }
            append(text, start..<(isControl ? place - 1 : place), to: &bytes)
            start = place + 1
            switch byte {
            case 0x22: bytes.append(contentsOf: "\\\"".utf8)
            case 0x5C: bytes.append(contentsOf: "\\\\".utf8)
            case 0x0A: bytes.append(contentsOf: "\\n".utf8)
            case 0x0D: bytes.append(contentsOf: "\\r".utf8)
            case 0x09: bytes.append(contentsOf: "\\t".utf8)
            default: appendEscape(UInt32(byte), to: &bytes)
            }
        }
        append(text, start..<text.count, to: &bytes)
    }

    @inline(__always)
    private static func append(_ text: Span<UInt8>, _ range: Range<Int>, to bytes: inout [UInt8]) {
        unsafe text.extracting(range).withUnsafeBufferPointer { unsafe bytes.append(contentsOf: $0) }
    }

    /// Appends `\u202e`; `value` has at most 16 bits.
    static func appendEscape(_ value: UInt32, to bytes: inout [UInt8]) {
        let digits = Array("0123456789abcdef".utf8)
        bytes.append(contentsOf: "\\u".utf8)
        for shift in [12, 8, 4, 0] { bytes.append(digits[Int(value >> UInt32(shift)) & 15]) }
    }

    /// `-?(0|[1-9]digits)(.digits)?`, at most 18 characters, so that every reader takes it for the same number.
    static func isNumber(_ text: [UInt8]) -> Bool {
        guard text.count <= 18 else { return false }
        var rest = text[...]
        if rest.first == UInt8(ascii: "-") { rest.removeFirst() }
        let whole = rest.prefix { $0 >= 0x30 && $0 <= 0x39 }
        guard !whole.isEmpty, whole.count == 1 || whole.first != 0x30 else { return false }
        rest = rest.dropFirst(whole.count)
        guard rest.first == UInt8(ascii: ".") else { return rest.isEmpty }
        let fraction = rest.dropFirst()
        return !fraction.isEmpty && fraction.allSatisfy { $0 >= 0x30 && $0 <= 0x39 }
    }
}

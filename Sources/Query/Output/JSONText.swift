/// Writes JSON as bytes.
///
/// Strings come as bytes too, and what is not UTF-8 in them is shown as U+FFFD.
package struct JSONText: Sendable {
    package private(set) var bytes: [UInt8] = []
    private var needsComma = false

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
        string(Array(name.utf8))
        bytes.append(UInt8(ascii: ":"))
        needsComma = false
    }

    package mutating func string(_ text: String) { string(Array(text.utf8)) }

    package mutating func string(_ text: [UInt8]) {
        separate()
        bytes.append(UInt8(ascii: "\""))
        if text.allSatisfy({ $0 >= 0x20 && $0 < 0x7F && $0 != 0x22 && $0 != 0x5C }) {
            bytes.append(contentsOf: text)
        } else {
            for scalar in String(decoding: text, as: UTF8.self).unicodeScalars { append(scalar) }
        }
        bytes.append(UInt8(ascii: "\""))
        needsComma = true
    }

    package mutating func number(_ value: some FixedWidthInteger) { literal(Array(String(value).utf8)) }

    package mutating func boolean(_ value: Bool) { literal(Array((value ? "true" : "false").utf8)) }

    package mutating func null() { literal(Array("null".utf8)) }

    /// A number that stands in a line, where its text is a JSON number; else the text as a string.
    package mutating func number(text: [UInt8]) {
        if Self.isNumber(text) { literal(text) } else { string(text) }
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

    private mutating func append(_ scalar: Unicode.Scalar) {
        switch scalar {
        case "\"": bytes.append(contentsOf: "\\\"".utf8)
        case "\\": bytes.append(contentsOf: "\\\\".utf8)
        case "\n": bytes.append(contentsOf: "\\n".utf8)
        case "\r": bytes.append(contentsOf: "\\r".utf8)
        case "\t": bytes.append(contentsOf: "\\t".utf8)
        case "\u{0}"..<" ", "\u{7F}"..."\u{9F}":
            let digits = Array("0123456789abcdef".utf8)
            bytes.append(contentsOf: "\\u00".utf8)
            bytes.append(digits[Int(scalar.value >> 4) & 15])
            bytes.append(digits[Int(scalar.value) & 15])
        default: bytes.append(contentsOf: String(scalar).utf8)
        }
    }

    /// `-?(0|[1-9]digits)(.digits)?`, at most 18 characters, so that every reader takes it for the same number.
    private static func isNumber(_ text: [UInt8]) -> Bool {
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

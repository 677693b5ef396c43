extension ResultText {
    /// Text that can do nothing to a terminal: control characters and marks that turn the direction of writing are
    /// shown as what they are, bytes that are not UTF-8 as `\xhh`.
    package static func printable(_ bytes: [UInt8], keepsLines: Bool = false) -> [UInt8] {
        if bytes.allSatisfy(isPlain) { return bytes }
        var output: [UInt8] = []
        appendPrintable(bytes, keepsLines: keepsLines, to: &output)
        return output
    }

    /// Appends the printable text.
    ///
    /// `keepsLines`: line feeds stay.
    static func appendPrintable(_ bytes: [UInt8], keepsLines: Bool = false, to output: inout [UInt8]) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let plain = rest.prefix(while: isPlain)
            output += plain
            rest = rest[plain.endIndex...]
            guard let first = rest.first else { return }
            guard let (scalar, length) = scalar(at: rest) else {
                output += escape(UInt32(first), "\\x", digits: 2)
                rest = rest.dropFirst()
                continue
            }
            switch scalar.value {
            case 0x09: output.append(0x09)
            case 0x0A where keepsLines: output.append(0x0A)
            case ..<0x20, 0x7F...0x9F: output += escape(scalar.value, "\\x", digits: 2)
            case _ where isDirectionMark(scalar):
                output += Array("<U+".utf8) + escape(scalar.value, "", digits: 4) + [UInt8(ascii: ">")]
            default: output += rest.prefix(length)
            }
            rest = rest.dropFirst(length)
        }
    }

    /// Marks that turn the direction of writing, and separators of lines.
    static func isDirectionMark(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x061C, 0x200E...0x200F, 0x2028...0x202E, 0x2066...0x2069: true
        default: false
        }
    }

    /// The character that the bytes begin with, and its length; nil where they are not UTF-8.
    static func scalar(at bytes: ArraySlice<UInt8>) -> (Unicode.Scalar, Int)? {
        var iterator = bytes.prefix(4).makeIterator()
        var decoder = UTF8()
        guard case .scalarValue(let scalar) = decoder.decode(&iterator) else { return nil }
        return (scalar, UTF8.width(scalar))
    }

    @inline(__always)
    private static func isPlain(_ byte: UInt8) -> Bool { byte >= 0x20 && byte < 0x7F }

    private static func escape(_ value: UInt32, _ prefix: String, digits: Int) -> [UInt8] {
        let hex = String(value, radix: 16, uppercase: prefix.isEmpty)
        return Array((prefix + String(repeating: "0", count: max(0, digits - hex.count)) + hex).utf8)
    }
}

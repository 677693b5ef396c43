/// Writes `key=value` pairs.
///
/// What Go's logfmt reads: values in quotes where they need them, with the escapes of JSON.
enum LogfmtText {
    /// Appends a pair to a line, and a space before it where the line has begun.
    static func append(_ key: String, _ value: [UInt8], to output: inout [UInt8]) {
        if !output.isEmpty { output.append(0x20) }
        for byte in key.utf8 {
            // A key has no quotes: what would end it is replaced.
            let isPlain =
                byte > 0x20 && byte < 0x7F && byte != UInt8(ascii: "=") && byte != UInt8(ascii: "\"")
            output.append(isPlain ? byte : UInt8(ascii: "_"))
        }
        output.append(UInt8(ascii: "="))
        if value.allSatisfy(isPlain) {
            // Nothing behind the sign would read as "true" with some readers.
            output += value.isEmpty ? Array("\"\"".utf8) : value
        } else {
            appendQuoted(value, to: &output)
        }
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        byte > 0x20 && byte < 0x7F && byte != UInt8(ascii: "=") && byte != UInt8(ascii: "\"")
            && byte != UInt8(ascii: "\\")
    }

    private static func appendQuoted(_ value: [UInt8], to output: inout [UInt8]) {
        output.append(UInt8(ascii: "\""))
        // Marks of direction begin with these bytes, as does much else.
        if UTF8Text.isValid(value), !value.contains(where: { $0 == 0xD8 || $0 == 0xE2 }) {
            JSONText.appendEscaped(value.span, to: &output)
        } else {
            for scalar in String(decoding: value, as: UTF8.self).unicodeScalars {
                if ResultText.isDirectionMark(scalar) {
                    JSONText.appendEscape(scalar.value, to: &output)
                } else {
                    JSONText.appendEscaped(Array(String(scalar).utf8).span, to: &output)
                }
            }
        }
        output.append(UInt8(ascii: "\""))
    }
}

/// What lines have in common that differ in numbers, ids and quoted texts only.
enum LineShape {
    /// Bytes of a line that count.
    private static let most = 400

    /// The line with `#` for numbers and ids, `"…"` for quoted texts, and `*` for values behind `=`.
    static func of(_ line: [UInt8]) -> String {
        let bytes = Array(line.prefix(most))
        var shape: [UInt8] = []
        var at = 0
        while at < bytes.count {
            let byte = bytes[at]
            if byte == UInt8(ascii: "\""), let close = bytes[(at + 1)...].firstIndex(of: byte) {
                shape += Array("\"…\"".utf8)
                at = close + 1
                continue
            }
            guard isWord(byte) else {
                shape.append(byte < 0x20 || byte == 0x7F ? 0x20 : byte)
                at += 1
                continue
            }
            var end = at
            var hasDigit = false
            while end < bytes.count, isWord(bytes[end]) || isJoint(bytes, end) {
                hasDigit = hasDigit || (0x30...0x39).contains(bytes[end])
                end += 1
            }
            shape += hasDigit ? [UInt8(ascii: "#")] : Array(bytes[at..<end])
            at = end
        }
        return String(decoding: shape, as: UTF8.self)
    }

    private static func isWord(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
            || byte == 0x5F || byte >= 0x80
    }

    /// A point, colon, hyphen or slash between digits: of an address, a clock, a date, a version.
    private static func isJoint(_ bytes: [UInt8], _ at: Int) -> Bool {
        guard ".:-/".utf8.contains(bytes[at]), at > 0, at + 1 < bytes.count else { return false }
        return (0x30...0x39).contains(bytes[at - 1]) && (0x30...0x39).contains(bytes[at + 1])
    }
}

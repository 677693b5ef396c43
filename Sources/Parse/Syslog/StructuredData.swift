/// The extent of RFC 5424 §6.3 structured data: one or more `[id name="value" …]`.
///
/// The scan is lenient about where the data ends, so that the message behind slightly broken data is still
/// found, and strict about whether it is valid.
struct StructuredData {
    /// The offset behind the last `]`; nil where an element or a quote does not end.
    private(set) var end: Int?
    private(set) var isValid = true

    /// Reads from the `[` at `start`.
    init(_ bytes: Span<UInt8>, from start: Int, to limit: Int) {
        var ids = InlineArray<64, ByteRange>(repeating: ByteRange(start: 0, end: 0))
        var count = 0
        var at = start
        while at < limit, bytes[at] == UInt8(ascii: "[") {
            let idStart = at &+ 1
            let idEnd = readName(bytes, idStart, limit)
            guard let next = readElement(bytes, idEnd, limit) else {
                isValid = false
                return
            }
            at = next
            if count == min(ids.count, ParseLimits.structuredDataElements) {
                isValid = false
                continue
            }
            // §6.3.2: an id must not stand twice.
            for other in 0..<count where Self.same(bytes, ids[other].range, idStart..<idEnd) {
                isValid = false
            }
            ids[count] = ByteRange(idStart..<idEnd)
            count &+= 1
        }
        end = at
    }

    /// Reads an element from behind its id, and returns the offset behind its `]`.
    private mutating func readElement(_ bytes: Span<UInt8>, _ start: Int, _ limit: Int) -> Int? {
        var at = start
        while at < limit {
            switch bytes[at] {
            case UInt8(ascii: "]"):
                return at &+ 1
            case UInt8(ascii: " "):
                at &+= 1
                // A blank before `]` has no meaning in the grammar, and is met in the wild.
                if at < limit, bytes[at] == UInt8(ascii: "]") || bytes[at] == UInt8(ascii: " ") { continue }
                at = readName(bytes, at, limit)
                guard at < limit, bytes[at] == UInt8(ascii: "=") else {
                    isValid = false
                    continue
                }
                // `name= "value"` occurs in the examples of other parsers.
                at = bytes.skipBlanks(from: at &+ 1, to: limit)
                guard at < limit, bytes[at] == UInt8(ascii: "\"") else {
                    isValid = false
                    continue
                }
                guard let next = readValue(bytes, at &+ 1, limit) else { return nil }
                at = next
            case UInt8(ascii: "\""):
                isValid = false
                guard let next = readValue(bytes, at &+ 1, limit) else { return nil }
                at = next
            default:
                isValid = false
                at &+= 1
            }
        }
        return nil
    }

    /// Reads an SD-NAME: no blank, `=`, `]` or quote.
    ///
    /// Returns the offset behind it.
    private mutating func readName(_ bytes: Span<UInt8>, _ start: Int, _ limit: Int) -> Int {
        var at = start
        while at < limit, Self.isNameByte(bytes[at]) { at &+= 1 }
        if at == start || at &- start > ParseLimits.fieldNameBytes { isValid = false }
        return at
    }

    /// Reads a value from behind its opening quote.
    ///
    /// Returns the offset behind the closing one.
    private mutating func readValue(_ bytes: Span<UInt8>, _ start: Int, _ limit: Int) -> Int? {
        var at = start
        while at < limit {
            switch bytes[at] {
            case UInt8(ascii: "\""): return at &+ 1
            // A backslash keeps any byte behind it from ending the value; only `"`, `\` and `]` are escapes.
            case UInt8(ascii: "\\"): at &+= 2
            case UInt8(ascii: "]"):
                isValid = false
                at &+= 1
            default: at &+= 1
            }
        }
        return nil
    }

    private static func same(_ bytes: Span<UInt8>, _ one: Range<Int>, _ other: Range<Int>) -> Bool {
        guard one.count == other.count else { return false }
        for index in 0..<one.count where bytes[one.lowerBound &+ index] != bytes[other.lowerBound &+ index] {
            return false
        }
        return true
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: " "), UInt8(ascii: "="), UInt8(ascii: "]"), UInt8(ascii: "\""): false
        default: true
        }
    }
}

package import Parse

/// How a raw line is put together from literal text and the values of columns.
///
/// A block holds each distinct shape once, so that the text which all lines of a format share costs next to
/// nothing.
///
///     "<" hole pri ">1 " time " " hole host " " hole program … begin message hole client_ip " - - [" time "] \""
///
/// As bytes, in the block's shape column, each element is a tag and its arguments, little-endian:
///
///     01 length:u16 bytes                       literal text
///     02 column:u16                             the value of a column
///     03 style:u8 zone:u8 digits:u8 minutes:i16 the event's time, written in a layout
///     04 column:u16                             the text from here to the matching 05 is a value of this field
///     05                                        end of the innermost 04
///     06 column:u16                             a value that does not stand in the raw line
package struct Shape: Sendable {
    package enum Element: Equatable, Sendable {
        case literal(Range<Int>)
        case hole(column: Int)
        case time(TimeLayout)
        case begin(column: Int)
        case end
        case derived(column: Int)
    }

    /// The encoded form, which the literal ranges point into.
    package let bytes: [UInt8]
    package let elements: [Element]
    /// No value can run into the text beside it to form one token or one IP address: words are found value by
    /// value.
    package let isClean: Bool

    enum Tag {
        static let literal: UInt8 = 1
        static let hole: UInt8 = 2
        static let time: UInt8 = 3
        static let begin: UInt8 = 4
        static let end: UInt8 = 5
        static let derived: UInt8 = 6
    }

    /// Reads an encoded shape of a block with `columns` columns.
    init(_ encoded: ArraySlice<UInt8>, columns: Int) throws(StoreError) {
        bytes = Array(encoded)
        var reader = ByteReader(bytes)
        var elements: [Element] = []
        var depth = 0
        func column(_ reader: inout ByteReader) throws(StoreError) -> Int {
            let index = Int(try reader.integer(UInt16.self))
            guard index < columns else { throw .damaged("a shape names column \(index) of \(columns)") }
            return index
        }
        while reader.remaining > 0 {
            switch try reader.byte() {
            case Tag.literal:
                let count = Int(try reader.integer(UInt16.self))
                elements.append(.literal(try reader.range(count)))
            case Tag.hole: elements.append(.hole(column: try column(&reader)))
            case Tag.time:
                let style = TimeLayout.Style(rawValue: try reader.byte())
                let zone = TimeLayout.Zone(rawValue: try reader.byte())
                let digits = try reader.byte()
                let minutes = try reader.integer(Int16.self)
                guard let style, let zone, digits <= 9 else {
                    throw .damaged("a shape with an unknown time layout")
                }
                elements.append(
                    .time(TimeLayout(style, zone: zone, fractionDigits: digits, offsetMinutes: minutes)))
            case Tag.begin:
                elements.append(.begin(column: try column(&reader)))
                depth += 1
            case Tag.end:
                elements.append(.end)
                depth -= 1
            case Tag.derived: elements.append(.derived(column: try column(&reader)))
            case let tag: throw .damaged("a shape with an unknown tag \(tag)")
            }
            guard depth >= 0 else { throw .damaged("a shape that ends a span which did not begin") }
        }
        guard depth == 0 else { throw .damaged("a shape with a span that does not end") }
        self.elements = elements
        isClean = Self.isClean(elements, bytes)
    }

    /// Every hole and time stands between two bytes that cannot be part of a token or an address, whatever its
    /// value; and no token runs from one literal into the next.
    private static func isClean(_ elements: [Element], _ bytes: [UInt8]) -> Bool {
        func joins(_ byte: UInt8) -> Bool { Token.isTokenByte(byte) || byte == UInt8(ascii: ".") }
        var afterValue = false
        var lastIsToken = false
        for element in elements {
            switch element {
            case .literal(let range):
                guard let first = bytes[range].first, let last = bytes[range].last else { continue }
                if (afterValue || lastIsToken) && joins(first) { return false }
                afterValue = false
                lastIsToken = joins(last)
            case .hole, .time:
                if afterValue || lastIsToken { return false }
                afterValue = true
                lastIsToken = false
            case .begin, .end, .derived: continue
            }
        }
        return true
    }
}

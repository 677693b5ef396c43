import Parse

/// UTF-8 as a JSON string (RFC 8259 §7), and back, byte for byte.
///
/// A byte that is part of no well-formed UTF-8 becomes U+FFFD, and what it was has to stand elsewhere: no string of JSON
/// can say it so that every reader takes it.
enum JSONBytes {
    private static let replacement: [UInt8] = [0xEF, 0xBF, 0xBD]

    /// Appends the string with its quotes; false where it was not UTF-8.
    @discardableResult
    static func append(_ text: Span<UInt8>, to output: inout [UInt8]) -> Bool {
        var isUTF8 = true
        output.append(UInt8(ascii: "\""))
        var start = 0
        var place = 0
        while place < text.count {
            place = text.plainEnd(from: place)
            guard place < text.count else { break }
            let byte = text[place]
            if byte >= 0x80 {
                let length = text.sequenceLength(at: place, to: text.count)
                if length > 0 {
                    place += length
                    continue
                }
            }
            output.append(text.extracting(start..<place))
            if byte < 0x80 {
                appendEscape(byte, to: &output)
            } else {
                output += replacement
                isUTF8 = false
            }
            place += 1
            start = place
        }
        output.append(text.extracting(start..<text.count))
        output.append(UInt8(ascii: "\""))
        return isUTF8
    }

    /// Whether some text holds a sign that stands for what is no UTF-8, or for itself.
    static func holdsReplacement(_ text: [UInt8]) -> Bool {
        text.span.place(of: replacement, in: 0..<text.count) != nil
    }

    private static func appendEscape(_ byte: UInt8, to output: inout [UInt8]) {
        output.append(UInt8(ascii: "\\"))
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): output.append(byte)
        case 0x09: output.append(UInt8(ascii: "t"))
        case 0x0A: output.append(UInt8(ascii: "n"))
        case 0x0D: output.append(UInt8(ascii: "r"))
        default:
            output += "u00".utf8
            for digit in [byte >> 4, byte & 15] { output.append(digit < 10 ? digit + 0x30 : digit + 0x57) }
        }
    }

    /// Appends what the string between two quotes means; false where it is none.
    static func appendValue(_ json: Span<UInt8>, to output: inout [UInt8]) -> Bool {
        var place = 0
        while place < json.count {
            let start = place
            place = json.firstBackslash(from: place)
            output.append(json.extracting(start..<place))
            guard place < json.count else { return true }
            guard place + 1 < json.count else { return false }
            let letter = json[place + 1]
            place += 2
            switch letter {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): output.append(letter)
            case UInt8(ascii: "t"): output.append(0x09)
            case UInt8(ascii: "n"): output.append(0x0A)
            case UInt8(ascii: "r"): output.append(0x0D)
            case UInt8(ascii: "u"):
                guard let value = hex(json, place) else { return false }
                place += 4
                // What `append` writes, and nothing else.
                guard value < 0x80 else { return false }
                output.append(UInt8(truncatingIfNeeded: value))
            default: return false
            }
        }
        return true
    }

    private static func hex(_ json: Span<UInt8>, _ place: Int) -> Int? {
        guard place + 4 <= json.count else { return nil }
        var value = 0
        for index in place..<place + 4 {
            switch json[index] {
            case 0x30...0x39: value = value << 4 | Int(json[index] - 0x30)
            case 0x61...0x66: value = value << 4 | Int(json[index] - 0x57)
            case 0x41...0x46: value = value << 4 | Int(json[index] - 0x37)
            default: return nil
            }
        }
        return value
    }
}

extension Span where Element == UInt8 {
    /// The first byte from `start` on that does not stand in a JSON string as it is, or the end.
    ///
    /// Eight bytes at a time: the high bit of each becomes one where it is not plain.
    fileprivate func plainEnd(from start: Int) -> Int {
        let bytes = unsafe self.bytes
        let ones: UInt64 = 0x0101_0101_0101_0101
        var place = start
        while place + 8 <= count {
            let word = unsafe bytes.unsafeLoadUnaligned(fromByteOffset: place, as: UInt64.self)
            let quote = word ^ (ones &* 0x22)
            let backslash = word ^ (ones &* 0x5C)
            // A byte from 0x80 on says so by itself; of the others, a borrow shows what is too small, or 0.
            let marks = word | (word &- ones &* 0x20) | (quote &- ones) | (backslash &- ones)
            if marks & (ones &* 0x80) != 0 { break }
            place += 8
        }
        while place < count {
            let byte = self[place]
            if byte < 0x20 || byte >= 0x80 || byte == 0x22 || byte == 0x5C { break }
            place += 1
        }
        return place
    }

    /// The first backslash from `start` on, or the end.
    fileprivate func firstBackslash(from start: Int) -> Int {
        let bytes = unsafe self.bytes
        let ones: UInt64 = 0x0101_0101_0101_0101
        var place = start
        while place + 8 <= count {
            let word = unsafe bytes.unsafeLoadUnaligned(fromByteOffset: place, as: UInt64.self)
            let backslash = word ^ (ones &* 0x5C)
            if (backslash &- ones) & ~backslash & (ones &* 0x80) != 0 { break }
            place += 8
        }
        while place < count, self[place] != 0x5C { place += 1 }
        return place
    }
}

/// The members of one JSON object, for code that looks for a few by name; nested values are texts.
struct JSONMembers {
    struct Member {
        var name: [UInt8]
        /// Without quotes, where it is a string.
        fileprivate var range: Range<Int>
        fileprivate var isString: Bool
        fileprivate var isEscaped: Bool

        /// The value as it is meant: a list of small numbers, as journald writes bytes that are no text, is their
        /// text.
        func value(_ bytes: Span<UInt8>) -> [UInt8] {
            var text: [UInt8] = []
            if isEscaped {
                Escapes.json.append(bytes, range, to: &text)
            } else if !isString, let octets = octets(bytes) {
                text = octets
            } else {
                text.append(bytes, range)
            }
            return text
        }

        private func octets(_ bytes: Span<UInt8>) -> [UInt8]? {
            guard let first = range.first, bytes[first] == UInt8(ascii: "[") else { return nil }
            var text: [UInt8] = []
            var number: Int?
            for index in first &+ 1..<range.upperBound {
                switch bytes[index] {
                case UInt8(ascii: "0")...UInt8(ascii: "9"):
                    let value = (number ?? 0) &* 10 &+ Int(bytes[index] &- 48)
                    guard value < 256 else { return nil }
                    number = value
                case UInt8(ascii: ","), UInt8(ascii: "]"):
                    guard let value = number else { return nil }
                    text.append(UInt8(value))
                    number = nil
                case UInt8(ascii: " "): break
                default: return nil
                }
            }
            return text
        }
    }

    private(set) var all: [Member] = []
    /// Whether the object ends within the bytes, without an error.
    private(set) var isWhole = false
    /// The offset after the object.
    private(set) var end: Int

    /// Reads the object whose `{` begins `range`.
    init(_ bytes: Span<UInt8>, _ range: Range<Int>) {
        end = range.upperBound
        var at = JSONScan.skipSpace(bytes, range.lowerBound &+ 1, end)
        while all.count < ParseLimits.fields, at < end, bytes[at] == UInt8(ascii: "\"") {
            let name = JSONScan.stringEnd(bytes, at &+ 1, end)
            guard name.end < end else { return }
            var key: [UInt8] = []
            key.append(bytes, at &+ 1..<name.end)
            at = JSONScan.skipSpace(bytes, name.end &+ 1, end)
            guard at < end, bytes[at] == UInt8(ascii: ":") else { return }
            at = JSONScan.skipSpace(bytes, at &+ 1, end)
            guard at < end, let next = readValue(bytes, key, at) else { return }
            at = JSONScan.skipSpace(bytes, next, end)
            guard at < end else { return }
            if bytes[at] == UInt8(ascii: "}") {
                isWhole = true
                end = at &+ 1
                return
            }
            guard bytes[at] == UInt8(ascii: ",") else { return }
            at = JSONScan.skipSpace(bytes, at &+ 1, end)
        }
    }

    /// Adds the value at an offset, and returns the offset after it.
    private mutating func readValue(_ bytes: Span<UInt8>, _ key: [UInt8], _ at: Int) -> Int? {
        switch bytes[at] {
        case UInt8(ascii: "\""):
            let close = JSONScan.stringEnd(bytes, at &+ 1, end)
            guard close.end < end else { return nil }
            all.append(
                Member(name: key, range: at &+ 1..<close.end, isString: true, isEscaped: close.isEscaped))
            return close.end &+ 1
        case UInt8(ascii: "{"), UInt8(ascii: "["):
            let close = JSONScan.skipNested(bytes, at, end).end
            all.append(Member(name: key, range: at..<close, isString: false, isEscaped: false))
            return close
        default:
            let close = JSONScan.scalarEnd(bytes, at, end)
            guard close > at else { return nil }
            all.append(Member(name: key, range: at..<close, isString: false, isEscaped: false))
            return close
        }
    }

    /// The value of a name; nil where the object does not have it.
    func value(_ name: String, _ bytes: Span<UInt8>) -> [UInt8]? {
        all.first { $0.name.elementsEqual(name.utf8) }?.value(bytes)
    }
}

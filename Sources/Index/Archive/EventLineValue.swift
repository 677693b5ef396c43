import Parse

/// The value of a key of an event's line: a string, bytes in base64, or an array of those and of nulls.
struct EventLineValue {
    private let bytes: [UInt8]
    private var place: Int
    private let end: Int

    private static let object = Array("{\"base64\":\"".utf8)

    init(_ bytes: [UInt8], _ range: Range<Int>) {
        self.bytes = bytes
        place = range.lowerBound
        end = range.upperBound
    }

    /// Appends the value of a number; false where there is none of it.
    mutating func append(_ number: Int, to output: inout [UInt8]) throws(StoreError) -> Bool {
        guard place < end else { return false }
        if bytes[place] != UInt8(ascii: "[") { return number == 0 ? try appendOne(to: &output) : false }
        place += 1
        for index in 0...number {
            guard place < end else { return false }
            let isNull = bytes[place] == UInt8(ascii: "n")
            if index == number { return isNull ? false : try appendOne(to: &output) }
            var skipped: [UInt8] = []
            if isNull { place = min(place + 4, end) } else { _ = try appendOne(to: &skipped) }
            guard place < end, bytes[place] == UInt8(ascii: ",") else { return false }
            place += 1
        }
        return false
    }

    /// Appends the string or the bytes that begin here, and goes behind them.
    private mutating func appendOne(to output: inout [UInt8]) throws(StoreError) -> Bool {
        let isObject = bytes[place] == UInt8(ascii: "{")
        if isObject {
            guard bytes.span.place(of: Self.object, in: place..<min(place + Self.object.count, end)) != nil
            else {
                throw .damaged("an archived value that is neither a string nor base64")
            }
            place += Self.object.count - 1
        }
        guard place < end, bytes[place] == UInt8(ascii: "\"") else {
            throw .damaged("an archived value that is no string")
        }
        let start = place + 1
        place = start
        while place < end, bytes[place] != UInt8(ascii: "\"") {
            place += bytes[place] == UInt8(ascii: "\\") ? 2 : 1
        }
        guard place < end else { throw .damaged("an archived string without an end") }
        let string = start..<place
        place += isObject ? 2 : 1
        if isObject {
            guard let value = EventLine.bytes(base64: bytes[string]) else {
                throw .damaged("an archived value that is no base64")
            }
            output += value
        } else if !JSONBytes.appendValue(bytes.span.extracting(string), to: &output) {
            throw .damaged("an archived value that is no string")
        }
        return true
    }
}

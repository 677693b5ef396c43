import Parse

/// Reads an archived day back.
enum PartCheck {
    /// The sum over the lines of some members, each with its own time and number as its keys have them; throws what is
    /// wrong with one.
    static func sum(
        of members: [ArchiveMember], in file: ArchiveFile, _ expander: DeflateExpander
    ) throws(StoreError) -> LineSum {
        var sum = LineSum()
        var raw: [UInt8] = []
        for member in members {
            let text = try file.text(of: member, expander, isThorough: true)
            let before = sum.events
            var start = 0
            for end in text.indices where text[end] == 0x0A {
                let line = start..<end
                start = end + 1
                guard let id = EventLine.parts(of: text, line, &raw) else {
                    throw .damaged("\(file.path): a line of the member at byte \(member.offset) is no event")
                }
                sum.add(raw, time: id.time, sequence: id.sequence)
            }
            guard start == text.count, sum.events - before == member.events else {
                throw .damaged(
                    "\(file.path): the member at byte \(member.offset) has not \(member.events) lines")
            }
        }
        return sum
    }
}

extension EventLine {
    /// The time, the number and the raw line of an event; nil where a line is none.
    ///
    /// - `line`: without its line end.
    static func parts(
        of text: [UInt8], _ line: Range<Int>, _ raw: inout [UInt8]
    ) -> (time: Int64, sequence: UInt64)? {
        raw.removeAll(keepingCapacity: true)
        guard let key = text.span.place(of: rawKey, in: line), key + rawKey.count + 2 < line.upperBound,
            appendRaw(
                of: text, key + rawKey.count + 1..<line.upperBound - 2, keys: line.lowerBound..<key, to: &raw),
            let time = time(of: text, line), let sequence = sequence(of: text, line)
        else { return nil }
        return (time, sequence)
    }

    private static let timeKey = Array("{\"time\":\"".utf8)
    private static let idKey = Array(",\"id\":\"".utf8)

    /// The time of an event, which begins its line.
    static func time(of text: [UInt8], _ line: Range<Int>) -> Int64? {
        let start = line.lowerBound + timeKey.count
        guard start < line.upperBound, text[line.lowerBound..<start].elementsEqual(timeKey),
            let end = text[start..<line.upperBound].firstIndex(of: UInt8(ascii: "\""))
        else { return nil }
        return TimeReading.rfc3339(Array(text[start..<end]))?.nanoseconds
    }

    /// The number of an event, which ends its id.
    static func sequence(of text: [UInt8], _ line: Range<Int>) -> UInt64? {
        guard let key = text.span.place(of: idKey, in: line),
            let end = text[(key + idKey.count)..<line.upperBound].firstIndex(of: UInt8(ascii: "\"")),
            let dash = text[key..<end].lastIndex(of: UInt8(ascii: "-"))
        else { return nil }
        return UInt64(String(decoding: text[(dash + 1)..<end], as: UTF8.self))
    }
}

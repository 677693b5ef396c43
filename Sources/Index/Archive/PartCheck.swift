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
                raw.removeAll(keepingCapacity: true)
                guard let key = text.span.place(of: EventLine.rawKey, in: line),
                    key + EventLine.rawKey.count + 2 < line.upperBound,
                    EventLine.appendRaw(
                        of: text, key + EventLine.rawKey.count + 1..<line.upperBound - 2,
                        keys: line.lowerBound..<key, to: &raw),
                    let time = EventLine.time(of: text, line), let id = EventLine.sequence(of: text, line)
                else {
                    throw .damaged("\(file.path): a line of the member at byte \(member.offset) is no event")
                }
                sum.add(raw, time: time, sequence: id)
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

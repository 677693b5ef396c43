/// What a segment knows of a block without opening it.
package struct BlockInfo: Sendable {
    /// Counts from 1 within a segment.
    package let id: Int64
    package let events: Int
    /// Earliest and latest event time.
    ///
    /// Nanoseconds since the Unix epoch.
    package let firstTime: Int64
    package let lastTime: Int64
    package let firstSequence: UInt64
    package let lastSequence: UInt64
    /// Bytes of the raw lines.
    package let rawBytes: Int
    /// The forms of words that the block's times can bring.
    ///
    /// See `TimeTerms`.
    package let timeTerms: String

    init(id: Int64, _ block: Block, timeTerms: String) {
        self.id = id
        events = block.count
        firstTime = block.times.min() ?? 0
        lastTime = block.times.max() ?? 0
        firstSequence = block.sequences.first ?? 0
        lastSequence = block.sequences.last ?? 0
        rawBytes = block.rawBytes
        self.timeTerms = timeTerms
    }

    init(
        id: Int64, events: Int, firstTime: Int64, lastTime: Int64, firstSequence: UInt64,
        lastSequence: UInt64,
        rawBytes: Int, timeTerms: String
    ) {
        self.id = id
        self.events = events
        self.firstTime = firstTime
        self.lastTime = lastTime
        self.firstSequence = firstSequence
        self.lastSequence = lastSequence
        self.rawBytes = rawBytes
        self.timeTerms = timeTerms
    }

    /// The same block under another number.
    func numbered(_ id: Int64) -> BlockInfo {
        BlockInfo(
            id: id, events: events, firstTime: firstTime, lastTime: lastTime, firstSequence: firstSequence,
            lastSequence: lastSequence, rawBytes: rawBytes, timeTerms: timeTerms)
    }

    /// Stands among the forms of a block whose Bloom filter holds the beginnings of long tokens.
    ///
    /// Blocks of older versions lack it.
    static let beginningsMark = "+"

    var knowsBeginnings: Bool { timeTerms.hasSuffix(Self.beginningsMark) }

    /// Stands before the first and the last time of receipt, in nanoseconds: `r1795348800000000000:1795348860000000000`.
    private static let receiptMark: UInt8 = UInt8(ascii: "r")

    /// The term that says when the events of a block were received; none for a block without events.
    static func receiptTerm(_ received: [Int64]) -> String? {
        guard let first = received.min(), let last = received.max() else { return nil }
        return "r\(first):\(last)"
    }

    /// When the first and the last of the events were received; nil for blocks of older versions.
    package var received: ClosedRange<Int64>? {
        for term in timeTerms.utf8.split(separator: 0x20) where term.first == Self.receiptMark {
            let ends = term.dropFirst().split(separator: UInt8(ascii: ":")).map { Int64(Substring($0)) }
            if ends.count == 2, let first = ends[0], let last = ends[1], first <= last { return first...last }
        }
        return nil
    }

    /// Whether the block's times can write a token of this form.
    package func writesTimes(ofForm form: String) -> Bool {
        timeTerms.split(separator: " ").contains { $0 == form }
    }
}

/// What a query sees: every event that the store had taken when the snapshot was made, each once.
package struct StoreSnapshot: Sendable {
    /// The blocks that are not, or not surely, in a segment.
    package let memory: [Block]
    /// The segments, oldest day first.
    package let segments: [Segment]
    /// The number that the next event was going to have.
    package let nextSequence: UInt64
    /// Blocks of archives that turned out to be damaged, by the path of their lines; empty for all of them.
    private var unreadable: [String: Set<Int64>] = [:]
    /// The oldest event of a day that `memory` holds.
    private let firstInMemory: [Day: UInt64]

    init(memory: [Block], segments: [Segment], nextSequence: UInt64) {
        self.memory = memory
        self.segments = segments
        self.nextSequence = nextSequence
        var first: [Day: UInt64] = [:]
        for block in memory {
            guard let sequence = block.sequences.first else { continue }
            first[block.day] = min(first[block.day] ?? .max, sequence)
        }
        firstInMemory = first
    }

    /// The segments with events behind a number.
    ///
    /// Segments that are not open are opened only if `all`: one that was written to of late is open.
    package func segments(behind sequence: UInt64, all: Bool) throws -> [Segment] {
        try segments.filter { segment in
            // What comes is never archived at once.
            guard segment.part == nil, all || segment.isOpen else { return false }
            return try segment.blocks().contains { $0.lastSequence > sequence }
        }
    }

    /// Whether an event of one of these days has a field of this name.
    package func hasField(_ name: String, inDays isWanted: (Day) -> Bool) throws -> Bool {
        if memory.contains(where: { block in block.names.contains { $0.name == name } }) { return true }
        return try segments.reversed().contains { try isWanted($0.day) && $0.fieldNames().contains(name) }
    }

    /// The names of the fields that events of these days have.
    package func fieldNames(inDays isWanted: (Day) -> Bool) throws -> Set<String> {
        var names = Set(memory.filter { isWanted($0.day) }.flatMap { $0.names.map(\.name) })
        for segment in segments where isWanted(segment.day) { names.formUnion(try segment.fieldNames()) }
        return names
    }

    /// Damaged blocks of one file after which the rest of it is left alone.
    private static let damagedBlocks = 20

    /// Leaves out an archived block that cannot be read.
    package mutating func leaveOut(_ path: String, block: Int64) {
        var blocks = unreadable[path] ?? [0]
        guard !blocks.isEmpty else { return }
        blocks.insert(block)
        unreadable[path] = blocks.count > Self.damagedBlocks ? [] : blocks
    }

    /// The committed blocks of a segment that belong to this snapshot.
    ///
    /// A day's blocks are committed in the order of their events' numbers, so one number tells apart what is
    /// also in `memory`, or came later.
    package func blocks(of segment: Segment) throws -> [BlockInfo] {
        committed(try segment.blocks(), of: segment)
    }

    /// As above, as they are in one view of the segment.
    package func blocks(of view: SegmentReader) -> [BlockInfo] { committed(view.blocks, of: view.segment) }

    private func committed(_ blocks: [BlockInfo], of segment: Segment) -> [BlockInfo] {
        let limit = firstInMemory[segment.day] ?? nextSequence
        guard let path = segment.linesPath, let damaged = unreadable[path] else {
            return blocks.filter { $0.firstSequence < limit }
        }
        return blocks.filter { !damaged.isEmpty && !damaged.contains($0.id) }
    }
}

import Index

/// Hands on every event in the order of time, however many there are, and keeps none.
///
/// An event is due when no block that is still to come can have an older one. Blocks of lines that came late, or of
/// imported files, overlap many others: beyond a number they are closed, and opened again when their turn comes.
struct EventStream: Collector {
    /// One block whose events are not all handed on yet.
    private struct Cursor {
        let match: MatchedBlock
        /// Rows in the order of their places, and which of them is the next.
        let rows: [Int32]
        let places: [Int64]
        let sequences: [UInt64]
        var next = 0

        var key: (Int64, UInt64) { (places[next], sequences[next]) }
    }

    /// Blocks that are open at a time.
    private static let openLimit = 32

    /// The cursor with the oldest event on top.
    private var cursors: [Cursor] = []
    private var open = 0
    private let body: @Sendable (BlockReader, Int) throws -> Bool
    private(set) var isOver = false
    /// What could not be read of an archive: what was handed on cannot be taken back, so the rest follows.
    private(set) var damage: String?

    /// - `body`: takes an event; false ends the stream.
    init(_ body: @escaping @Sendable (BlockReader, Int) throws -> Bool) { self.body = body }

    mutating func wants(_ times: ClosedRange<Int64>) throws -> Bool {
        try emit(before: times.lowerBound)
        return !isOver
    }

    mutating func add(_ match: MatchedBlock) throws {
        let block = try match.reader()
        let places = try block.eventPlaces()
        let sequences = try block.sequences()
        var rows: [Int32] = []
        match.rows.forEach { rows.append(Int32(truncatingIfNeeded: $0)) }
        rows.sort { (places[Int($0)], sequences[Int($0)]) < (places[Int($1)], sequences[Int($1)]) }
        cursors.append(
            Cursor(
                match: match, rows: rows, places: rows.map { places[Int($0)] },
                sequences: rows.map { sequences[Int($0)] }))
        siftUp()
        open += 1
        if open > Self.openLimit {
            for cursor in cursors { cursor.match.release() }
            open = 0
        }
    }

    /// Order is all that a stream is for.
    var canShare: Bool { false }

    mutating func merge(_ other: EventStream) {}

    mutating func endDay() throws { try emit(before: nil) }

    mutating func loses(_ damage: StoreError) -> Bool {
        guard case .unreadableBlock = damage else { return false }
        self.damage = self.damage ?? "\(damage)"
        return true
    }

    /// Hands on all events that stand before a time; all there are for nil.
    ///
    /// None stands before its time, so that no later block has one to come before these.
    private mutating func emit(before end: Int64?) throws {
        while !isOver, let first = cursors.first, end.map({ first.places[first.next] < $0 }) ?? true {
            let wasOpen = first.match.isOpen
            do {
                isOver = try !body(try first.match.reader(), Int(first.rows[first.next]))
            } catch let error as StoreError {
                guard loses(error) else { throw error }
            }
            if !wasOpen { open += 1 }
            cursors[0].next += 1
            if cursors[0].next == first.rows.count {
                cursors.swapAt(0, cursors.count - 1)
                cursors.removeLast()
                open -= 1
            }
            siftDown()
            if open > Self.openLimit {
                for cursor in cursors.dropFirst() { cursor.match.release() }
                open = 1
            }
        }
    }

    private mutating func siftUp() {
        var child = cursors.count - 1
        while child > 0, cursors[child].key < cursors[(child - 1) / 2].key {
            cursors.swapAt(child, (child - 1) / 2)
            child = (child - 1) / 2
        }
    }

    private mutating func siftDown() {
        var parent = 0
        while true {
            var first = parent
            for child in [2 * parent + 1, 2 * parent + 2]
            where child < cursors.count && cursors[child].key < cursors[first].key { first = child }
            if first == parent { return }
            cursors.swapAt(parent, first)
            parent = first
        }
    }
}

import Index

/// Keeps the newest events of a scan: a heap with the oldest of them on top.
///
/// Among events of one time the one with the higher number is the newer one.
struct NewestEvents {
    private struct Hit {
        let time: Int64
        let sequence: UInt64
        let block: BlockReader
        let row: Int

        func isOlder(than other: Hit) -> Bool { (time, sequence) < (other.time, other.sequence) }
    }

    private let limit: Int
    /// Events to keep: one more than the limit, which says whether there are more.
    private let room: Int
    /// Hits of the day in hand: a heap by age.
    private var heap: [Hit] = []
    /// Events of newer days, newest first.
    private var events: [FoundEvent] = []

    init(limit: Int) {
        self.limit = max(0, limit)
        room = limit == .max ? limit : self.limit + 1
    }

    /// Whether more events match than the limit lets through.
    var isTruncated: Bool { events.count + heap.count > limit }

    /// Whether an event up to this time can still be among the newest.
    func wants(_ time: Int64) -> Bool {
        if events.count + heap.count < room { return true }
        return heap.first.map { time >= $0.time } ?? false
    }

    mutating func add(_ block: BlockReader, _ rows: RowSet) throws(StoreError) {
        let times = try block.times()
        let sequences = try block.sequences()
        try rows.forEach { (row) throws(StoreError) in
            push(Hit(time: times[row], sequence: sequences[row], block: block, row: row))
        }
    }

    /// Reads the events of a day while its blocks are open.
    mutating func endDay() throws(StoreError) {
        for hit in heap.sorted(by: { $1.isOlder(than: $0) }) { events.append(try hit.block.event(hit.row)) }
        heap = []
    }

    /// The events, oldest first.
    var result: [FoundEvent] { events.prefix(limit).reversed() }

    private mutating func push(_ hit: Hit) {
        if events.count + heap.count < room {
            heap.append(hit)
            siftUp()
            return
        }
        guard let oldest = heap.first, oldest.isOlder(than: hit) else { return }
        heap[0] = hit
        siftDown()
    }

    private mutating func siftUp() {
        var child = heap.count - 1
        while child > 0, heap[child].isOlder(than: heap[(child - 1) / 2]) {
            heap.swapAt(child, (child - 1) / 2)
            child = (child - 1) / 2
        }
    }

    private mutating func siftDown() {
        var parent = 0
        while true {
            var oldest = parent
            for child in [2 * parent + 1, 2 * parent + 2]
            where child < heap.count && heap[child].isOlder(than: heap[oldest]) { oldest = child }
            if oldest == parent { return }
            heap.swapAt(parent, oldest)
            parent = oldest
        }
    }
}

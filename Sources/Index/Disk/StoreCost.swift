import GRDB

extension StoreCost {
    /// Finds out whose bytes a day holds.
    ///
    /// Of each block it reads the columns `host` and `program`, and how many bytes it takes: the bytes of a line
    /// are the mean of its block. Of a day with many blocks some are looked at, at even distances, and stand for
    /// the others. Nil where the day has none.
    ///
    /// - `segments`: those of the day.
    /// - `snapshot`: leaves out what this one holds in memory.
    /// - `open`: blocks that are in no file yet.
    init?(
        of segments: [Segment], on day: Day, in snapshot: StoreSnapshot?, open: [Block], isWhole: Bool = false
    ) throws {
        var usage = DayUsage(day: day)
        for segment in segments { usage += try DayUsage(of: segment, in: snapshot) }
        usage = usage.adding(open)
        guard usage.events > 0 else { return nil }
        var hosts = CostTable()
        var programs = CostTable()
        for segment in segments {
            try segment.read { view in
                let blocks = snapshot?.blocks(of: view) ?? view.blocks
                let pace = max(1, (blocks.count + DiskLimits.costBlocks - 1) / DiskLimits.costBlocks)
                for index in stride(from: pace / 2, to: blocks.count, by: pace) {
                    let info = blocks[index]
                    guard info.events > 0 else { continue }
                    // Where the lines stand in another file, they go by the bytes that they came with.
                    let stored = (try? view.storedBytes(ofBlock: info.id)) ?? 0
                    let bytes = BlockBytes(raw: Double(max(0, info.rawBytes)), stored: stored)
                    let reader = try view.block(info.id)
                    try hosts.add(reader, "host", bytes)
                    try programs.add(reader, "program", bytes)
                }
            }
        }
        let perByte = hosts.sum.raw > 0 ? hosts.sum.stored / hosts.sum.raw : 0
        for block in open where block.count > 0 {
            let raw = Double(block.rawBytes)
            let bytes = BlockBytes(raw: raw, stored: raw * perByte)
            let reader = BlockReader(block)
            try hosts.add(reader, "host", bytes)
            try programs.add(reader, "program", bytes)
        }
        self.init(
            day: day, isWhole: isWhole, events: usage.events, rawBytes: usage.rawBytes,
            storedBytes: usage.fileBytes, hosts: hosts.largest(of: usage),
            programs: programs.largest(of: usage))
    }
}

/// Bytes of a block, or of a part of one.
private struct BlockBytes {
    var raw = 0.0
    var stored = 0.0
}

/// Adds up what belongs to each value of a field.
private struct CostTable {
    private var shares: [[UInt8]: (events: Double, bytes: BlockBytes)] = [:]
    private(set) var sum = BlockBytes()
    private var events = 0.0

    mutating func add(_ block: BlockReader, _ field: String, _ bytes: BlockBytes) throws {
        sum.raw += bytes.raw
        sum.stored += bytes.stored
        let all = Double(block.count)
        guard all > 0 else { return }
        events += all
        guard let column = block.columns(of: field).first else { return add([], all, of: all, bytes) }
        // In front stand those without a value.
        let counts = try block.counts(of: column, among: RowSet(all: block.count))
        let values = try block.values(of: column)
        for (index, count) in counts.enumerated() where count > 0 {
            guard index > 0 else {
                add([], Double(count), of: all, bytes)
                continue
            }
            guard index - 1 < values.count else { continue }
            add(Array(values[index - 1]), Double(count), of: all, bytes)
        }
    }

    private mutating func add(_ name: [UInt8], _ events: Double, of all: Double, _ bytes: BlockBytes) {
        // Senders choose these names: they must not fill the memory.
        guard shares[name] != nil || shares.count < DiskLimits.costNames else { return }
        var share = shares[name] ?? (0, BlockBytes())
        share.events += events
        share.bytes.raw += bytes.raw * events / all
        share.bytes.stored += bytes.stored * events / all
        shares[name] = share
    }

    /// The largest, scaled from the blocks that were looked at to the whole day.
    func largest(of usage: DayUsage) -> [StoreCost.Share] {
        func scaled(_ part: Double, _ sum: Double, _ whole: UInt64) -> UInt64 {
            sum > 0 ? UInt64(exactly: (part / sum * Double(whole)).rounded()) ?? 0 : 0
        }
        return shares.sorted { left, right in
            let (first, second) = (left.value.bytes, right.value.bytes)
            if first.stored != second.stored { return first.stored > second.stored }
            if first.raw != second.raw { return first.raw > second.raw }
            return left.key.lexicographicallyPrecedes(right.key)
        }.prefix(DiskLimits.costRows).map { name, share in
            let isByRaw = sum.stored == 0
            return StoreCost.Share(
                name: name, events: scaled(share.events, events, usage.events),
                rawBytes: scaled(share.bytes.raw, sum.raw, usage.rawBytes),
                storedBytes: scaled(
                    isByRaw ? share.bytes.raw : share.bytes.stored, isByRaw ? sum.raw : sum.stored,
                    usage.fileBytes))
        }
    }
}

extension SegmentReader {
    /// Bytes of a block's parts: its columns as they are stored, without the index over them.
    fileprivate func storedBytes(ofBlock id: Int64) throws -> Double {
        let sum = try Int64.fetchOne(
            try database.cachedStatement(sql: "SELECT sum(length(data)) FROM part WHERE id BETWEEN ? AND ?"),
            arguments: [
                SegmentSchema.partID(block: id, number: 0),
                SegmentSchema.partID(block: id, number: IndexLimits.columnsPerBlock),
            ])
        return Double(max(0, sum ?? 0))
    }
}

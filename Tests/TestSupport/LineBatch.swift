package import Parse

/// Raw lines made into batches by the real parser, as a listener would.
package struct LineBatch: ~Copyable {
    /// 2026-11-22T12:00:00Z: when lines are received if nothing else is said.
    package static let received: Int64 = 1_795_348_800_000_000_000

    private static let formats: FormatSet = {
        do { return try FormatSet(library: .embedded) } catch { fatalError("the built-in formats: \(error)") }
    }()
    private var parser = LineBatch.parser()

    package init() {}

    /// A parser with all formats.
    ///
    /// Times without a zone are UTC.
    package static func parser() -> LineParser { LineParser(formats: formats, zone: .utc) }

    /// One batch with an event for each line.
    ///
    /// The senders take turns.
    package mutating func batch(
        _ lines: [[UInt8]], received: Int64 = received,
        peers: [Peer] = [Peer(.file, ""), Peer(.tcp, "10.1.2.3")]
    ) -> EventBatch {
        var batch = EventBatch()
        batch.received = received
        batch.peers = peers
        var frames: [Range<Int>] = []
        for line in lines {
            frames.append(batch.bytes.count..<batch.bytes.count + line.count)
            batch.bytes += line + [0x0A]
        }
        for (index, frame) in frames.enumerated() {
            parser.parse(frame, peer: index % max(1, peers.count), in: &batch)
        }
        return batch
    }
}

extension EventBatch {
    /// The lines of the events, as they were received.
    package var lines: [[UInt8]] { events.map { Array(bytes[$0.raw.range]) } }
}

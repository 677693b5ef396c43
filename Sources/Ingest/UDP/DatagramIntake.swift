import Glibc
import Parse

/// From datagrams to the sink: owned by the receiving thread.
struct DatagramIntake: ~Copyable {
    private var ring: DatagramRing
    private var lines: LineIntake
    private var batch = EventBatch()
    private var senders = SenderTable()
    private let services: IngestServices
    private let counters: ListenerCounters

    init(_ services: IngestServices, _ delivery: BatchDelivery) throws(DatagramError) {
        ring = try DatagramRing()
        lines = LineIntake(services, delivery)
        self.services = services
        counters = services.counters.udp
    }

    /// The kernel's drop counter as the last datagram carried it.
    var drops: UInt32 { ring.drops }

    /// Reads until a batch is full or the kernel has less than a ring, and hands over.
    ///
    /// Returns the datagrams read.
    mutating func receive(from socket: DatagramSocket) -> Int {
        var received = 0
        var count = IngestLimits.datagrams
        while count == IngestLimits.datagrams, received + count <= IngestLimits.batchEvents,
            batch.bytes.count < IngestLimits.batchBytes
        {
            do {
                count = try ring.receive(from: socket)
            } catch {
                services.log.write("udp", "\(error); trying again")
                // A failure that stays must not take a whole core.
                usleep(20_000)
                count = 0
            }
            if count > 0 { take(count) }
            received += count
        }
        lines.deliver(batch)
        batch.recycle(consumed: batch.bytes.count)
        senders.beginBatch()
        return received
    }

    /// Whether lines wait for others.
    var holdsLines: Bool { lines.holdsLines }

    /// As `LineIntake.deliverJoined`.
    mutating func deliverJoined(at now: Int64?) { lines.deliverJoined(at: now) }

    private mutating func take(_ count: Int) {
        lines.beginRead()
        batch.received = services.now()
        var bytes = 0
        for index in 0..<count {
            let start = batch.bytes.count
            let sender = ring.append(index, to: &batch.bytes)
            let end = batch.bytes.count
            bytes += end - start
            let frame = Frame.withoutDelimiter(batch.bytes.span, start..<end)
            if Frame.isBlank(batch.bytes.span, frame) {
                counters.emptyFrames.add()
                continue
            }
            let peer = senders.index(of: sender, in: &batch.peers)
            lines.take(frame, peer: peer, noted: Frame.complete, in: &batch)
        }
        counters.bytes.add(bytes)
    }
}

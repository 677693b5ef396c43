import NIOCore
import Parse

/// What the connections of one event loop share: the parser, the batch, and the sweep through them.
///
/// A read goes from the socket to the sink in one call on the event loop's thread, which blocks there while
/// the store is behind.
final class ReceivingLoop {
    private var intake: LineIntake
    /// Empty between two reads; keeps its capacity, at most a read and a frame.
    private var batch = EventBatch()
    private let counters: ListenerCounters
    private let now: @Sendable () -> Int64
    private var connections: [ObjectIdentifier: TCPConnection] = [:]
    /// Bytes read since the start.
    ///
    /// Tells whether senders are quiet.
    private(set) var bytesRead = 0

    init(_ services: IngestServices, _ counters: ListenerCounters, _ delivery: BatchDelivery) {
        intake = LineIntake(services, delivery)
        now = services.now
        self.counters = counters
    }

    // MARK: Connections

    func add(_ connection: TCPConnection) {
        connections[ObjectIdentifier(connection)] = connection
    }

    func remove(_ connection: TCPConnection) {
        connections[ObjectIdentifier(connection)] = nil
    }

    /// Once a second: closes what is idle or does not finish its frame.
    ///
    /// Time is counted in sweeps, so that a thread that the store has held up does not take its senders for
    /// idle.
    func sweep() {
        for connection in Array(connections.values) { connection.sweep() }
    }

    /// Closes every connection.
    func closeAll() {
        for connection in Array(connections.values) { connection.close(.stop) }
        intake.deliverJoined(at: nil)
    }

    // MARK: Bytes

    /// Takes what one read brought, up to the sink.
    ///
    /// Returns why the connection must be closed, if it must.
    func receive(_ chunk: ByteBufferView, on stream: inout TCPStream) -> CloseReason? {
        intake.beginRead()
        counters.bytes.add(chunk.count)
        bytesRead &+= chunk.count
        batch.received = now()
        // The batch takes a long unfinished frame over instead of copying it, or a slow peer's cost is
        // quadratic.
        let moved = stream.rest.count > IngestLimits.copiedRest
        if moved { swap(&stream.rest, &batch.bytes) } else { batch.bytes.append(contentsOf: stream.rest) }
        batch.bytes.append(contentsOf: chunk)

        var position = 0
        let reason = decode(&stream, from: &position)
        deliver()
        counters.add(stream.decoder.tally)
        stream.decoder.tally = FrameDecoder.Tally()

        if reason != nil {
            counters.discardedBytes.add(batch.bytes.count - position)
            position = batch.bytes.count
        }
        keepRest(of: &stream, from: position, moved: moved)
        return reason
    }

    /// At the end of the stream: hands over the unfinished frame.
    func finish(_ stream: inout TCPStream) {
        guard !stream.rest.isEmpty else { return }
        swap(&stream.rest, &batch.bytes)
        batch.received = now()
        batch.peers.append(stream.peer)
        var position = 0
        if case .frame(let range, let noted) = stream.decoder.finish(in: batch.bytes.span, from: &position) {
            take(range, noted, &stream)
        }
        deliver()
        counters.add(stream.decoder.tally)
        swap(&stream.rest, &batch.bytes)
        stream.rest = []
        batch.recycle(consumed: batch.bytes.count)
    }

    private func decode(_ stream: inout TCPStream, from position: inout Int) -> CloseReason? {
        if !stream.isOpened {
            guard let isTLS = ForeignProtocol.isTLS(batch.bytes.span) else { return nil }
            if isTLS { return .tlsOnPlainPort }
            stream.isOpened = true
        }
        batch.peers.append(stream.peer)
        while true {
            switch stream.decoder.next(in: batch.bytes.span, from: &position) {
            case .frame(let range, let noted):
                if stream.frames == 0 {
                    stream.isHTTP = ForeignProtocol.isHTTPRequest(batch.bytes.span, range)
                }
                take(range, noted, &stream)
                if stream.isHTTP, stream.frames >= IngestLimits.httpLines { return .httpOnSyslog }
                if batch.events.count + batch.held.count >= IngestLimits.batchEvents {
                    deliver()
                    batch.recycle(consumed: position)
                    position = 0
                    batch.peers.append(stream.peer)
                }
            case .needMore:
                // An empty line ends the head of a request; the client waits for an answer from here on.
                return stream.isHTTP && stream.decoder.tally.emptyFrames > 0 ? .httpOnSyslog : nil
            case .reject(let error):
                return CloseReason(error)
            }
        }
    }

    private func take(_ frame: Range<Int>, _ noted: ParseReasons, _ stream: inout TCPStream) {
        stream.frames &+= 1
        counters.note(noted)
        // All events of a batch come from one connection: its peer is the first and only one.
        intake.take(frame, peer: 0, noted: noted, connection: stream.number, in: &batch)
    }

    private func deliver() { intake.deliver(batch) }

    /// A few times a second: hands over the events that nothing more comes for.
    func deliverDue() { intake.deliverJoined(at: now()) }

    /// Puts the bytes from `position` on back to the connection and empties the batch.
    private func keepRest(of stream: inout TCPStream, from position: Int, moved: Bool) {
        if moved, position == 0 {
            swap(&stream.rest, &batch.bytes)
        } else {
            let rest = position < batch.bytes.count ? Array(batch.bytes[position...]) : []
            if moved { swap(&stream.rest, &batch.bytes) }
            stream.rest = rest
        }
        batch.recycle(consumed: batch.bytes.count)
    }
}

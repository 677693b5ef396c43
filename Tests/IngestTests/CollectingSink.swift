import Dispatch
import Parse
import Synchronization

@testable import Ingest

/// Keeps what listeners hand over.
///
/// Can be made to hold them up, or to refuse.
final class CollectingSink: EventSink {
    struct Refusal: Error {}

    struct Received: Equatable {
        let frame: Framed
        let peer: Peer
        let time: Int64
    }

    private struct State {
        var events: [Received] = []
        var times: [(time: Int64, reasons: ParseReasons)] = []
        var largestBatch = 0
        var refusals = 0
        var isHolding = false
        var isHeld = false
        var waiters: [(isDone: @Sendable (Int, _ isHeld: Bool) -> Bool, CheckedContinuation<Void, Never>)] =
            []

        mutating func takeDoneWaiters() -> [CheckedContinuation<Void, Never>] {
            let done = waiters.filter { $0.isDone(events.count, isHeld) }.map(\.1)
            waiters.removeAll { $0.isDone(events.count, isHeld) }
            return done
        }
    }

    private let state = Mutex(State())
    private let release = DispatchSemaphore(value: 0)

    func append(_ batch: borrowing EventBatch) throws {
        let isHolding = state.withLock { state in
            state.isHeld = state.isHolding
            return state.isHolding
        }
        if isHolding {
            resumeWaiters()
            release.wait()
        }
        let events = batch.events.map {
            Received(
                frame: Framed(
                    batch.bytes[$0.raw.range], $0.reasons.intersection([.truncated, .unterminated])),
                peer: batch.peers[Int($0.peer)], time: batch.received)
        }
        try state.withLock { state in
            state.isHeld = false
            if state.refusals > 0 {
                state.refusals -= 1
                throw Refusal()
            }
            state.largestBatch = max(state.largestBatch, events.count)
            state.events += events
            state.times += batch.events.map { ($0.time, $0.reasons) }
        }
        resumeWaiters()
    }

    /// Of each event.
    var times: [(time: Int64, reasons: ParseReasons)] { state.withLock { $0.times } }

    /// The next batch waits until `letGo`.
    func hold() { state.withLock { $0.isHolding = true } }

    /// To be called after `hold`, once a batch waits.
    func letGo() {
        state.withLock { $0.isHolding = false }
        release.signal()
    }

    func refuse(_ times: Int) { state.withLock { $0.refusals = times } }

    var events: [Received] { state.withLock { $0.events } }
    var frames: [Framed] { events.map(\.frame) }
    var texts: [String] { events.map { String(decoding: $0.frame.bytes, as: UTF8.self) } }
    var largestBatch: Int { state.withLock { $0.largestBatch } }

    /// Returns when so many events have arrived.
    func wait(for count: Int) async { await wait { events, _ in events >= count } }

    /// Returns when a batch waits for `letGo`.
    func waitUntilHeld() async { await wait { _, isHeld in isHeld } }

    private func wait(_ isDone: @escaping @Sendable (Int, _ isHeld: Bool) -> Bool) async {
        await withCheckedContinuation { continuation in
            state.withLock { $0.waiters.append((isDone, continuation)) }
            resumeWaiters()
        }
    }

    private func resumeWaiters() {
        for waiter in state.withLock({ $0.takeDoneWaiters() }) { waiter.resume() }
    }
}

/// Lines of wplog's own log.
final class LogLines: Sendable {
    private let state = Mutex<[String]>([])
    func add(_ line: String) { state.withLock { $0.append(line) } }
    var all: [String] { state.withLock { $0 } }
}

/// A sink, counters and a log for one test.
struct Bench: Sendable {
    let sink = CollectingSink()
    let counters = IngestCounters()
    let log = LogLines()
    let formats: FormatSet

    private static let formats = Result { try FormatSet(library: .embedded) }

    init() throws {
        formats = try Self.formats.get()
    }

    /// The time that every batch carries.
    static let time: Int64 = 1_795_219_200_000_000_000

    var services: IngestServices {
        IngestServices(
            sink: sink, counters: counters, now: { Self.time },
            makeParser: { [formats] in LineParser(formats: formats, zone: .utc) },
            log: PacedLog { [log] in log.add($0) }, retryMilliseconds: 1)
    }
}

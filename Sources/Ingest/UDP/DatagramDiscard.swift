import Glibc
import Synchronization

/// Reads datagrams and throws them away while the disk is full, so that their number and the reason are known.
///
/// Used by the receiving thread alone; the lock is never waited for.
final class DatagramDiscard: Sendable {
    private struct State: ~Copyable {
        var socket: DatagramSocket?
        var ring: DatagramRing?
    }

    private let state = Mutex(State(socket: nil, ring: nil))
    private let services: IngestServices

    init(_ services: IngestServices) { self.services = services }

    /// To be called before anything is read from `socket`.
    func begin(_ socket: DatagramSocket) { state.withLock { $0.socket = socket } }

    /// The kernel's drop counter as the last datagram carried it; 0 before the first one.
    var drops: UInt32 { state.withLock { $0.ring?.drops ?? 0 } }

    /// Waits for a datagram, no longer than this, and throws away what is there.
    func read(milliseconds: Int) {
        guard let socket = state.withLock({ $0.socket }) else {
            usleep(UInt32(milliseconds) * 1_000)
            return
        }
        let end = ContinuousClock.now + .milliseconds(milliseconds)
        repeat {
            socket.wait(milliseconds: milliseconds)
            // A stop ends every wait at once; the thread must not turn in circles until it is over.
            if read() == 0 { usleep(1_000) }
        } while ContinuousClock.now < end && services.isFull()
    }

    /// Throws away what the kernel holds now, a batch at most.
    ///
    /// Returns the datagrams.
    func read() -> Int {
        state.withLock { state in
            guard let socket = state.socket else { return 0 }
            var dropped = 0
            var count = IngestLimits.datagrams
            do {
                if state.ring == nil { state.ring = try DatagramRing() }
                while count == IngestLimits.datagrams, dropped < IngestLimits.batchEvents {
                    count = try state.ring?.receive(from: socket) ?? 0
                    dropped += count
                }
            } catch {
                services.log.write("udp", "\(error); trying again")
                usleep(20_000)
            }
            services.counters.diskFullDrops.add(dropped)
            return dropped
        }
    }
}

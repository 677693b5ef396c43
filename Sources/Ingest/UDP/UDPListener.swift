import NIOPosix
import Synchronization

/// Receives syslog over UDP (RFC 5426): one datagram is one frame, line feeds inside it are kept.
///
/// One thread reads, parses and hands over. While the sink is behind, the thread waits, the kernel's buffer
/// fills, and the kernel drops what does not fit. These drops are counted exactly and reported: this is the
/// policy.
package final class UDPListener: Sendable {
    package struct Settings: Sendable {
        /// A numeric IPv4 or IPv6 address.
        ///
        /// `::` receives both.
        package var host: String
        /// 0: any free port.
        package var port: Int
        /// The kernel buffer asked for, in bytes.
        package var receiveBufferBytes: Int

        package init(host: String, port: Int, receiveBufferBytes: Int = IngestLimits.receiveBufferBytes) {
            self.host = host
            self.port = port
            self.receiveBufferBytes = receiveBufferBytes
        }
    }

    private struct Running {
        let socket: DatagramSocket
        let thread: NIOThreadPool
    }

    private let settings: Settings
    private let services: IngestServices
    private let onDrops: @Sendable (_ dropped: UInt64) -> Void
    private let delivery: BatchDelivery
    private let discard: DatagramDiscard
    private let isStopping = Atomic<Bool>(false)
    private let running = Mutex<Running?>(nil)

    /// `onDrops` is called on the receiving thread, at most once a second, with the datagrams that the kernel
    /// has dropped since the call before.
    ///
    /// It may hand an event to the sink.
    package init(
        _ settings: Settings, _ services: IngestServices,
        onDrops: @escaping @Sendable (_ dropped: UInt64) -> Void = { _ in }
    ) {
        self.settings = settings
        self.services = services
        self.onDrops = onDrops
        let discard = DatagramDiscard(services)
        self.discard = discard
        delivery = BatchDelivery(services, services.counters.udp) { discard.read(milliseconds: $0) }
    }

    /// The port it listens on; nil before `start` and after `stop`.
    package var boundPort: Int? { running.withLock { $0?.socket.port } }

    /// The kernel buffer that was granted, in bytes; nil before `start` and after `stop`.
    package var receiveBufferBytes: Int? { running.withLock { $0?.socket.receiveBufferBytes } }

    /// Binds and begins to receive.
    ///
    /// To be called once.
    package func start() throws(DatagramError) {
        let socket = try DatagramSocket(
            host: settings.host, port: settings.port, receiveBuffer: settings.receiveBufferBytes)
        let thread = NIOThreadPool(numberOfThreads: 1)
        thread.start()
        running.withLock { $0 = Running(socket: socket, thread: thread) }
        thread.submit { _ in self.receive(from: socket) }
    }

    /// Takes what the kernel holds, for `limit` at most, hands it over and closes.
    ///
    /// Returns at once where it is not running. Waits for the sink; a batch that the sink still refuses after
    /// `limit` is given up and counted.
    package func stop(limit: Duration = .seconds(1)) async {
        guard let running = running.withLock({ $0.take() }) else { return }
        delivery.stop(after: limit)
        isStopping.store(true, ordering: .relaxed)
        running.socket.wake()
        try? await running.thread.shutdownGracefully()
        running.socket.close()
    }

    /// The receiving thread.
    private func receive(from socket: DatagramSocket) {
        var drops = DropCount(now: .now)
        var isCounted = true
        do {
            var intake = try DatagramIntake(services, delivery)
            discard.begin(socket)
            while !delivery.isOverdue {
                // What waits for the sink, waits on: the first batch after this brings it there.
                let isFull = services.isFull()
                let received = isFull ? discard.read() : intake.receive(from: socket)
                count(&drops, isFull ? discard.drops : intake.drops)
                if received > 0 {
                    isCounted = false
                } else if isStopping.load(ordering: .relaxed) {
                    break
                } else if !isCounted {
                    // Quiet: drops behind the last datagram become known, and none can follow before the next
                    // one.
                    count(&drops, socket.drops)
                    isCounted = true
                }
                let report = drops.delay(from: .now)
                let pause = isCounted ? report : min(report ?? 1_000, 1_000)
                let release = IngestLimits.releaseMilliseconds
                socket.wait(milliseconds: intake.holdsLines ? min(pause ?? release, release) : pause)
            }
            intake.deliverJoined(at: nil)
        } catch {
            services.log.write("udp", "\(error); no datagram is received until wplog is started again")
        }
        count(&drops, socket.drops)
        if let last = drops.takeLast(at: .now) { onDrops(last) }
    }

    private func count(_ drops: inout DropCount, _ reading: UInt32) {
        services.counters.kernelDrops.add(drops.read(reading))
        if drops.unreported > 0, let report = drops.takeReport(at: .now) { onDrops(report) }
    }
}

import Glibc
import NIOCore
import NIOPosix
import Parse
import Synchronization

/// Receives syslog over TCP (RFC 6587), octet counting and newline framing told apart per frame.
///
/// Each event loop has one thread, one parser and one batch, whatever the number of connections. The thread
/// blocks in the sink: this makes senders wait while the store is behind.
package final class TCPListener: Sendable {
    package struct Settings: Sendable {
        /// A numeric IPv4 or IPv6 address or a name.
        package var host: String
        /// 0: any free port.
        package var port: Int
        /// Event loops.
        package var threads: Int

        package init(host: String, port: Int, threads: Int = 1) {
            self.host = host
            self.port = port
            self.threads = threads
        }
    }

    private struct Running {
        let group: MultiThreadedEventLoopGroup
        let server: any Channel
        let loops: [NIOLoopBound<ReceivingLoop>]
    }

    private struct ConnectionRefused: Error {}

    private let settings: Settings
    private let services: IngestServices
    private let counters: ListenerCounters
    private let delivery: BatchDelivery
    private let table: ConnectionTable
    private let running = Mutex<Running?>(nil)
    private let connections = Atomic<UInt64>(0)

    package init(_ settings: Settings, _ services: IngestServices) {
        self.settings = settings
        self.services = services
        counters = services.counters.tcp
        delivery = BatchDelivery(services, counters)
        table = ConnectionTable()
    }

    /// The port it listens on; nil before `start` and after `stop`.
    package var boundPort: Int? {
        running.withLock { $0?.server.localAddress?.port }
    }

    /// Binds and begins to receive.
    ///
    /// Throws what the system says where it cannot bind. To be called once.
    package func start() async throws {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: max(1, settings.threads))
        do {
            var loops: [NIOLoopBound<ReceivingLoop>] = []
            for loop in group.makeIterator() {
                loops.append(try await makeReceiver(on: loop))
            }
            let server = try await bind(group, loops)
            running.withLock { $0 = Running(group: group, server: server, loops: loops) }
        } catch {
            try? await group.shutdownGracefully()
            throw error
        }
    }

    /// Accepts nothing more, reads on until senders are quiet for 200 ms or until `limit`, hands over
    /// everything including unfinished lines, and closes.
    ///
    /// Returns at once where it is not running.
    ///
    /// Waits for the sink. A batch that the sink still refuses after `limit` is given up and counted.
    package func stop(limit: Duration = .seconds(5)) async {
        guard let running = running.withLock({ $0.take() }) else { return }
        delivery.stop(after: limit)
        // Some turns of the loop take in connections that the kernel has completed already.
        try? await running.server.eventLoop.scheduleTask(in: .milliseconds(50)) {}.futureResult.get()
        try? await running.server.close()
        await waitForQuiet(running.loops)
        for loop in running.loops {
            try? await loop.eventLoop.submit { loop.value.closeAll() }.get()
        }
        try? await running.group.shutdownGracefully()
    }

    private func waitForQuiet(_ loops: [NIOLoopBound<ReceivingLoop>]) async {
        var seen = -1
        var quietTurns = 0
        while quietTurns < 4, !delivery.isOverdue {
            var bytes = 0
            for loop in loops {
                // The answer comes from the loop, and after it has looked at its sockets: while it waits for
                // the sink, nobody takes its silence for that of the senders.
                let count = try? await loop.eventLoop.scheduleTask(in: .milliseconds(50)) {
                    loop.value.bytesRead
                }.futureResult.get()
                bytes &+= count ?? 0
            }
            quietTurns = bytes == seen ? quietTurns + 1 : 0
            seen = bytes
        }
    }

    private func makeReceiver(on loop: any EventLoop) async throws -> NIOLoopBound<ReceivingLoop> {
        let (services, counters, delivery) = (services, counters, delivery)
        return try await loop.submit {
            let receiver = ReceivingLoop(services, counters, delivery)
            let bound = NIOLoopBound(receiver, eventLoop: loop)
            loop.scheduleRepeatedTask(initialDelay: .seconds(1), delay: .seconds(1)) { _ in
                bound.value.sweep()
            }
            let pause = TimeAmount.milliseconds(Int64(IngestLimits.releaseMilliseconds))
            loop.scheduleRepeatedTask(initialDelay: pause, delay: pause) { _ in bound.value.deliverDue() }
            return bound
        }.get()
    }

    private func bind(
        _ group: MultiThreadedEventLoopGroup, _ loops: [NIOLoopBound<ReceivingLoop>]
    ) async throws -> any Channel {
        try await ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 1_024)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .serverChannelInitializer { channel in
                // Without file descriptors, accept fails at once again and again: this handler waits a
                // second.
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(AcceptBackoffHandler())
                }
            }
            .childChannelOption(.recvAllocator, value: TransientReadBuffers())
            .childChannelOption(.socketOption(.so_keepalive), value: 1)
            // A peer that is gone without a word is noticed after 60 + 6 × 10 s.
            .childChannelOption(.tcpOption(.init(rawValue: TCP_KEEPIDLE)), value: 60)
            .childChannelOption(.tcpOption(.init(rawValue: TCP_KEEPINTVL)), value: 10)
            .childChannelOption(.tcpOption(.init(rawValue: TCP_KEEPCNT)), value: 6)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try self.letIn(channel, loops) }
            }
            .bind(host: settings.host, port: settings.port).get()
    }

    /// Runs on the connection's loop.
    private func letIn(_ channel: any Channel, _ loops: [NIOLoopBound<ReceivingLoop>]) throws {
        let address = PeerAddress.text(channel.remoteAddress?.ipAddress ?? "")
        if let reason = table.enter(address) {
            services.counters.connectionRefused(reason)
            services.log.write(
                reason.name, "tcp: refused a connection from \(address): \(reason.advice ?? "")")
            throw ConnectionRefused()
        }
        guard let loop = loops.first(where: { $0.eventLoop === channel.eventLoop }) else {
            table.leave(address)
            throw ConnectionRefused()
        }
        let stream = TCPStream(
            peer: Peer(.tcp, address), number: connections.add(1, ordering: .relaxed).newValue)
        let connection = TCPConnection(
            stream, loop: loop.value, table: table, services: services, counters: counters)
        do {
            try channel.pipeline.syncOperations.addHandler(connection)
        } catch {
            // The peer has gone already.
            connection.end()
            throw error
        }
    }
}

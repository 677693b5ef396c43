import NIOCore
import Parse

/// One sender's connection: moves what NIO reads to the loop's receiver, and decides when to close.
final class TCPConnection: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private var stream: TCPStream
    private let loop: ReceivingLoop
    private let table: ConnectionTable
    private let services: IngestServices
    private let counters: ListenerCounters
    private var context: ChannelHandlerContext?
    /// Why it ends; nil while it is open and wplog has not closed it.
    private var reason: CloseReason?
    private var hasEnded = false
    private var quietSweeps = 0
    private var frameSweeps = 0

    /// The table must have let the peer's address in; the connection gives it back.
    init(
        _ stream: TCPStream, loop: ReceivingLoop, table: ConnectionTable, services: IngestServices,
        counters: ListenerCounters
    ) {
        self.stream = stream
        self.loop = loop
        self.table = table
        self.services = services
        self.counters = counters
        services.counters.connectionsOpened.add()
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        loop.add(self)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let buffer = unwrapInboundIn(data)
        guard reason == nil else {
            counters.bytes.add(buffer.readableBytes)
            counters.discardedBytes.add(buffer.readableBytes)
            return
        }
        quietSweeps = 0
        let frames = stream.frames
        let wrong = loop.receive(buffer.readableBytesView, on: &stream)
        if stream.frames != frames { frameSweeps = 0 }
        if let wrong { close(wrong) }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if reason == nil { reason = .reset }
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        end()
        context.fireChannelInactive()
    }

    /// Also called where the channel never became active.
    func handlerRemoved(context: ChannelHandlerContext) {
        end()
        self.context = nil
    }

    /// Once a second.
    func sweep() {
        quietSweeps += 1
        frameSweeps = stream.decoder.isInsideCounted ? frameSweeps + 1 : 0
        if frameSweeps > IngestLimits.frameSweeps {
            close(.frameTimeout)
        } else if quietSweeps > IngestLimits.idleSweeps {
            close(.idle)
        }
    }

    /// Closes the connection.
    ///
    /// What it has not finished is handed over first.
    func close(_ reason: CloseReason) {
        guard self.reason == nil else { return }
        self.reason = reason
        if let advice = reason.advice {
            services.log.write(
                reason.name, "tcp: closed the connection from \(stream.peer.address): \(advice)")
        }
        end()
        context?.close(promise: nil)
    }

    /// Hands over the unfinished frame and gives back what the connection holds.
    ///
    /// Does it once.
    func end() {
        guard !hasEnded else { return }
        hasEnded = true
        loop.finish(&stream)
        loop.remove(self)
        table.leave(stream.peer.address)
        let reason = reason ?? .peer
        self.reason = reason
        services.counters.connectionEnded(reason)
    }
}

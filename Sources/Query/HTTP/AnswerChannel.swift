import Dispatch
import NIOCore
import Synchronization

/// Bytes on their way from the thread that makes them to a connection.
///
/// A few parts at most wait: then the thread does, so that a slow reader costs no memory. A reader that goes away
/// ends the work.
final class AnswerChannel: Sendable {
    /// The parts, for the connection; each must be followed by `taken`.
    let parts: AsyncStream<ByteBuffer>
    private let feed: AsyncStream<ByteBuffer>.Continuation
    private let room = DispatchSemaphore(value: 0)
    private let isOver = Atomic<Bool>(false)

    private static let partLimit = 4

    init() {
        (parts, feed) = AsyncStream.makeStream(of: ByteBuffer.self)
        for _ in 0..<Self.partLimit { room.signal() }
    }

    /// Whether somebody still waits for more.
    var isWanted: Bool { !isOver.load(ordering: .relaxed) }

    /// Hands on some bytes; waits while the reader is behind.
    ///
    /// False where nobody wants them. Not from an event loop.
    func send(_ bytes: [UInt8]) -> Bool {
        while isWanted {
            if room.wait(timeout: .now() + .milliseconds(200)) == .success {
                feed.yield(ByteBuffer(bytes: bytes))
                return isWanted
            }
        }
        return false
    }

    /// Hands on bytes that may as well be left out, and leaves them out while the reader is behind.
    func offer(_ bytes: [UInt8]) {
        if isWanted, room.wait(timeout: .now()) == .success { feed.yield(ByteBuffer(bytes: bytes)) }
    }

    /// Nothing more comes.
    func finish() { feed.finish() }

    /// The connection has taken a part.
    func taken() { room.signal() }

    /// Nobody waits any more.
    func abandon() { isOver.store(true, ordering: .relaxed) }
}

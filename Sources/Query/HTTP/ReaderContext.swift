package import Hummingbird
import NIOCore

/// What a request comes with: the connection of who reads the answer.
package struct ReaderContext: RequestContext {
    package var coreContext: CoreRequestContextStorage
    private let connection: any Channel

    package init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
        connection = source.channel
    }

    /// The address that the request came from; nil where nobody knows.
    var address: String? { connection.remoteAddress?.ipAddress }

    /// Hangs up.
    func close() { connection.close(promise: nil) }

    /// Ends the work for an answer when its reader hangs up.
    func abandonAtClose(_ channel: AnswerChannel) {
        connection.closeFuture.whenComplete { [weak channel] _ in channel?.abandon() }
    }
}

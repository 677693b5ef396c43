import Parse

/// What a connection keeps between two reads.
///
/// An idle one between two lines keeps no buffer at all.
struct TCPStream {
    let peer: Peer
    /// Tells connections of one process apart; never 0.
    let number: UInt64
    var decoder = FrameDecoder()
    /// The begin of a frame that is not complete.
    ///
    /// At most `IngestLimits.frameBytes` and one byte.
    var rest: [UInt8] = []
    /// The first bytes were looked at and are not TLS.
    var isOpened = false
    /// Frames so far, none of them blank.
    var frames = 0
    /// The first line was an HTTP request.
    var isHTTP = false

    init(peer: Peer, number: UInt64) {
        self.peer = peer
        self.number = number
    }
}

/// Every bound of the receiving side: its unit, why this number, and what happens beyond it.
package enum IngestLimits {
    /// Bytes of a frame that are kept.
    ///
    /// Beyond: flagged `truncated`, the rest is discarded and counted.
    package static let frameBytes = 64 << 10
    /// Bytes of a line of a file that are read as one.
    ///
    /// Beyond: what follows is read as another line.
    package static let lineBytes = 4 << 20
    /// The largest octet count.
    ///
    /// Beyond: the connection is closed, `frame_too_large`.
    package static let countedBytes = 1 << 20
    /// Digits of a count.
    ///
    /// RFC 6587 §3.4.1 sets no bound; seven hold `countedBytes`.
    package static let countDigits = 7
    /// Digits of the largest 64-bit number or fewer: a count that is merely too large.
    ///
    /// More: no count at all.
    package static let numberDigits = 19
    /// A run of more digits than this is text, whatever follows it.
    package static let digitRun = 32

    /// Events handed over at once, which bounds what a sink must take in one step.
    package static let batchEvents = 4_096
    /// Milliseconds between two looks for events of several lines that have waited long enough.
    package static let releaseMilliseconds = 200
    /// Bytes collected from datagrams before they are handed over.
    package static let batchBytes = 1 << 20
    /// An unfinished frame up to this size is copied in front of the next read; a longer one is moved.
    package static let copiedRest = 4 << 10

    /// Largest read from a connection, in bytes: about 1,000 lines.
    ///
    /// Grows to it under load only.
    package static let readBytes = 256 << 10
    /// First and smallest read buffer of a connection, in bytes.
    package static let firstReadBytes = 2 << 10

    /// Open connections of one listener.
    ///
    /// Beyond: closed at once, `too_many_connections`.
    package static let connections = 4_096
    /// Open connections from one address.
    ///
    /// Beyond: closed at once, `too_many_from_address`.
    package static let connectionsPerAddress = 256
    /// Lines kept of a connection that speaks HTTP before it is closed.
    package static let httpLines = 8
    /// Sweeps (one a second) without a byte after which a connection is closed, `idle`.
    package static let idleSweeps = 600
    /// Sweeps that an octet-counted frame may take to arrive.
    ///
    /// Beyond: `frame_timeout`.
    package static let frameSweeps = 30

    /// Datagrams per system call.
    package static let datagrams = 64
    /// Kernel buffer asked for, in bytes: holds what arrives while the sink waits for a disk.
    ///
    /// Without CAP_NET_ADMIN the kernel grants `net.core.rmem_max` at most.
    package static let receiveBufferBytes = 16 << 20
    /// Sender addresses whose text is remembered.
    ///
    /// Beyond: forgotten all at once.
    package static let rememberedSenders = 4_096
}

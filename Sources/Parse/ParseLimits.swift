/// The bounds on what one line may cost and make.
///
/// Each is a default of RELIABILITY §8.
package enum ParseLimits {
    /// Bytes of a message that a pattern may look at.
    ///
    /// The rest is covered only where that is exact.
    package static let matchedBytes = 2_048
    /// Fields of one event, header fields included.
    package static let fields = 256
    /// Bytes of a field's name as a line brings it.
    package static let fieldNameBytes = 128
    /// Bytes of the four names of a syslog header (RFC 5424 §6).
    package static let hostBytes = 255
    /// Docker's tags are longer than the 48 bytes of an APP-NAME.
    package static let programBytes = 255
    /// Of a word that only stands where a tag is due.
    static let bareTagBytes = 48
    package static let pidBytes = 128
    package static let msgidBytes = 32
    /// Bytes of a time stamp in a header.
    ///
    /// No layout needs more than 35; some senders write long fractions.
    package static let timeBytes = 96
    /// Elements of RFC 5424 structured data.
    package static let structuredDataElements = 64
    /// Objects inside objects of a JSON body.
    ///
    /// What lies deeper is one value, as text.
    static let jsonDepth = 64
    /// Values of a list that are values of their own.
    ///
    /// A longer list is one value, as text.
    static let jsonValues = 32
    /// How far from the time of receipt a network event may lie.
    ///
    /// Nanoseconds.
    package static let past: Int64 = 30 * 86_400 * 1_000_000_000
    package static let future: Int64 = 86_400 * 1_000_000_000
    /// Keys that one parser remembers without asking the name table.
    package static let rememberedKeys = 2_048
    /// Zones of senders that one parser keeps ready.
    static let rememberedZones = 64
    /// Nanoseconds without a further line after which an event of several lines is complete, and after which it is
    /// whatever comes.
    package static let lineWait: Int64 = 500_000_000
    package static let joinWait: Int64 = 5_000_000_000
    /// Bytes and lines of one joined event.
    ///
    /// What follows begins another event.
    package static let joinedBytes = 64 << 10
    package static let joinedLines = 1_000
    /// Writers of one parser whose lines wait, and workers of one writer.
    ///
    /// Beyond: all that waits is complete; of workers the one that waits longest.
    package static let heldWriters = 4_096
    package static let heldWorkers = 256
    /// Nanoseconds between two looks for events that have waited long enough.
    package static let lookPause: Int64 = 50_000_000
    /// Bytes held in all of one parser.
    ///
    /// Beyond it all that is held is complete.
    package static let heldBytes = 16 << 20
}

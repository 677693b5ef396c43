/// The unit of flow: some events that were received together, as one arena of bytes and flat columns of ranges.
///
///     bytes    <190>1 2026-… docs nginx 1187 access - 83.149.9.7 - - […] "GET /wiki …↵<190>1 2026-…
///     events    raw ├──────────────────────────────────────────────────────────────┤ first field 0, count 14
///     fields        pri├─┤ time├──┤ host├──┤ program├───┤ …  message ├──────────────…
///
/// A listener owns one batch and uses it again and again: no allocation per event. A sink copies what it keeps.
package struct EventBatch: Sendable {
    /// The frames as received, delimiters included.
    package var bytes: [UInt8] = []
    /// Values that do not stand in `bytes` as such (role `derived`).
    package var derived: [UInt8] = []
    package var events: [Event] = []
    package var fields: [FieldValue] = []
    /// The senders of the events.
    package var peers: [Peer] = []
    /// Lines of `bytes` that are no events yet, because more lines may belong to them.
    package var held: [HeldLine] = []
    /// The held lines (of earlier batches) that are in `events` now.
    package var released: [UInt64] = []
    /// How many of `released` each event is made of, in the order of the events; empty where none is.
    package var linesOfEvents: [Int] = []
    /// Lines of `events` that were added to the line before them.
    package var joinedLines = 0
    /// Blank lines that became no event, nor a part of one.
    package var blankLines = 0
    /// How far the file has been read that the events come from; nil for other sources.
    package var mark: ImportMark?
    /// When the bytes were read.
    ///
    /// Nanoseconds since the Unix epoch.
    package var received: Int64 = 0

    package init() {}

    /// Takes away all events and the first `consumed` bytes; keeps the bytes behind them, and all capacity.
    package mutating func recycle(consumed: Int) {
        bytes.removeFirst(min(consumed, bytes.count))
        derived.removeAll(keepingCapacity: true)
        events.removeAll(keepingCapacity: true)
        fields.removeAll(keepingCapacity: true)
        peers.removeAll(keepingCapacity: true)
        held.removeAll(keepingCapacity: true)
        released.removeAll(keepingCapacity: true)
        linesOfEvents.removeAll(keepingCapacity: true)
        joinedLines = 0
        blankLines = 0
        mark = nil
    }

    /// Whether a sink has nothing to do with it.
    package var isEmpty: Bool { events.isEmpty && held.isEmpty && mark == nil }

    /// The fields of one event.
    package func fields(of event: Event) -> ArraySlice<FieldValue> {
        let first = Int(event.firstField)
        return fields[first..<first + Int(event.fieldCount)]
    }

    /// The bytes of one value.
    package func bytes(of value: FieldValue) -> ArraySlice<UInt8> {
        value.role == .derived ? derived[value.bytes.range] : bytes[value.bytes.range]
    }
}

/// How far a file has been read: taken with the events before it, or not at all.
package struct ImportMark: Hashable, Sendable {
    /// `HEAD-NUMBER`: what the file begins with, and a number that tells files apart which begin alike.
    package var file: String
    /// Bytes of its content, unpacked, up to which all lines are events.
    package var offset: UInt64
    /// `ContentHash` of these bytes.
    package var contentHash: UInt64
    /// Events that these bytes made.
    package var events: UInt64

    package init(file: String, offset: UInt64, contentHash: UInt64, events: UInt64) {
        self.file = file
        self.offset = offset
        self.contentHash = contentHash
        self.events = events
    }
}

/// Where a frame came from, apart from what the line claims.
package struct Peer: Hashable, Sendable {
    /// The way in.
    package enum Listener: UInt8, Sendable, CaseIterable {
        case udp, tcp, file, own

        package var name: String {
            switch self {
            case .udp: "udp"
            case .tcp: "tcp"
            case .file: "file"
            case .own: "own"
            }
        }
    }

    package let listener: Listener
    /// The sender's IP address as text, without a port; empty for wplog's own events.
    package let address: String
    /// What is known of the lines of a file; nil where a syslog header says it.
    package let source: LineSource?

    package init(_ listener: Listener, _ address: String, source: LineSource? = nil) {
        self.listener = listener
        self.address = address
        self.source = source
    }
}

/// A frame that waits for the lines that may follow it.
package struct HeldLine: Hashable, Sendable {
    /// Offsets into `EventBatch.bytes`.
    package var raw: ByteRange
    /// Index of the sender in `EventBatch.peers`.
    package var peer: UInt16
    /// What the listener knew about the frame.
    package var noted: ParseReasons
    /// No two lines of a store have the same.
    package var id: UInt64

    package init(raw: ByteRange, peer: UInt16, noted: ParseReasons, id: UInt64) {
        self.raw = raw
        self.peer = peer
        self.noted = noted
        self.id = id
    }
}

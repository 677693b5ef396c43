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
    }

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

    package init(_ listener: Listener, _ address: String) {
        self.listener = listener
        self.address = address
    }
}

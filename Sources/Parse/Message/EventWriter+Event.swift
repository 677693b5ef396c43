/// What formats say of an event in words that all of them share.
extension EventWriter {
    /// Adds the parts of a request that is written with escapes.
    mutating func addRequestLine(_ bytes: Span<UInt8>, _ range: Range<Int>, unescaping escapes: Escapes) {
        guard escapes.occur(bytes, range),
            read(
                bytes, range, unescaping: escapes,
                { bytes, range, event in
                    guard bytes.isReadable(range) else { return false }
                    event.addRequestLine(bytes, range)
                    return true
                })
        else { return addRequestLine(bytes, range) }
    }

    /// Adds whom the event is about: an address as `client_ip`, a name as `client_host`.
    mutating func addClient(_ bytes: Span<UInt8>, _ range: Range<Int>) {
        add(bytes.isAddress(range) ? .clientIP : .clientHost, bytes, range)
    }

    /// Says that the event is at least as bad as `severity`, whatever its sender says.
    mutating func raise(to severity: UInt8) {
        if event.severity == Event.unknown || event.severity > severity { event.severity = severity }
    }

    /// Says whether somebody who had to prove who they are was let in.
    mutating func addLogin(isAccepted: Bool, by method: StaticString? = nil) {
        if let method, !has(.authMethod) { addDerived(.authMethod, bytes: method) }
        if !has(.outcome) { addDerived(.outcome, bytes: isAccepted ? "success" : "failure") }
    }
}

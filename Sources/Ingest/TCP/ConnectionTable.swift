import Synchronization

/// How many connections are open, in all and from each address.
///
/// Shared by the event loops of one listener.
final class ConnectionTable: Sendable {
    private struct State {
        var total = 0
        var perAddress: [String: Int] = [:]
    }

    private let state = Mutex(State())
    private let limit: Int
    private let limitPerAddress: Int

    init(limit: Int = IngestLimits.connections, perAddress: Int = IngestLimits.connectionsPerAddress) {
        self.limit = limit
        self.limitPerAddress = perAddress
    }

    /// Counts a connection in; the reason if it must stay outside.
    ///
    /// Each one let in is given back with `leave`.
    func enter(_ address: String) -> CloseReason? {
        state.withLock { state in
            if state.total >= limit { return .tooManyConnections }
            let open = state.perAddress[address, default: 0]
            if open >= limitPerAddress { return .tooManyFromAddress }
            state.total += 1
            state.perAddress[address] = open + 1
            return nil
        }
    }

    func leave(_ address: String) {
        state.withLock { state in
            guard let open = state.perAddress[address] else { return }
            state.total -= 1
            state.perAddress[address] = open > 1 ? open - 1 : nil
        }
    }
}

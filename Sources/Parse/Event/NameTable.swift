import Synchronization

/// Interned names: each name has one small number for the life of the process.
///
/// Events carry the numbers, so that the hot path moves no strings. The numbers are never stored: a block on
/// disk carries the names themselves.
package final class NameTable: Sendable {
    private struct State {
        var names: [String]
        var ids: [String: UInt16]
    }

    private let state: Mutex<State>

    /// The most names this table takes.
    ///
    /// Beyond it `id(of:)` returns nil and the caller keeps the value elsewhere.
    package let limit: Int

    /// Makes a table that starts with `names`, numbered from 0 in their order.
    package init(_ names: [String] = [], limit: Int) {
        precondition(
            names.count <= limit && limit <= Int(UInt16.max), "a name table holds at most 65,535 names")
        let ids = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, UInt16($0)) })
        state = Mutex(State(names: names, ids: ids))
        self.limit = limit
    }

    /// The number of `name`, which is added if it is new; nil when the table is full.
    package func id(of name: String) -> UInt16? {
        state.withLock { state in
            if let id = state.ids[name] { return id }
            guard state.names.count < limit else { return nil }
            let id = UInt16(state.names.count)
            state.names.append(name)
            state.ids[name] = id
            return id
        }
    }

    /// The number of `name` if the table holds it.
    package func existing(_ name: String) -> UInt16? {
        state.withLock { $0.ids[name] }
    }

    /// The name behind a number that this table gave out; empty for any other number.
    package func name(of id: UInt16) -> String {
        state.withLock { Int(id) < $0.names.count ? $0.names[Int(id)] : "" }
    }

    /// Every name, in the order of the numbers.
    package var all: [String] { state.withLock { $0.names } }
}

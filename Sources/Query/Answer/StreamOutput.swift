import Index
import Synchronization

/// Writes events of a stream into parts of some size.
///
/// One thread uses it; the lock is there because a scan may hand its events to another.
final class StreamOutput: Sendable {
    private struct State {
        var writer: ResultWriter
        var bytes: [UInt8] = []
        var isAbandoned = false
    }

    private let state: Mutex<State>
    private let partBytes: Int
    private let shape: EventShape
    private let isRaw: Bool
    private let emit: @Sendable ([UInt8]) -> Bool

    /// - `stages`: `fields` stages.
    init(
        _ form: OutputForm, _ stages: [Stage], partBytes: Int, _ emit: @escaping @Sendable ([UInt8]) -> Bool
    ) {
        shape = EventShape(form, stages)
        self.partBytes = partBytes
        self.emit = emit
        isRaw = form.style == .raw && shape.form.fields.isEmpty && form.template == nil
        state = Mutex(State(writer: ResultWriter(shape.form)))
    }

    /// Whether nobody takes any more.
    var isAbandoned: Bool { state.withLock { $0.isAbandoned } }

    /// Takes one event; false where nobody wants more.
    func append(_ block: BlockReader, _ row: Int) throws -> Bool {
        // Of a raw line nothing but the line is read.
        if isRaw {
            var line: [UInt8] = []
            try block.appendRaw(row, to: &line)
            return state.withLock { state in
                state.bytes += line
                if line.last != 0x0A { state.bytes.append(0x0A) }
                return handOn(&state, from: partBytes)
            }
        }
        let event = shape.shaped(try block.event(row))
        return state.withLock { state in
            state.writer.append(event, to: &state.bytes)
            return handOn(&state, from: partBytes)
        }
    }

    /// Hands on what is left.
    func finish() {
        state.withLock { state in
            state.writer.finish(to: &state.bytes)
            _ = handOn(&state, from: 1)
        }
    }

    private func handOn(_ state: inout State, from bytes: Int) -> Bool {
        guard state.bytes.count >= bytes else { return !state.isAbandoned }
        if !state.isAbandoned { state.isAbandoned = !emit(state.bytes) }
        state.bytes.removeAll(keepingCapacity: true)
        return !state.isAbandoned
    }
}

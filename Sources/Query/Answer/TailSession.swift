import Parse

/// One reader of a tail: what was there, and then what comes, as server-sent events.
package struct TailSession: Sendable {
    private var tail: LiveTail
    private var output: TailOutput
    private let limit: Int
    private let window: TimeSpan
    /// Whether what was there already is still to come.
    package private(set) var hasBacklog: Bool
    /// Events that may be handed on in the second that began last; nil: all of them.
    private let rate: Int?
    private var second = ContinuousClock.now
    private var spent = 0
    private var skipped = 0

    /// - `resume`: the number of the last event that the reader has seen.
    /// - `rate`: events a second at most; nil is no limit.
    package init(
        _ engine: QueryEngine, _ call: SearchCall, resume: UInt64?, rate: Int?
    ) throws(QueryError) {
        let prepared = try engine.prepare(call.query, asked: call.asked, times: call.times)
        tail = try LiveTail(engine, prepared.query, resume: resume)
        output = TailOutput(call.form(for: prepared), tail.shape)
        limit = call.limit
        window = prepared.window
        hasBacklog = resume == nil
        self.rate = rate
    }

    /// Whether there is something to hand on.
    package var isDue: Bool {
        hasBacklog || tail.isDue || skipped > 0 && ContinuousClock.now - second > .seconds(1)
    }

    /// What is to hand on now.
    ///
    /// Blocks the thread.
    package mutating func next() throws -> [UInt8] {
        var bytes: [UInt8] = []
        if hasBacklog {
            hasBacklog = false
            for event in try tail.backlog(limit, window: window) { output.append(event, to: &bytes) }
            output.mark(tail.last, to: &bytes)
            return bytes
        }
        if ContinuousClock.now - second > .seconds(1) {
            second = .now
            spent = 0
            if skipped > 0 { output.skipped(skipped, at: tail.last, to: &bytes) }
            skipped = 0
        }
        for event in try tail.next() {
            if let rate, spent >= rate {
                skipped += 1
            } else {
                spent += 1
                output.append(event, to: &bytes)
            }
        }
        return bytes
    }
}

/// Events in the form of server-sent events (WHATWG HTML, §9.2).
struct TailOutput: Sendable {
    private let shape: EventShape
    private var writer: ResultWriter

    init(_ form: OutputForm, _ stages: [Stage]) {
        shape = EventShape(form, stages)
        writer = ResultWriter(shape.form)
    }

    mutating func append(_ event: FoundEvent, to bytes: inout [UInt8]) {
        var text: [UInt8] = []
        writer.append(shape.shaped(event), to: &text)
        // A table of events waits for its first rows, and a live one must not.
        if shape.form.style == .table { writer.finish(to: &text) }
        bytes += "id: \(event.sequence)\n".utf8
        append(text, to: &bytes)
    }

    /// Says up to which number everything has been seen.
    func mark(_ last: UInt64, to bytes: inout [UInt8]) {
        bytes += "event: ready\nid: \(last)\ndata: \(last)\n\n".utf8
    }

    /// Says how many events were left out.
    func skipped(_ count: Int, at last: UInt64, to bytes: inout [UInt8]) {
        bytes += "event: skipped\nid: \(last)\ndata: \(count)\n\n".utf8
    }

    /// One `data:` a line.
    ///
    /// A CR ends a line of the stream, too: without its own `data:` what a raw line has behind one would be read as an
    /// event of its own.
    private func append(_ text: [UInt8], to bytes: inout [UInt8]) {
        var lines = text.split(omittingEmptySubsequences: false) { $0 == 0x0A || $0 == 0x0D }
        if lines.last?.isEmpty == true { lines.removeLast() }
        for line in lines {
            bytes += "data: ".utf8
            bytes += line
            bytes.append(0x0A)
        }
        bytes.append(0x0A)
    }
}

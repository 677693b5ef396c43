/// Lines that belong together: what `LineJoiner` holds, and what its formats say of each line.
extension LineParser {
    /// As `parse`, but a line that may be one of several of an event is kept back until the event is whole.
    ///
    /// The line stands in `batch.held` meanwhile, and its event comes from `release`. A blank line is no event.
    /// `connection` tells the connections of a sender apart; 0 where there are none.
    package mutating func take(
        _ frame: Range<Int>, peer: Int, noted: ParseReasons = [], connection: UInt64 = 0,
        in batch: inout EventBatch
    ) {
        let arena = batch.bytes
        let bytes = arena.span
        let line = begin(bytes, frame, peer: peer, noted: noted, &batch)
        // Most lines are events of their own, and no line waits: then nobody need be found.
        let isIdle = joiner.isIdle
        let trace = TraceForm.beginning(bytes, line.header.message.range)
        guard router.hasSeveral(line.route) || trace != nil || !isIdle && mayGoOn(bytes, line) else {
            return finishAlone(bytes, line, &batch)
        }
        if !isIdle { joiner.find(bytes, line.header, line.sender, connection) }
        var (place, owner) = place(bytes, line)
        var next: TraceForm.State?
        if !isIdle, place == .unknown { next = continued(bytes, line) }
        if next == nil, let trace {
            next = trace
            if place == .unknown { place = .begins() }
        }
        if isIdle {
            if place == .alone || place == .unknown { return finishAlone(bytes, line, &batch) }
            joiner.find(bytes, line.header, line.sender, connection)
        }
        let isHeld = joiner.take(
            bytes,
            LineJoiner.Line(
                raw: writer.event.raw.range, message: line.header.message.range,
                hasSeparator: line.header.hasSeparator, place: place, owner: owner,
                trace: next, sender: line.sender, connection: connection, noted: noted,
                received: batch.received))
        guard let id = isHeld else { return finishAlone(bytes, line, &batch) }
        holdTime(bytes, line, id: id, received: batch.received)
        batch.held.append(
            HeldLine(raw: writer.event.raw, peer: writer.event.peer, noted: noted, id: id))
        writer.abandon(&batch)
    }

    /// Whether a line of a program that has no events of several lines may go on with a trace, or ends one.
    private func mayGoOn(_ bytes: Span<UInt8>, _ line: Line) -> Bool {
        joiner.traces > 0
            || !line.header.isWritten && TraceForm.next(bytes, line.header.message.range, after: .any) != nil
    }

    /// What the trace is after a line that no format knows and that goes on with what its writer wrote before; nil
    /// where it does not.
    private func continued(_ bytes: Span<UInt8>, _ line: Line) -> TraceForm.State? {
        guard let last = joiner.last else { return nil }
        let message = line.header.message.range
        if let trace = TraceForm.next(bytes, message, after: last.trace) { return trace }
        guard last.owner >= 0, last.trace != .over else { return nil }
        switch router.format(last.owner).restOfLines {
        case .traces: return nil
        case .any: return last.trace
        case .inFiles:
            let isPlain = line.sender.source != nil && !line.header.isWritten
            return isPlain && !LineRule.beginsEvent(bytes, message) ? last.trace : nil
        }
    }

    /// Finishes a line that waits for no other; a blank one between two events of a file is none.
    private mutating func finishAlone(_ bytes: Span<UInt8>, _ line: Line, _ batch: inout EventBatch) {
        if writer.event.raw.count == 0 {
            batch.blankLines += 1
            return writer.abandon(&batch)
        }
        finish(bytes, line, &batch)
    }

    /// Appends the events whose lines are complete: another event began, or nothing came for a while.
    ///
    /// - `now`: nanoseconds since the Unix epoch; nil takes all that is held.
    /// - `batch`: an empty one; its `released` names the lines in these events.
    package mutating func release(at now: Int64?, into batch: inout EventBatch) {
        joiner.completeDue(at: now)
        guard !joiner.complete.isEmpty else { return }
        batch.received = joiner.complete.reduce(Int64.min) { max($0, $1.touched) }
        var numbers: [Peer: Int] = [:]
        for held in joiner.complete {
            let start = batch.bytes.count
            // Blank lines behind an event only part it from the next one.
            batch.bytes += held.raw[..<(held.raw.lastIndex { $0 != 0x0A }.map { $0 + 1 } ?? 0)]
            let end = batch.bytes.count
            batch.bytes.append(0x0A)
            // Each sender once: there are fewer of them than an event can number.
            let number = numbers[held.peer] ?? batch.peers.count
            if number == batch.peers.count { batch.peers.append(held.peer) }
            numbers[held.peer] = number
            withTime(ofHeld: held.ids, of: held.peer) {
                $0.parse(start..<end, peer: number, noted: held.noted, in: &batch)
            }
            batch.released += held.ids
            batch.linesOfEvents.append(held.ids.count)
            batch.joinedLines += max(0, held.ids.count - 1)
        }
        joiner.complete.removeAll(keepingCapacity: true)
    }

    /// Whether `release` has something to do now or later.
    package var holdsLines: Bool { joiner.holdsLines }

    /// What a line is to those before it, and which format says so.
    ///
    /// Formats whose events may have several lines are asked first: what they take for a beginning may hold
    /// anything, also what another format looks for.
    private mutating func place(_ bytes: Span<UInt8>, _ line: Line) -> (LineRule.Place, owner: Int) {
        let message = line.header.message.range
        for step in line.route {
            let format = router.format(step)
            guard admits(format, line, bytes) else { continue }
            switch format.lines {
            case .single: continue
            case .patterns:
                if let place = place(message, format, bytes) { return (place, step) }
            case .several:
                if format.check.passes(bytes, from: message.lowerBound, to: message.upperBound) {
                    // `PHP Stack trace:` begins as each line of PHP does.
                    let isMore = joiner.isIdle ? nil : joiner.last
                    if let isMore, TraceForm.next(bytes, message, after: isMore.trace) != nil {
                        return (.unknown, -1)
                    }
                    return (.begins(), step)
                }
            case .code(let reader):
                let place = reader(bytes, message, joiner.state(of: step))
                if place != .unknown { return (place, step) }
            }
        }
        for step in line.route {
            let format = router.format(step)
            guard case .single = format.lines, format.check.looks, admits(format, line, bytes) else {
                continue
            }
            if format.check.passes(bytes, from: message.lowerBound, to: message.upperBound) {
                return (.alone, step)
            }
        }
        return (.unknown, -1)
    }

    /// What a line is by the patterns of a format; nil where they do not say.
    private mutating func place(
        _ message: Range<Int>, _ format: Format, _ bytes: Span<UInt8>
    ) -> LineRule.Place? {
        let end = min(message.upperBound, message.lowerBound &+ ParseLimits.matchedBytes)
        func has(_ program: GrokProgram?, _ matcher: inout GrokMatcher) -> Bool {
            guard let program else { return false }
            return matcher.match(program, bytes, from: message.lowerBound, to: end) == .matched
        }
        if has(format.begins, &matcher) { return .begins() }
        if has(format.continues, &matcher) { return .continues() }
        return format.begins == nil && format.continues != nil ? .begins() : nil
    }
}

/// Holds the lines of events that may go on, each kind of writer apart: listener, sender, connection, PRI, host,
/// program, pid, and what a format tells writers apart by.
///
///     line → LineRule.Place → begins: complete what this writer began before, hold the line
///                             continues: add it to what is held
///                             alone: complete what is held, the line is an event of its own
///                             unknown: add it to what is held where the parser says that it goes on with that
struct LineJoiner {
    /// The lines of one event so far.
    struct Held {
        /// The first frame whole, and behind it a line feed and the message of each further one, whose header says
        /// the same again.
        var raw: [UInt8]
        /// Bytes of the first frame's header.
        var headCount: Int
        /// Whether its writer puts a blank before each message; else one there is the message's own.
        var hasSeparator: Bool
        var peer: Peer
        var noted: ParseReasons
        /// When the first and the last line were received.
        var since: Int64
        var touched: Int64
        var ids: [UInt64]
        /// What tells its writer from others of the same process.
        var key: [UInt8]
        /// Which format it is of: a step of the program's route; −1 for none, a trace of a program without formats.
        var owner: Int
        var state: UInt8
        var trace: TraceForm.State
        /// The connection that it came over; 0 where there is none.
        var connection: UInt64
    }

    /// Events whose lines are all there, in the order in which they were completed.
    var complete: [Held] = []
    /// What is held, by writer.
    private var groups: [[UInt8]: [Held]] = [:]
    private var heldBytes = 0
    /// When it was last looked for events that have waited long enough, and when that is worth it again.
    private var looked: Int64 = 0
    private var nextLook = Int64.min
    /// The writer of the present line.
    private var writer: [UInt8] = []
    /// The connections whose last line is held, each with its writer: a line without any header may go on with it.
    private var lastWriters: [UInt64: [UInt8]] = [:]
    /// How many of the events held are of no format.
    private(set) var traces = 0
    private var nextID = UInt64.random(in: 0...(.max)) & ~0xFFFF_FFFF

    var holdsLines: Bool { !groups.isEmpty || !complete.isEmpty }
    /// Whether no line of any writer waits.
    var isIdle: Bool { groups.isEmpty }

    /// Begins with a line: finds its writer.
    mutating func find(_ bytes: Span<UInt8>, _ header: SyslogHeader, _ sender: Peer, _ connection: UInt64) {
        if !header.isWritten, connection != 0, let last = lastWriters[connection] {
            writer = last
            return
        }
        writer.removeAll(keepingCapacity: true)
        writer.append(sender.listener.rawValue)
        for shift in stride(from: 0, to: 64, by: 8) {
            writer.append(UInt8(truncatingIfNeeded: connection >> shift))
        }
        writer.append(contentsOf: sender.address.utf8)
        for part in [header.priority, header.host, header.program, header.pid] {
            writer.append(0)
            for index in part.range { writer.append(bytes[index]) }
        }
    }

    /// The event that this writer's last line is of.
    var last: (owner: Int, trace: TraceForm.State)? { groups[writer]?.last.map { ($0.owner, $0.trace) } }

    /// What the rule of a format said of the line before; 0 where that was not its.
    func state(of owner: Int) -> UInt8 {
        guard !groups.isEmpty, let last = groups[writer]?.last, last.owner == owner else { return 0 }
        return last.state
    }

    /// One line, with what its formats say of it.
    struct Line {
        var raw: Range<Int>
        var message: Range<Int>
        /// Whether a blank before the message is none of its own.
        var hasSeparator = false
        var place: LineRule.Place
        var owner: Int
        /// What the trace is after this line, where it begins one or goes on with one.
        var trace: TraceForm.State?
        var sender: Peer
        var connection: UInt64
        var noted: ParseReasons
        var received: Int64
    }

    /// Takes the line where it is one of several.
    ///
    /// Returns the number of the held line, or nil for an event of its own.
    mutating func take(_ bytes: Span<UInt8>, _ line: Line) -> UInt64? {
        let id = place(bytes, line)
        if line.connection != 0 {
            if id != nil {
                lastWriters[line.connection] = writer
            } else if !lastWriters.isEmpty {
                lastWriters[line.connection] = nil
            }
        }
        return id
    }

    private mutating func place(_ bytes: Span<UInt8>, _ line: Line) -> UInt64? {
        switch line.place {
        case .alone:
            // The events of other workers of the same program go on.
            completeLast { $0.key.isEmpty }
            return nil
        case .unknown:
            if line.trace != nil, let index = groups[writer]?.indices.last {
                return add(bytes, line, to: index, state: nil)
            }
            completeLast { $0.key.isEmpty }
            // Lines of a trace belong to what stands right before them.
            if let index = groups[writer]?.indices.last { groups[writer]?[index].trace = .over }
            return nil
        case .begins(let key, let state):
            let name = Self.bytes(bytes, key)
            completeLast { $0.key == name }
            return hold(bytes, line, name, state)
        case .continues(let key, let state):
            let name = Self.bytes(bytes, key)
            if let index = groups[writer]?.lastIndex(where: { $0.key == name }) {
                return add(bytes, line, to: index, state: state)
            }
            return hold(bytes, line, name, state)
        }
    }

    /// Completes what has waited long enough; everything where `now` is nil.
    mutating func completeDue(at now: Int64?) {
        guard !groups.isEmpty else { return }
        let isFull = heldBytes > ParseLimits.heldBytes || groups.count > ParseLimits.heldWriters
        // Asked after each read, which must not cost as much as there are writers.
        if let now {
            if !isFull, now >= looked, now < nextLook { return }
            looked = now
            nextLook = .max
        }
        for (writer, held) in groups {
            for event in held { nextLook = min(nextLook, event.touched &+ ParseLimits.lineWait) }
            let due = held.filter { isFull || Self.isDue($0, at: now) }
            guard !due.isEmpty else { continue }
            let rest = held.filter { !isFull && !Self.isDue($0, at: now) }
            groups[writer] = rest.isEmpty ? nil : rest
            for event in due { finish(event) }
        }
        if groups.isEmpty { lastWriters.removeAll(keepingCapacity: true) }
        if let now { nextLook = max(nextLook, now &+ ParseLimits.lookPause) }
        // A dictionary has no order.
        complete.sort { $0.since < $1.since }
    }

    private static func isDue(_ held: Held, at now: Int64?) -> Bool {
        guard let now else { return true }
        // A clock that was set back makes them negative: then nothing more may be waited for.
        let quiet = now &- held.touched
        let age = now &- held.since
        return quiet < 0 || quiet >= ParseLimits.lineWait || age >= ParseLimits.joinWait
    }

    private mutating func hold(_ bytes: Span<UInt8>, _ line: Line, _ key: [UInt8], _ state: UInt8) -> UInt64 {
        let id = takeID()
        let held = Held(
            raw: Self.bytes(bytes, line.raw),
            headCount: max(0, line.message.lowerBound - line.raw.lowerBound),
            hasSeparator: line.hasSeparator, peer: line.sender, noted: line.noted, since: line.received,
            touched: line.received, ids: [id], key: key,
            owner: line.owner, state: state, trace: line.trace ?? .any, connection: line.connection)
        heldBytes += held.raw.count
        if held.owner < 0 { traces += 1 }
        nextLook = min(nextLook, line.received &+ ParseLimits.lineWait)
        groups[writer, default: []].append(held)
        if let count = groups[writer]?.count, count > ParseLimits.heldWorkers,
            let oldest = groups[writer]?.removeFirst()
        {
            finish(oldest)
        }
        if heldBytes > ParseLimits.heldBytes || groups.count > ParseLimits.heldWriters {
            completeDue(at: nil)
        }
        return id
    }

    /// Adds a line to an event, or begins another one where that is full.
    private mutating func add(_ bytes: Span<UInt8>, _ line: Line, to index: Int, state: UInt8?) -> UInt64? {
        guard var held = groups[writer]?.remove(at: index) else { return nil }
        let id = takeID()
        heldBytes -= held.raw.count
        if held.raw.count + line.message.count >= ParseLimits.joinedBytes
            || held.ids.count >= ParseLimits.joinedLines
        {
            complete.append(held)
            held.raw = Array(held.raw.prefix(held.headCount))
            held.ids = []
            held.noted = []
            held.since = line.received
        } else {
            // The end that the first frame brought along.
            while held.raw.count > held.headCount, let last = held.raw.last, last == 0x0D || last == 0 {
                held.raw.removeLast()
            }
            held.raw.append(0x0A)
        }
        let isOwn = line.hasSeparator && !held.hasSeparator && line.message.lowerBound > 0
        held.raw += Self.bytes(
            bytes, isOwn ? line.message.lowerBound - 1..<line.message.upperBound : line.message)
        held.noted.formUnion(line.noted)
        held.touched = line.received
        held.ids.append(id)
        if let state { held.state = state }
        if let trace = line.trace { held.trace = trace }
        heldBytes += held.raw.count
        groups[writer]?.append(held)
        return id
    }

    /// An event that nothing more comes for; it is in no group any more.
    private mutating func finish(_ held: Held) {
        heldBytes -= held.raw.count
        if held.owner < 0 { traces -= 1 }
        complete.append(held)
    }

    private mutating func completeLast(where isSame: (Held) -> Bool) {
        guard let index = groups[writer]?.lastIndex(where: isSame),
            let held = groups[writer]?.remove(at: index)
        else { return }
        if groups[writer]?.isEmpty == true { groups[writer] = nil }
        finish(held)
    }

    private mutating func takeID() -> UInt64 {
        nextID &+= 1
        return nextID
    }

    private static func bytes(_ bytes: Span<UInt8>, _ range: Range<Int>?) -> [UInt8] {
        var copy: [UInt8] = []
        guard let range else { return copy }
        copy.reserveCapacity(range.count)
        for index in range { copy.append(bytes[index]) }
        return copy
    }
}

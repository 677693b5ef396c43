/// Holds the lines of events that may go on, each kind of writer apart: listener, sender, host, program, pid, and
/// what a format tells writers apart by.
///
///     line → LineRule.Place → begins: complete what this writer began before, hold the line
///                             continues: add it to what is held
///                             alone: complete what is held, the line is an event of its own
struct LineJoiner {
    /// The lines of one event so far.
    struct Held {
        /// The first frame whole, and behind it a line feed and the message of each further one, whose header says
        /// the same again.
        var raw: [UInt8]
        /// Bytes of the first frame's header.
        var headCount: Int
        var peer: Peer
        var noted: ParseReasons
        /// When the first and the last line were received.
        var since: Int64
        var touched: Int64
        var ids: [UInt64]
        /// What tells its writer from others of the same process.
        var key: [UInt8]
        /// Which format it is of: a step of the program's route.
        var owner: Int
        var state: UInt8
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
    private var nextID = UInt64.random(in: 0...(.max)) & ~0xFFFF_FFFF

    var holdsLines: Bool { !groups.isEmpty || !complete.isEmpty }
    /// Whether no line of any writer waits.
    var isIdle: Bool { groups.isEmpty }

    /// Begins with a line: finds its writer.
    mutating func find(_ bytes: Span<UInt8>, _ header: SyslogHeader, _ sender: Peer) {
        writer.removeAll(keepingCapacity: true)
        writer.append(sender.listener.rawValue)
        writer.append(contentsOf: sender.address.utf8)
        for part in [header.host, header.program, header.pid] {
            writer.append(0)
            for index in part.range { writer.append(bytes[index]) }
        }
    }

    /// What the rule of a format said of the line before; 0 where that was not its.
    func state(of owner: Int) -> UInt8 {
        guard !groups.isEmpty, let last = groups[writer]?.last, last.owner == owner else { return 0 }
        return last.state
    }

    /// Takes the line where it is one of several.
    ///
    /// Returns the number of the held line, or nil for an event of its own.
    mutating func take(
        _ bytes: Span<UInt8>, _ raw: Range<Int>, message: Range<Int>, _ place: LineRule.Place, owner: Int,
        from sender: Peer, noted: ParseReasons, received: Int64
    ) -> UInt64? {
        switch place {
        case .alone:
            // The events of other workers of the same program go on.
            completeLast { $0.key.isEmpty }
            return nil
        case .unknown:
            guard let index = groups[writer]?.indices.last else { return nil }
            return add(bytes, message, to: index, noted: noted, received: received, state: nil)
        case .begins(let key, let state):
            let name = Self.bytes(bytes, key)
            completeLast { $0.key == name }
            return hold(
                bytes, raw, message, name, owner, state, from: sender, noted: noted, received: received)
        case .continues(let key, let state):
            let name = Self.bytes(bytes, key)
            if let index = groups[writer]?.lastIndex(where: { $0.key == name }) {
                return add(bytes, message, to: index, noted: noted, received: received, state: state)
            }
            return hold(
                bytes, raw, message, name, owner, state, from: sender, noted: noted, received: received)
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
            for event in due { heldBytes -= event.raw.count }
            complete += due
        }
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

    private mutating func hold(
        _ bytes: Span<UInt8>, _ raw: Range<Int>, _ message: Range<Int>, _ key: [UInt8], _ owner: Int,
        _ state: UInt8, from sender: Peer, noted: ParseReasons, received: Int64
    ) -> UInt64 {
        let id = takeID()
        let held = Held(
            raw: Self.bytes(bytes, raw), headCount: max(0, message.lowerBound - raw.lowerBound), peer: sender,
            noted: noted, since: received, touched: received, ids: [id], key: key, owner: owner, state: state)
        heldBytes += held.raw.count
        nextLook = min(nextLook, received &+ ParseLimits.lineWait)
        groups[writer, default: []].append(held)
        if let count = groups[writer]?.count, count > ParseLimits.heldWorkers,
            let oldest = groups[writer]?.removeFirst()
        {
            heldBytes -= oldest.raw.count
            complete.append(oldest)
        }
        if heldBytes > ParseLimits.heldBytes || groups.count > ParseLimits.heldWriters {
            completeDue(at: nil)
        }
        return id
    }

    /// Adds a line to an event, or begins another one where that is full.
    private mutating func add(
        _ bytes: Span<UInt8>, _ message: Range<Int>, to index: Int, noted: ParseReasons, received: Int64,
        state: UInt8?
    ) -> UInt64? {
        guard var held = groups[writer]?.remove(at: index) else { return nil }
        let id = takeID()
        heldBytes -= held.raw.count
        if held.raw.count + message.count >= ParseLimits.joinedBytes
            || held.ids.count >= ParseLimits.joinedLines
        {
            complete.append(held)
            held.raw = Array(held.raw.prefix(held.headCount))
            held.ids = []
            held.noted = []
            held.since = received
        } else {
            held.raw.append(0x0A)
        }
        held.raw += Self.bytes(bytes, message)
        held.noted.formUnion(noted)
        held.touched = received
        held.ids.append(id)
        if let state { held.state = state }
        heldBytes += held.raw.count
        groups[writer]?.append(held)
        return id
    }

    private mutating func completeLast(where isSame: (Held) -> Bool) {
        guard let index = groups[writer]?.lastIndex(where: isSame),
            let held = groups[writer]?.remove(at: index)
        else { return }
        if groups[writer]?.isEmpty == true { groups[writer] = nil }
        heldBytes -= held.raw.count
        complete.append(held)
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

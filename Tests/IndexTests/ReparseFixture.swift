import TestSupport

@testable import Index
@testable import Parse

/// Two ways to read the same lines: what a change of formats is to a store.
enum Reading: Sendable {
    case alpha, beta

    private static let sets: [Reading: FormatSet] = {
        do {
            return [
                .alpha: try FormatSet(
                    FormatDefinition.builtIn.filter { !$0.name.hasPrefix("nginx") } + [
                        FormatDefinition(
                            name: "alpha-reading", programs: ProgramRule(names: ["app"]),
                            patterns: [#"(?<alpha_first>\S+) (?<shared>.*)"#]),
                        FormatDefinition(
                            name: "alpha-text", programs: ProgramRule(names: ["json"]),
                            patterns: [#"(?<shared>.*)"#]),
                    ], library: .embedded),
                .beta: try FormatSet(
                    FormatDefinition.builtIn + [
                        FormatDefinition(
                            name: "beta-reading", programs: ProgramRule(names: ["app"]),
                            patterns: [
                                #"at (?<log_time>\S+) (?<beta_rest>.*)"#,
                                #"(?<shared>[^:]*): (?<beta_rest>.*)"#,
                            ], time: TimeCapture("log_time", .iso))
                    ], library: .embedded),
            ]
        } catch { fatalError("the formats of this test: \(error)") }
    }()

    /// Words that only one of the readings brings, as `termErrors` writes them.
    static let names: Set<String> = Set(
        ["alpha", "beta", "reading", "nginx"].map { hex($0.utf8) })

    /// Words are bytes, not always UTF-8.
    static func hex(_ word: some Sequence<UInt8>) -> String {
        word.map { String($0, radix: 16) }.joined(separator: " ")
    }

    func parser() -> LineParser {
        guard let formats = Self.sets[self] else { fatalError("a reading without formats") }
        return LineParser(
            formats: formats, zone: .utc, zones: { $0 == "East" ? ZoneRule(offsetSeconds: 7_200) : nil })
    }

    /// A batch of lines as their senders bring them: a file, TCP and UDP, in turn.
    func batch(_ lines: [[UInt8]], received: Int64 = LineBatch.received) -> EventBatch {
        var parser = parser()
        var batch = EventBatch()
        batch.received = received
        batch.peers = [
            Peer(.file, "", source: LineSource(program: "app", host: "filed", zone: "East")),
            Peer(.tcp, "10.1.2.3"), Peer(.udp, "::1"), Peer(.file, "", source: LineSource(program: "")),
        ]
        var frames: [Range<Int>] = []
        for line in lines {
            frames.append(batch.bytes.count..<batch.bytes.count + line.count)
            batch.bytes += line + [0x0A]
        }
        for (index, frame) in frames.enumerated() {
            let noted: ParseReasons = index % 7 == 0 ? .truncated : index % 11 == 0 ? .unterminated : []
            parser.parse(frame, peer: index % batch.peers.count, noted: noted, in: &batch)
        }
        return batch
    }

    /// Lines that the two readings take for different things, and lines that they do not.
    static func lines(_ count: Int, seed: UInt64) -> [[UInt8]] {
        var random = RandomLines(seed: seed)
        let header = "<13>1 2026-11-22T11:00:00Z docs"
        return (0..<count).map { number in
            let id = 100_000_000_000 + number
            return switch number % 6 {
            case 0: Array("\(header) json - - - {\"host\":\"b\\u0061\",\"k\":\"\\u0061bc\(id)\"}".utf8)
            case 1: Array("\(header) app - - - at 2026-11-22T10:59:\(10 + number % 50)Z told".utf8)
            case 2: Array("\(header) app - - - at 2026-11-21T10:00:00Z too late \(number)".utf8)
            case 5: Array("{\"host\":\"b\\u0061\",\"program\":\"p\\u0061\",\"k\":\"\\u0061 \(number)\"}".utf8)
            default: random.line()
            }
        }
    }
}

/// Some lines as one reading stores them, and what the other would make of them.
struct TwoReadings {
    private let lines: [[[UInt8]]]
    let alpha: [StoredEvent]
    let beta: [StoredEvent]

    init(seed: UInt64, batches: Int = 6, size: Int = 80) throws {
        lines = (0..<batches).map { Reading.lines(size, seed: seed &+ UInt64($0)) }
        alpha = try StoredEvent.events(of: Self.batches(lines, .alpha))
        beta = try StoredEvent.events(of: Self.batches(lines, .beta))
    }

    private static func batches(_ lines: [[[UInt8]]], _ reading: Reading) -> [EventBatch] {
        lines.enumerated().map { reading.batch($1, received: LineBatch.received + Int64($0)) }
    }

    /// A store that took the lines in the first reading: some are in segments, the last ones in memory.
    func store(_ directory: String) throws -> Store {
        let store = try Store(directory, .alpha)
        for (number, batch) in Self.batches(lines, .alpha).enumerated() {
            try store.append(batch)
            if number % 2 == 1, number < lines.count - 1 { store.closePastDays(at: StoreFixture.later) }
        }
        return store
    }

    /// What must be there when events were read again, and what must have been counted.
    func expected(
        _ isChosen: (UInt64) -> Bool = { _ in true }
    ) -> (events: [StoredEvent], count: ReparseCount) {
        var count = ReparseCount()
        let events = zip(alpha, beta).map { was, isNow -> StoredEvent in
            guard isChosen(was.sequence) else { return was }
            let after = was.day == isNow.day ? isNow : was
            count.looked += 1
            count.before.add(was)
            count.after.add(after)
            if was.day != isNow.day {
                count.otherDay += 1
            } else if was == isNow {
                count.unchanged += 1
            } else {
                count.changed += 1
            }
            return after
        }
        return (events, count)
    }
}

extension ReparseCount.Outcomes {
    fileprivate mutating func add(_ event: StoredEvent) {
        switch event.value("parse") {
        case "ok": ok += 1
        case "partial": partial += 1
        default: failed += 1
        }
    }
}

extension SeededRandom {
    /// A number that says little about another.
    static func mix(_ number: UInt64) -> UInt64 {
        var random = SeededRandom(seed: number)
        return random.next()
    }
}

extension Store {
    convenience init(_ directory: String, _ reading: Reading, isReadOnly: Bool = false) throws {
        try self.init(
            directory: directory, isReadOnly: isReadOnly, parser: { reading.parser() },
            clock: { LineBatch.received })
    }

    /// Whether FTS5 and the Bloom filters say of each block that it holds the terms that it holds; and FTS5,
    /// that it holds no others, of those and of `words`.
    func termErrors(_ words: Set<String> = []) throws -> [String] {
        try snapshot().segments.flatMap { segment -> [String] in
            try segment.read { view in
                var errors: [String] = []
                var blocks: [String: Set<Int64>] = Dictionary(uniqueKeysWithValues: words.map { ($0, []) })
                let ids = view.blocks.map(\.id)
                for id in ids {
                    let block = try view.block(id)
                    var terms = TermExtractor()
                    try terms.add(block)
                    for word in terms.words.split(separator: 0x20) {
                        blocks[Reading.hex(word), default: []].insert(id)
                    }
                    var texts: [[UInt8]] = []
                    for index in block.names.indices {
                        let values = try block.column(index).values
                        texts += (0..<values.count).map { Array(values[$0]) }
                    }
                    for row in 0..<block.count {
                        texts.append([])
                        try block.appendRaw(row, to: &texts[texts.count - 1])
                    }
                    for text in texts {
                        for probe in TermProbe.probes(of: text) {
                            guard case .id(let hash) = probe.term, probe.timeForm == nil else { continue }
                            if try view.blocks(ids, mayHold: hash).contains(id) { continue }
                            errors.append("block \(id) of \(segment.day) denies an id")
                        }
                    }
                }
                for (word, holders) in blocks {
                    let bytes = word.split(separator: " ").compactMap { UInt8($0, radix: 16) }
                    let found = try view.blocks(withWord: bytes)
                    if found.sorted() == holders.sorted() { continue }
                    errors.append("\(String(decoding: bytes, as: UTF8.self)): \(found), not \(holders)")
                }
                return errors
            }
        }
    }
}

extension EventChoice {
    /// The events whose numbers pass.
    init(where isChosen: @escaping (UInt64) -> Bool = { _ in true }) {
        self.init { block in
            var rows = RowSet(size: block.count)
            for (row, sequence) in try block.sequences().enumerated() where isChosen(sequence) {
                rows.insert(row)
            }
            return rows
        }
    }

    /// Those of every block that `events` says.
    init(events: @escaping (BlockReader) throws -> RowSet) {
        self.init(
            days: { _ in true }, blocks: { blocks, _ in RowSet(all: blocks.count) }, events: events)
    }
}

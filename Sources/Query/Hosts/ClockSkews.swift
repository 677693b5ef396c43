import Index
import Parse

/// How far the times of each host lie from their arrival, as its newest events of the last hour show.
///
/// Computed of stored events when somebody asks: nothing has to be kept for it while lines come in, and a restart
/// forgets nothing.
struct ClockSkews: Collector {
    /// Differences that are kept of a host: of its times without a zone, and of the others.
    private static let most = 500
    /// Hosts beyond this number are left out.
    private static let hostLimit = 10_000

    private struct Samples {
        /// Time minus receipt, in nanoseconds.
        var zoneless: [Int64] = []
        var others: [Int64] = []

        var isFull: Bool { zoneless.count >= ClockSkews.most && others.count >= ClockSkews.most }
    }

    private var samples: [ResultTable.Cell: Samples] = [:]

    /// The events that may tell of a clock: from the network, with a time that was believed.
    static func filter(received span: TimeSpan) -> Filter {
        func test(_ field: String, _ kind: FieldKind, _ condition: Condition) -> Filter {
            .test(Test(field: field, kind: kind, condition))
        }
        return .all(of: [
            test("received", .time, .during(span)),
            .any(of: ["udp", "tcp"].map { test("listener", .keyword, .equals($0)) }),
            .negation(of: test("reason", .text, .contains("time_suspect"))),
        ])
    }

    mutating func add(_ match: MatchedBlock) throws {
        let rows = try BlockRows(match)
        let block = try match.reader()
        let hosts = try rows.codes(of: "host")
        let isNeeded = hosts.cells.contains { samples[$0].map { !$0.isFull } ?? true }
        guard isNeeded else { return }
        let times = try block.times()
        let received = try block.received()
        let zones = try WrittenZones(block, rows)
        for row in rows.rows.reversed() {
            guard let isZoneless = zones.isMissing(row), let difference = times[row].minus(received[row])
            else {
                continue
            }
            add(difference, isZoneless: isZoneless, hosts.cells[hosts.code(row)])
        }
    }

    private mutating func add(_ difference: Int64, isZoneless: Bool, _ host: ResultTable.Cell) {
        guard samples[host] != nil || samples.count < Self.hostLimit else { return }
        if isZoneless {
            if samples[host, default: Samples()].zoneless.count < Self.most {
                samples[host, default: Samples()].zoneless.append(difference)
            }
        } else if samples[host, default: Samples()].others.count < Self.most {
            samples[host, default: Samples()].others.append(difference)
        }
    }

    mutating func merge(_ other: ClockSkews) {
        for (host, theirs) in other.samples {
            for difference in theirs.zoneless { add(difference, isZoneless: true, host) }
            for difference in theirs.others { add(difference, isZoneless: false, host) }
        }
    }

    /// The clock of the host that bears these names; nil where too little is known, or it is not steady.
    func skew(ofHosts names: [ResultTable.Cell]) -> ClockSkew? {
        let found = names.compactMap { samples[$0] }
        return ClockSkew(found.flatMap(\.zoneless), isZoneless: true)
            ?? ClockSkew(found.flatMap(\.others), isZoneless: false)
    }
}

/// Whether the events of a block say the zone of their time.
private struct WrittenZones {
    private let shapes: Column
    /// By shape: nil where it holds no time that is the event's.
    private var byShape: [Bool?] = []
    /// The times that stand in a line as text, because they are not the event's to the last byte: what the message says
    /// comes before what its header says.
    private let texts: [FieldCodes]
    private let isTextZoneless: [[Bool]]

    init(_ block: BlockReader, _ rows: BlockRows) throws {
        shapes = try block.shapeCodes()
        for number in 0..<(try block.shapeCount()) {
            let layouts = try block.shape(number).elements.compactMap { element in
                if case .time(let layout) = element { layout } else { nil }
            }
            byShape.append(layouts.isEmpty ? nil : layouts.contains { $0.zone == .unwritten })
        }
        texts = [try rows.codes(of: "log_time"), try rows.codes(of: "header_time")]
        isTextZoneless = texts.map { codes in codes.cells.map { Self.isZoneless($0) } }
    }

    /// Whether the event's time is written without a zone; nil where the line has no time.
    func isMissing(_ row: Int) -> Bool? {
        if let shape = shapes.value(at: row), byShape.indices.contains(shape), let known = byShape[shape] {
            return known
        }
        for (place, codes) in texts.enumerated() where codes.code(row) > 0 {
            return isTextZoneless[place][codes.code(row)]
        }
        return nil
    }

    /// As far as the text shows: `Nov  2 5:00:00` has no zone, a count of seconds needs none.
    private static func isZoneless(_ cell: ResultTable.Cell) -> Bool {
        guard case .text(let text) = cell, let last = text.last, last &- 0x30 < 10, text.contains(0x3A) else {
            return false
        }
        return !text.suffix(6).contains { $0 == 0x2B || $0 == 0x2D }
    }
}

/// How far a host's times are from their arrival.
struct ClockSkew: Equatable {
    /// The median of time minus receipt: nanoseconds, above zero where the clock is ahead.
    let median: Int64
    /// Whether the times are written without a zone.
    let isZoneless: Bool

    /// Events below which nothing is said.
    private static let least = 10
    private static let second: Int64 = 1_000_000_000
    /// How near the median two of three differences lie, if the clock is steady.
    private static let spread = 60 * second
    /// How near a whole number of quarter hours a skew is that comes of a zone: lines take a while to arrive.
    private static let delay = 120 * second
    private static let quarter = 900 * second

    /// Nil for too few, and for such as do not agree.
    init?(_ differences: [Int64], isZoneless: Bool) {
        guard differences.count >= Self.least else { return nil }
        let median = differences.sorted()[differences.count / 2]
        let near = differences.count { ($0.minus(median) ?? .max).magnitude <= UInt64(Self.spread) }
        guard near * 3 >= differences.count * 2 else { return nil }
        (self.median, self.isZoneless) = (median, isZoneless)
    }

    /// The whole quarter hours that the clock is ahead, in nanoseconds; nil where it is right, or wrong by something
    /// else.
    var quarters: Int64? {
        let whole = (median.plus(Self.quarter / 2) ?? median).floorQuotient(Self.quarter)
        guard whole != 0, let span = whole.times(Self.quarter), let rest = median.minus(span),
            rest.magnitude <= UInt64(Self.delay)
        else { return nil }
        return span
    }

    /// One word for it: `ok`; `zone`, where the rule of a zone mends it; `wrong`.
    var state: String {
        if median.magnitude <= UInt64(Self.spread) { return "ok" }
        return isZoneless && quarters != nil ? "zone" : "wrong"
    }

    /// In seconds, with one digit behind the point.
    var seconds: Double { (Double(median) / 1e8).rounded() / 10 }
}

extension QueryEngine {
    /// The clocks of hosts, as the last hour before `now` shows them.
    func clockSkews(now: Int64) throws -> ClockSkews {
        let hour: Int64 = 3_600_000_000_000
        let far = 26 * hour
        let span = TimeSpan(earliest: now.minus(hour) ?? .min, latest: now)
        let window = TimeSpan(earliest: now.minus(far) ?? .min, latest: now.plus(far) ?? .max)
        var work = SearchWork()
        return try Scan(
            snapshot(), EventTest(ClockSkews.filter(received: span)), window: window,
            SearchBudget(.seconds(10))
        ).run(&work) { ClockSkews() }
    }
}

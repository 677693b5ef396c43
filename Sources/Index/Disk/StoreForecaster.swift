import Dispatch
import Glibc
import Synchronization

/// Finds out once a minute how the store grows.
///
/// Never more than the last week's days are looked at, and of one of them some blocks; of a day that is over, once.
package final class StoreForecaster: Sendable {
    private struct State {
        var forecast: StoreForecast?
        /// Of segments whose day is over, by path, with the file as it was then.
        var files: [String: (file: FileState, usage: DayUsage)] = [:]
        var cost: (files: [FileState], cost: StoreCost)?
    }

    /// Tells whether a file has changed.
    private struct FileState: Equatable {
        var bytes: UInt64
        var seconds: Int
        var nanoseconds: Int
    }

    private let store: Store
    private let clock: @Sendable () -> Int64
    private let state = Mutex(State())
    private let queue = DispatchQueue(label: "wplog.forecast", qos: .utility)
    private let timer = Mutex<(any DispatchSourceTimer)?>(nil)

    /// - `clock`: nanoseconds since the Unix epoch.
    package init(_ store: Store, clock: @escaping @Sendable () -> Int64) {
        self.store = store
        self.clock = clock
    }

    /// The last forecast; nil before the first one.
    package var forecast: StoreForecast? { state.withLock { $0.forecast } }

    /// Makes a forecast soon, and from then on once a minute.
    package func start() {
        timer.withLock { timer in
            let source = DispatchSource.makeTimerSource(queue: queue)
            source.schedule(
                deadline: .now(), repeating: .seconds(DiskLimits.forecastSeconds), leeway: .seconds(1))
            source.setEventHandler { [weak self] in self?.update() }
            source.activate()
            timer = source
        }
    }

    /// Makes no more, and waits for the end of one that is at work.
    package func stop() {
        timer.withLock { $0?.cancel() }
        queue.sync {}
    }

    /// Makes a forecast now.
    ///
    /// Where a file cannot be read, the last one stays: the queries say what is wrong with it.
    package func update() {
        guard let forecast = try? make() else { return }
        state.withLock { $0.forecast = forecast }
    }

    private func make() throws -> StoreForecast {
        let now = clock()
        let today = Day(containing: now)
        let snapshot = store.snapshot()
        let first = Day(number: today.number &- Int32(DiskLimits.forecastDays))
        let past = snapshot.segments.filter { $0.day >= first && $0.day < today }
        let paths = Set(past.map(\.path))
        state.withLock { state in state.files = state.files.filter { paths.contains($0.key) } }
        var days: [Day: DayUsage] = [:]
        for segment in past {
            days[segment.day, default: DayUsage(day: segment.day)] += try usage(of: segment)
        }
        let usages = days.values.filter { $0.events > 0 }.sorted { $0.day < $1.day }
        if let last = usages.last?.day {
            return StoreForecast(
                past: usages, today: nil, oldest: snapshot.segments.first?.day, now: now,
                cost: try cost(of: past.filter { $0.day == last }, on: last))
        }
        let current = snapshot.segments.filter { $0.day == today }
        let open = snapshot.memory.filter { $0.day == today }
        var usage = DayUsage(day: today)
        for segment in current { usage += try DayUsage(of: segment, in: snapshot) }
        let cost = try StoreCost(of: current, on: today, in: snapshot, open: open)
        return StoreForecast(past: [], today: usage.adding(open), oldest: nil, now: now, cost: cost)
    }

    /// Of a day that is over, from memory where its file is still the same.
    private func usage(of segment: Segment) throws -> DayUsage {
        let file = Self.file(segment)
        if let known = state.withLock({ $0.files[segment.path] }), known.file == file { return known.usage }
        let usage = try DayUsage(of: segment, in: nil)
        state.withLock { $0.files[segment.path] = (file, usage) }
        return usage
    }

    private func cost(of segments: [Segment], on day: Day) throws -> StoreCost? {
        let files = segments.map { Self.file($0) }
        if let known = state.withLock({ $0.cost }), known.cost.day == day, known.files == files {
            return known.cost
        }
        let cost = try StoreCost(of: segments, on: day, in: nil, open: [], isWhole: true)
        if let cost { state.withLock { $0.cost = (files, cost) } }
        return cost
    }

    private static func file(_ segment: Segment) -> FileState {
        var state = stat()
        guard unsafe stat(segment.path, &state) == 0 else {
            return FileState(bytes: 0, seconds: 0, nanoseconds: 0)
        }
        return FileState(
            bytes: UInt64(max(0, state.st_size)), seconds: state.st_mtim.tv_sec,
            nanoseconds: state.st_mtim.tv_nsec)
    }
}

extension DayUsage {
    /// A day with nothing.
    init(day: Day) { self.init(day: day, fileBytes: 0, events: 0, rawBytes: 0, firstTime: .max) }

    /// A segment's numbers: the sizes of its files, and what it knows of its blocks without opening them.
    ///
    /// - `snapshot`: leaves out what this one holds in memory.
    init(of segment: Segment, in snapshot: StoreSnapshot?) throws {
        self.init(day: segment.day)
        let blocks = try snapshot?.blocks(of: segment) ?? segment.blocks()
        for path in [segment.path, segment.path + "-wal", segment.linesPath].compactMap({ $0 }) {
            var state = stat()
            if unsafe stat(path, &state) == 0 { fileBytes += UInt64(max(0, state.st_size)) }
        }
        for block in blocks { add(block.events, block.rawBytes, block.firstTime) }
    }

    private mutating func add(_ events: Int, _ rawBytes: Int, _ firstTime: Int64) {
        // Numbers of a file, which may be damaged.
        self.events &+= UInt64(max(0, events))
        self.rawBytes &+= UInt64(max(0, rawBytes))
        self.firstTime = min(self.firstTime, firstTime)
    }

    /// Adds another segment of the same day.
    static func += (sum: inout DayUsage, other: DayUsage) {
        sum.fileBytes &+= other.fileBytes
        sum.events &+= other.events
        sum.rawBytes &+= other.rawBytes
        sum.firstTime = min(sum.firstTime, other.firstTime)
    }

    /// With blocks that are in no file yet: what they will take is what those before them took, line for line.
    func adding(_ open: [Block]) -> DayUsage {
        let perByte = rawBytes > 0 ? Double(fileBytes) / Double(rawBytes) : 0
        var sum = self
        for block in open { sum.add(block.count, block.rawBytes, block.times.min() ?? .max) }
        let more = (Double(sum.rawBytes &- rawBytes) * perByte).rounded()
        sum.fileBytes &+= UInt64(exactly: more) ?? 0
        return sum
    }
}

package import Index
import Parse

/// Something to be done with the archive, as somebody asks for it.
package struct ArchiveOrder: Sendable {
    package enum Action: String, CaseIterable, Sendable {
        case run, verify, seal
        case rebuildIndex = "rebuild-index"
        case restore
    }

    package let action: Action
    /// Days before this one are archived.
    private let before: Day
    private let year: Int?
    private let day: Day?
    private let isDry: Bool
    /// Restored days go back as well.
    private let takesRestored: Bool
    /// Nanoseconds since the Unix epoch.
    private let now: Int64
    /// The days that the rules of retention send to the archive; nil takes all before `before`.
    private let planned: (@Sendable () throws -> [Day])?

    /// How long after its end a year may still get late events before it is sealed by itself: what comes from the
    /// network is not older than 30 days.
    private static let grace = 31

    /// - `which`: a year or a day, `2012` or `2012-05-12`; empty for all.
    /// - `before`: the first day that stays in the store.
    /// - `planned`: what chooses among these days.
    /// - Throws: what is wrong with it, as a text.
    package init(
        _ action: Action, which: String, before: Day, isDry: Bool = false, takesRestored: Bool = false,
        now: Int64, planned: (@Sendable () throws -> [Day])? = nil
    ) throws(StoreError) {
        self.planned = planned
        self.action = action
        // Today is never over.
        self.before = min(before, Day(containing: now))
        self.isDry = isDry
        self.takesRestored = takesRestored
        self.now = now
        year = which.count == 4 ? Int(which) : nil
        day = Day(which)
        guard which.isEmpty || year != nil || day != nil else {
            throw .refused("\"\(which.prefix(100))\" is no year and no day, such as 2012 or 2012-05-12")
        }
        guard !which.isEmpty || action != .restore && action != .seal else {
            throw .refused("\(action.rawValue) needs a year\(action == .restore ? " or a day" : "")")
        }
        guard day == nil || action != .seal else { throw .refused("a seal is for a year, not for a day") }
    }

    /// Does it.
    ///
    /// Blocks the thread for as long as it takes: minutes for millions of events.
    package func run(_ store: Store, _ lines: JobLines) {
        do {
            switch action {
            case .run: try archive(store, lines)
            case .verify: try verify(store, lines)
            case .seal: try seal(store, lines)
            case .rebuildIndex: try rebuild(store, lines)
            case .restore: try restore(store, lines)
            }
        } catch { lines.fail(error) }
    }

    // MARK: Archive

    private func archive(_ store: Store, _ lines: JobLines) throws {
        var days = try store.archivableDays(before: before, year: year, restored: takesRestored)
        if let day { days = days.filter { $0 == day } }
        if let planned = try planned?() { days = days.filter(planned.contains) }
        var events = 0
        var count = 0
        var isWhole = true
        let all = days.count
        for (number, day) in days.enumerated() where !isDry {
            let done = try store.archive(day) { done, blocks in
                lines.progress(number * blocks + done, all * blocks, "\(day)")
            }
            guard let done else {
                isWhole = false
                break
            }
            events += done.events
            count += 1
            lines.say("day") { json in
                json.pair("day", "\(done.day)")
                json.pair("part", done.part.map { "\($0)" } ?? "")
                json.pair("events", done.events)
                json.pair("raw_bytes", done.rawBytes)
                json.pair("segment_bytes", done.before)
                json.pair("lines_bytes", done.lines)
                json.pair("index_bytes", done.index)
            }
        }
        if isDry { for day in days { lines.say("day") { $0.pair("day", "\(day)") } } }
        if isWhole, !isDry { isWhole = try sealFinished(store, lines) }
        lines.say("result") { json in
            json.pair("dry_run", isDry)
            json.pair("whole", isWhole)
            json.pair("days", isDry ? days.count : count)
            json.pair("events", events)
        }
    }

    /// Seals the volumes of years that are over, of which nothing is left in the store.
    private func sealFinished(_ store: Store, _ lines: JobLines) throws -> Bool {
        let live = store.liveYears
        for volume in store.archive.volumes() where !store.archive.isSealed(volume) {
            try store.archive.completeSums(volume)
            guard let end = Day("\(volume.year + 1)-01-01"), volume.year + 1 <= 9_999,
                Day(containing: now).number - end.number >= Self.grace, !live.contains(volume.year),
                volume.number == 1 || isQuiet(volume, store)
            else { continue }
            guard try seal(volume, store, lines) else { return false }
        }
        return true
    }

    /// Whether nothing came to a volume for some time: late events seldom come alone.
    private func isQuiet(_ volume: ArchiveVolume, _ store: Store) -> Bool {
        guard let changed = store.archive.lastChange(of: volume) else { return false }
        return Day(containing: now).number - Day(containing: changed).number >= Self.grace
    }

    private func seal(_ volume: ArchiveVolume, _ store: Store, _ lines: JobLines) throws -> Bool {
        let report = try store.archive.seal(volume, now: now) { done, all in
            lines.progress(done, all, "\(volume)")
        }
        say(report, lines, sealed: store.archive.isSealed(volume))
        return report.damage.isEmpty
    }

    private func say(_ report: VolumeReport, _ lines: JobLines, sealed: Bool) {
        for damage in report.damage {
            lines.line { $0.pair("damage", "\(damage)") }
        }
        lines.say("volume") { json in
            json.pair("volume", "\(report.volume)")
            json.pair("sealed", sealed)
            json.pair("parts", report.parts)
            json.pair("members", report.members)
            json.pair("events", report.events)
            json.pair("bytes", report.bytes)
            json.pair("damaged", report.damage.count)
        }
    }

    // MARK: Care

    private func volumes(_ store: Store) throws -> [ArchiveVolume] {
        let volumes = store.archive.volumes().filter { year == nil || $0.year == year }
            .filter { volume in
                day.map { day in store.archive.parts(of: volume).contains { $0.day == day } } ?? true
            }
        guard !volumes.isEmpty || year == nil && day == nil else {
            throw StoreError.refused("nothing of that is in the archive at \(store.archive.directory)")
        }
        return volumes
    }

    private func verify(_ store: Store, _ lines: JobLines) throws {
        var damaged = 0
        var events = 0
        var isWhole = true
        for volume in try volumes(store) {
            let report = try store.archive.verify(volume) { done, all in
                isWhole = lines.progress(done, all, "\(volume)")
                return isWhole
            }
            say(report, lines, sealed: report.isSealed)
            damaged += report.damage.count
            events += report.events
            guard isWhole else { break }
        }
        lines.say("result") { json in
            json.pair("whole", isWhole)
            json.pair("events", events)
            json.pair("damaged", damaged)
        }
    }

    private func seal(_ store: Store, _ lines: JobLines) throws {
        if let year, store.liveYears.contains(year) {
            throw StoreError.refused(
                "days of \(year) are still in the store: wplog archive run --year \(year) moves them")
        }
        var count = 0
        for volume in try volumes(store) where !store.archive.isSealed(volume) {
            guard try seal(volume, store, lines) else {
                throw StoreError.damaged("\(volume) is not sealed; see what is damaged above")
            }
            count += 1
        }
        lines.say("result") { $0.pair("volumes", count) }
    }

    private func rebuild(_ store: Store, _ lines: JobLines) throws {
        let parts = store.archivedParts(year: year, day: day)
            .filter { year != nil || day != nil || !store.archive.hasReadableIndex($0) }
        var events = 0
        var damaged = 0
        for (number, part) in parts.enumerated() {
            let rebuilt = try store.rebuildIndex(of: part)
            for damage in rebuilt.damage { lines.line { $0.pair("damage", "\(damage)") } }
            events += rebuilt.events
            damaged += rebuilt.damage.count
            guard lines.progress(number + 1, parts.count, "\(part)") else { break }
        }
        lines.say("result") { json in
            json.pair("parts", parts.count)
            json.pair("events", events)
            json.pair("damaged", damaged)
        }
    }

    private func restore(_ store: Store, _ lines: JobLines) throws {
        let days = day.map { [$0] } ?? store.archivedDays(year: year)
        guard !days.isEmpty else {
            throw StoreError.refused("nothing of that is in the archive at \(store.archive.directory)")
        }
        var events = 0
        var damaged = 0
        var known = 0
        var isWhole = true
        for (number, day) in days.enumerated() {
            let restored = try store.restore(day) { done, all in
                lines.progress(number * all + done, days.count * all, "\(day)")
            }
            guard let restored else {
                isWhole = false
                break
            }
            for damage in restored.damage { lines.line { $0.pair("damage", "\(damage)") } }
            damaged += restored.damage.count
            events += restored.events
            known += restored.wasRestored ? 1 : 0
        }
        lines.say("result") { json in
            json.pair("whole", isWhole)
            json.pair("days", days.count)
            json.pair("events", events)
            json.pair("known", known)
            json.pair("damaged", damaged)
        }
    }

    // MARK: What there is

    /// The volumes of an archive as one JSON object: `{"directory":"…","volumes":[…]}`.
    package static func list(_ store: Store) -> [UInt8] {
        var json = JSONText()
        json.object { json in
            json.pair("directory", store.archive.directory)
            json.key("volumes")
            json.array { json in
                for volume in store.archive.summaries() { json.object { append(volume, to: &$0) } }
            }
        }
        json.endLine()
        return json.bytes
    }

    private static func append(_ volume: VolumeSummary, to json: inout JSONText) {
        json.pair("volume", "\(volume.volume)")
        json.pair("sealed", volume.isSealed)
        json.pair("days", Set(volume.parts.map(\.part.day)).count)
        json.pair("parts", volume.parts.count + volume.unread.count)
        json.pair("members", volume.parts.reduce(0) { $0 + $1.members })
        json.pair("events", volume.events)
        json.pair("raw_bytes", volume.rawBytes)
        json.pair("lines_bytes", volume.lines)
        json.pair("index_bytes", volume.index)
        if let first = volume.firstTime, let last = volume.lastTime {
            json.key("first")
            json.time(first)
            json.key("last")
            json.time(last)
        }
        json.key("hosts")
        json.object { json in
            for (host, events) in volume.hosts.sorted(by: { ($1.value, $0.key) < ($0.value, $1.key) }).prefix(
                100)
            {
                json.pair(host, events)
            }
        }
        json.key("unread")
        json.array { json in
            for damage in volume.unread { json.string("\(damage)") }
        }
    }
}

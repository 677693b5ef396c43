package import Index
import Parse

/// One pass of retention: the classes of events that go before the rest of their day, and archived days at the end of
/// their life.
///
/// It archives nothing itself: run it before the days of `Outcome.archive` are archived, so that what a class drops never
/// gets into an archive.
package struct RetentionRun {
    private let engine: QueryEngine
    private let rules: RetentionRules
    private let requester: Requester
    private let now: () -> Int64

    /// - `now`: nanoseconds since the Unix epoch.
    package init(
        _ engine: QueryEngine, _ rules: RetentionRules, by requester: Requester, now: @escaping () -> Int64
    ) {
        self.engine = engine
        self.rules = rules
        self.requester = requester
        self.now = now
    }

    /// What came of a pass, or would come of it.
    package struct Outcome: Sendable {
        /// The day that ages were counted from.
        package let today: Day
        /// Days that are to be archived, oldest first.
        package let archive: [Day]
        /// What was deleted, or would be.
        package var result: PurgeResult
        /// Why nothing was done; nil where nothing stopped it.
        package var brake: String?
    }

    /// The days that are to be archived now, oldest first.
    package func daysToArchive() throws -> [Day] { try plan().archive }

    /// Runs a pass.
    ///
    /// Where more would go than may unasked, it changes nothing and says so.
    /// - `isDry`: counts, and changes nothing.
    /// - `isForced`: goes on where more goes than may unasked.
    /// - `progress`: is called with the days and parts done and all there are; false ends it behind the last one.
    package func run(
        isDry: Bool, isForced: Bool,
        progress: (_ done: Int, _ all: Int, _ day: Day) -> Bool = { _, _, _ in true }
    ) throws -> Outcome {
        let plan = try plan()
        let sweeps = try plan.sweeps.map { (sweep: $0, choice: try choice($0)) }
        var outcome = Outcome(today: plan.today, archive: plan.archive, result: PurgeResult())
        var due: [(sweep: RetentionPlan.Sweep, choice: EventChoice)] = []
        for (sweep, choice) in sweeps {
            let found = try engine.store.purgeable(choice, in: [.store])
            outcome.result.days += found.days
            if found.events > 0 { due.append((sweep, choice)) }
        }
        let brake = plan.brake(swept: outcome.result.events)
        outcome.result.days += plan.delete.map { PurgedDay($0.part.day, .archive, events: $0.events) }
        if isDry || brake != nil && !isForced {
            outcome.brake = brake
            outcome.result.parts = plan.delete.map { .init(old: "\($0.part)", new: nil) }
            return outcome
        }
        // Nothing goes of these days: that is noted without a word in the audit log.
        for (sweep, _) in sweeps where !due.contains(where: { $0.sweep.day == sweep.day }) {
            try engine.store.note(sweep.record, of: sweep.day)
        }
        guard !due.isEmpty || !plan.delete.isEmpty else { return outcome }
        outcome.result = try carryOut(due, plan.delete.map(\.part), progress)
        return outcome
    }

    private func plan() throws -> RetentionPlan {
        RetentionPlan(try engine.store.retentionFacts(), rules, clock: Day(containing: now()))
    }

    private func choice(_ sweep: RetentionPlan.Sweep) throws -> EventChoice {
        let filter = Filter.any(of: try sweep.classes.map { try engine.filter(ofRule: $0.query) })
        let end = sweep.day.start.addingReportingOverflow(Day.nanoseconds - 1)
        return QueryEngine.choice(
            filter,
            window: TimeSpan(earliest: sweep.day.start, latest: end.overflow ? .max : end.partialValue))
    }

    private func carryOut(
        _ sweeps: [(sweep: RetentionPlan.Sweep, choice: EventChoice)], _ parts: [ArchivePart],
        _ progress: (Int, Int, Day) -> Bool
    ) throws -> PurgeResult {
        let store = engine.store
        let text = rules.classes.map { "\($0.keep) \($0.query)" }.joined(separator: "\n")
        let record = AuditRecord("retention", query: text, by: requester, now: now())
        try store.audit(record)
        var result = PurgeResult()
        let all = sweeps.count + parts.count
        do {
            for (number, entry) in sweeps.enumerated() {
                guard progress(number, all, entry.sweep.day) else {
                    result.isWhole = false
                    break
                }
                let swept = try store.purge(entry.choice, in: [.store], isSweep: true)
                result.days += swept.days
                result.stillRead += swept.stillRead
                try store.note(entry.sweep.record, of: entry.sweep.day)
            }
            if result.isWhole, !parts.isEmpty {
                let deleted = try store.delete(parts) { done, _ in
                    progress(sweeps.count + done, all, parts[done].day)
                }
                result.days += deleted.days
                result.parts = deleted.parts
                result.isWhole = deleted.isWhole
            }
        } catch {
            try store.audit(record.failed(error, now: now()))
            throw error
        }
        try store.audit(record.done(result, now: now()))
        return result
    }
}

/// A pass of retention, as somebody asks for it.
package struct RetentionOrder: Sendable {
    private let rules: RetentionRules
    private let isDry: Bool
    private let isForced: Bool
    private let requester: Requester

    package init(_ rules: RetentionRules, isDry: Bool, isForced: Bool, by requester: Requester) {
        self.rules = rules
        self.isDry = isDry
        self.isForced = isForced
        self.requester = requester
    }

    /// Runs it; gives lines of JSON as `PurgeOrder.run` does.
    package func run(
        _ engine: QueryEngine, now: @escaping () -> Int64, isWanted: () -> Bool, note: (String) -> Void,
        _ line: ([UInt8]) -> Void
    ) {
        do {
            let run = RetentionRun(engine, rules, by: requester, now: now)
            let outcome = try run.run(isDry: isDry, isForced: isForced) { done, all, day in
                line(PurgeJSON.progress(done, of: all, "\(day)"))
                return isWanted()
            }
            if let brake = outcome.brake, !isDry { note("retention: nothing was deleted: \(brake)") }
            if outcome.brake == nil, !isDry, outcome.result.events > 0 {
                note(
                    "retention: \(outcome.result.events) events deleted, with \(outcome.result.parts.count) archived parts"
                )
            }
            line(
                PurgeJSON.result(outcome.result, isDry: isDry) { json in
                    json.key("today")
                    json.string("\(outcome.today)")
                    json.key("archive")
                    json.array { json in for day in outcome.archive { json.string("\(day)") } }
                    json.key("brake")
                    if let brake = outcome.brake { json.string(brake) } else { json.null() }
                })
        } catch {
            line(PurgeJSON.error(error))
        }
    }
}

extension RetentionRules {
    /// The days of a store that are to be archived now, oldest first: what is older than `hotDays`, and what `hotSize` sends
    /// early.
    ///
    /// - `now`: nanoseconds since the Unix epoch.
    package func daysToArchive(of store: Store, now: Int64) throws -> [Day] {
        RetentionPlan(try store.retentionFacts(), self, clock: Day(containing: now)).archive
    }
}

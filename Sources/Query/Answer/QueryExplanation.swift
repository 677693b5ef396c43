import Index
package import Parse

/// How a query is read, and what an answer would take: `explain --query`.
package struct QueryExplanation {
    private let engine: QueryEngine
    private let prepared: PreparedQuery
    private let zone: ZoneRule

    /// - `zone`: the clock of who asks.
    package init(_ engine: QueryEngine, _ prepared: PreparedQuery, zone: ZoneRule) {
        (self.engine, self.prepared, self.zone) = (engine, prepared, zone)
    }

    /// One day's part of the plan.
    private struct DayPlan {
        var day: Day
        var blocks: Int
        var candidates: Int
        var bytes: Int
        var inMemory: Int
    }

    /// One volume's part of the plan.
    private struct ArchivePlan {
        let volume: ArchiveVolume
        var parts = 0
        var blocks = 0
        var candidates = 0
        var members = 0
        var bytes = 0

        /// Bytes of archived text that are expanded and looked through in a second, by two threads.
        private static let rate = 800_000_000.0

        var line: String {
            let seconds = max(0.1, (Double(bytes) / Self.rate * 10).rounded() / 10)
            return
                "\(volume): \(parts) \(parts == 1 ? "part" : "parts"), \(candidates) of \(blocks) blocks in "
                + "\(members) members, \(bytes / 1_000_000) MB of text: at most \(DecimalText.shortest(seconds)) s, "
                + "and less where the index says enough"
        }
    }

    /// Lines for people.
    ///
    /// Throws where a segment cannot be read.
    package func lines() throws -> [String] {
        let pipeline = Pipeline(prepared.query, limit: 200)
        var lines = ["query     \(prepared.query)"]
        lines += prepared.notes.map { "note      \($0.message)" }
        lines += Self.tree(pipeline.filter, depth: 0).enumerated().map { index, line in
            (index == 0 ? "filter    " : "          ") + line
        }
        for (index, stage) in prepared.query.stages.enumerated() {
            lines.append((index == 0 ? "stages    " : "          ") + QueryPrinter.text(of: stage))
        }
        lines.append("window    " + span { TimeText.local($0, zone) })
        lines.append("          " + span(TimeText.utc))
        let plan = BlockPlan(pipeline.filter)
        lines.append("index     " + Self.words(plan))
        let (days, archives) = try self.days(plan)
        for archive in archives {
            lines.append((archive.volume == archives[0].volume ? "archive   " : "          ") + archive.line)
        }
        for day in days.prefix(10) {
            lines.append(
                "          \(day.day): \(day.candidates) of \(day.blocks) blocks, \(Self.size(day.bytes))"
                    + (day.inMemory > 0 ? ", and \(day.inMemory) in memory" : ""))
        }
        if days.count > 10 { lines.append("          and \(days.count - 10) days more") }
        let candidates =
            days.reduce(0) { $0 + $1.candidates + $1.inMemory } + archives.reduce(0) { $0 + $1.candidates }
        let blocks = days.reduce(0) { $0 + $1.blocks + $1.inMemory } + archives.reduce(0) { $0 + $1.blocks }
        let isScan = plan == .scan && pipeline.filter != .everything
        lines.append(
            "reads     at most \(candidates) of \(blocks) blocks"
                + (isScan ? "; no word tells them apart: this is a scan" : "")
                + "; then every event of these is tested exactly")
        return lines
    }

    private func span(_ text: (Int64) -> String) -> String {
        let window = prepared.window
        let from = window.earliest == .min ? "the first event" : text(window.earliest)
        if prepared.endsNow { return "\(from) … now" }
        return "\(from) … " + (window.latest == .max ? "the last event" : text(window.latest))
    }

    private func days(_ plan: BlockPlan) throws -> ([DayPlan], [ArchivePlan]) {
        let snapshot = engine.snapshot()
        let window = prepared.window
        let receipt = prepared.query.filter.receiptHull
        var plans: [Day: DayPlan] = [:]
        var archives: [ArchiveVolume: ArchivePlan] = [:]
        for block in snapshot.memory where Scan.overlaps(block.day, window) {
            plans[
                block.day, default: DayPlan(day: block.day, blocks: 0, candidates: 0, bytes: 0, inMemory: 0)
            ]
            .inMemory += 1
        }
        for segment in snapshot.segments where Scan.overlaps(segment.day, window) {
            try segment.read { reader in
                let infos = snapshot.blocks(of: reader).filter { $0.overlaps(window, received: receipt) }
                let candidates = try plan.candidates(among: infos, in: reader)
                let chosen = infos.indices.filter(candidates.contains)
                if let volume = segment.part?.volume {
                    let text = try reader.archivedText(of: chosen.map { infos[$0].id })
                    var archive = archives[volume] ?? ArchivePlan(volume: volume)
                    archive.parts += 1
                    archive.blocks += infos.count
                    archive.candidates += chosen.count
                    archive.members += text.members
                    archive.bytes += text.bytes
                    archives[volume] = archive
                    return
                }
                var day =
                    plans[segment.day]
                    ?? DayPlan(day: segment.day, blocks: 0, candidates: 0, bytes: 0, inMemory: 0)
                day.blocks += infos.count
                day.candidates += chosen.count
                day.bytes += chosen.reduce(0) { $0 + infos[$1].rawBytes }
                plans[segment.day] = day
            }
        }
        return (
            plans.values.sorted { $0.day > $1.day }, archives.values.sorted { $0.volume > $1.volume }
        )
    }

    private static func size(_ bytes: Int) -> String {
        bytes < 1_000_000
            ? "\((bytes + 999) / 1_000) kB of lines" : "\((bytes + 500_000) / 1_000_000) MB of lines"
    }

    // MARK: Words

    private static func tree(_ filter: Filter, depth: Int) -> [String] {
        let pad = String(repeating: "  ", count: depth)
        func list(_ name: String, _ parts: [Filter]) -> [String] {
            [pad + name] + parts.flatMap { tree($0, depth: depth + 1) }
        }
        return switch filter {
        case .everything: [pad + "every event"]
        case .test(let test): [pad + words(test)]
        case .not(.test(let test)): [pad + "not: " + words(test)]
        case .not(let part): list("none of", [part])
        case .and(let parts): list("all of", parts)
        case .or(let parts): list("any of", parts)
        }
    }

    private static func words(_ test: Test) -> String {
        let subject = test.field == "raw" ? "the line" : test.field
        let written = Filter.test(test).description
        let reading =
            switch test.condition {
            case .contains: "\(subject) holds this, from word edge to word edge, in any case"
            case .matches: "\(subject) holds words of this pattern"
            case .equals:
                test.field == "host"
                    ? "host is this, or its first label is" : "\(subject) is this, in any case"
            case .exactly: "\(subject) is this, byte for byte"
            case .like: "\(subject) is of this pattern"
            case .within: "\(subject) lies within\(test.kind == .number ? unit(test.field) : "")"
            case .exists: "the event has \(subject)"
            case .regex: "\(subject) matches this regular expression"
            case .network: "\(subject) is an address of this network"
            case .during: "\(subject) lies within"
            }
        return "\(written)   \(reading)"
    }

    private static func unit(_ field: String) -> String {
        Fields.definition(of: field)?.unit.map { " (\($0))" } ?? ""
    }

    private static func words(_ plan: BlockPlan) -> String {
        switch plan {
        case .scan: "nothing: every block of the window"
        case .term(let probe):
            switch probe.term {
            case .word(let word): "word \(String(decoding: word, as: UTF8.self))"
            case .id: "an id or address in the Bloom filters"
            case .prefix(let start): "words that begin with \(String(decoding: start, as: UTF8.self))"
            }
        case .all(let parts): parts.map(words).joined(separator: " and ")
        case .any(let parts): "(" + parts.map(words).joined(separator: " or ") + ")"
        }
    }
}

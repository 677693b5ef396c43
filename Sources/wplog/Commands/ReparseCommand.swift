import ArgumentParser
import FoundationEssentials
import Glibc
import Index
import Parse
import Query

/// The command wplog reparse.
struct ReparseCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reparse",
        abstract: "Read stored lines again with the patterns and formats that hold now.",
        discussion: """
            wplog reparse --where 'parse:failed program:shop' --dry-run    what would change
            wplog reparse --where 'parse:failed program:shop'
            wplog reparse --where 'parser:nginx-access' --since 7d

            The lines themselves, and when and from whom they came, stay as they are. It can be interrupted and
            run again. A line whose time turns out to be of another day stays as it is: import its file again.
            A running server does the work with its own formats: kill -HUP it after a change of the settings.
            """)

    @Option(name: .customLong("where"), help: ArgumentHelp("Which events: a query.", valueName: "QUERY"))
    var query: String

    @Flag(help: "Say what would change, and change nothing.")
    var dryRun = false

    @Option(help: ArgumentHelp("From when: 15m, 2h, today, 2026-11-21. Default: all.", valueName: "TIME"))
    var since = "1970-01-01"

    @Option(help: ArgumentHelp("Until when.", valueName: "TIME"))
    var until: String?

    @Option(help: ArgumentHelp("Let this server do it, and no other.", valueName: "URL"))
    var server: String?

    @OptionGroup var place: PlaceOptions

    mutating func run() async throws {
        let settings = try place.settings()
        var progress = ReparseProgress()
        if let url = settings.server(named: server) {
            var form = [
                ("where", query), ("since", since), ("dry_run", dryRun ? "1" : "0"),
                ("zone", Zones.localName),
            ]
            if let until { form.append(("until", until)) }
            try await ServerConnection(url).postLines(
                "/api/v1/reparse?" + ServerConnection.form(form)
            ) { progress.take($0) }
        } else {
            try runHere(settings, &progress)
        }
        try progress.end(dryRun: dryRun)
    }

    private func runHere(_ settings: Settings, _ progress: inout ReparseProgress) throws {
        guard StoreLayout.isStore(settings.data) else {
            throw ExitCode.unreachable("there is no wplog data in \(settings.data)")
        }
        let parser = try settings.parser()
        let store = try settings.openStore(parser, isReadOnly: dryRun)
        defer { store.close() }
        let engine = QueryEngine(store)
        let now = Clock.now()
        let zone = Zones.local
        let times = TimeExpression(now: now) { zone.offset(atLocal: $0, received: now / 1_000_000_000) }
        let order: ReparseOrder
        do throws(QueryError) {
            order = try ReparseOrder(
                query, window: try times.window(since: since, until: until), times: times, isDry: dryRun,
                engine: engine)
        } catch {
            throw ExitCode.usage(error.rendered(query: query))
        }
        order.run(engine, parser: parser(), isWanted: { true }, { progress.take($0) })
    }
}

/// What a run of reparse says of itself, line by line.
struct ReparseProgress {
    private struct Line: Decodable {
        var done: Int?
        var all: Int?
        var error: String?
        var result: Result?
    }

    private struct Result: Decodable {
        var looked: Int
        var changed: Int
        var unchanged: Int
        var otherDay: Int
        var before: Outcomes
        var after: Outcomes

        private enum CodingKeys: String, CodingKey {
            case looked, changed, unchanged, before, after
            case otherDay = "other_day"
        }
    }

    private struct Outcomes: Decodable {
        var ok: Int
        var partial: Int
        var failed: Int
    }

    private var result: Result?
    private var error: String?
    private var bar = ProgressBar()

    /// Takes one line of JSON.
    mutating func take(_ bytes: [UInt8]) {
        guard let line = try? JSONDecoder().decode(Line.self, from: Data(bytes)) else { return }
        if let result = line.result { self.result = result }
        if let error = line.error { self.error = error }
        guard let done = line.done, let all = line.all, all > 0 else { return }
        bar.show("", share: Double(done) / Double(all), "\(done) of \(all) blocks")
    }

    /// Says what came of it.
    func end(dryRun: Bool) throws {
        bar.end()
        if let error { throw ExitCode.partial("stopped: \(error). Run it again to do the rest") }
        guard let result else {
            throw ExitCode.partial("the server stopped before it was done. Run it again to do the rest")
        }
        var text =
            "\(result.looked) events read again: \(result.changed) \(dryRun ? "would change" : "changed"), "
            + "\(result.unchanged) the same"
        if result.otherDay > 0 { text += ", \(result.otherDay) left: their time is of another day" }
        text += "\n\n" + Self.row("", "before", "after")
        text += Self.row("ok", "\(result.before.ok)", "\(result.after.ok)")
        text += Self.row("partial", "\(result.before.partial)", "\(result.after.partial)")
        text += Self.row("failed", "\(result.before.failed)", "\(result.after.failed)")
        try Output.write(Array(text.utf8))
    }

    private static func row(_ name: String, _ before: String, _ after: String) -> String {
        func cell(_ text: String) -> String { String(repeating: " ", count: max(0, 12 - text.count)) + text }
        return name + String(repeating: " ", count: 8 - name.count) + cell(before) + cell(after) + "\n"
    }
}

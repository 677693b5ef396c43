import ArgumentParser
import FoundationEssentials
import Glibc
import Index
import Parse
import Query

/// The command wplog purge.
struct PurgeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "purge",
        abstract: "Delete events for good, from the store, the journal and the archives.",
        discussion: """
            wplog purge 'program:shop "password="' --dry-run    how many, by day and place
            wplog purge 'program:shop "password="' --since 7d
            echo "$SECRET" | wplog purge - --yes                keeps it out of ps and of the shell's history

            Sealed volumes are written anew as well. All other events stay as they are. Who did it, when, and
            how many events went stands in DIR/audit.log; of the query only its SHA-256 does. It can be
            interrupted and run again.
            """)

    @Argument(
        help: ArgumentHelp("Which events: a query; - reads it from standard input.", valueName: "QUERY"))
    var query: String

    @Flag(help: "Say how many events would go, and change nothing.")
    var dryRun = false

    @Flag(help: "Do not ask.")
    var yes = false

    @Option(help: ArgumentHelp("From when: 15m, 2h, today, 2026-11-21. Default: all.", valueName: "TIME"))
    var since: String?

    @Option(help: ArgumentHelp("Until when.", valueName: "TIME"))
    var until: String?

    @Option(help: ArgumentHelp("Let this server do it, and no other.", valueName: "URL"))
    var server: String?

    @OptionGroup var place: PlaceOptions

    mutating func run() async throws {
        let isTerminal = Terminal.isTerminal(STDIN_FILENO) && Terminal.isTerminal(STDERR_FILENO)
        guard dryRun || yes || isTerminal && query != "-" else {
            throw ExitCode.usage(
                "this deletes events for good: say --yes where nobody can be asked, or --dry-run")
        }
        let text = query == "-" ? try Self.standardInput() : query
        let settings = try place.settings()
        if dryRun || !yes {
            let found = try await result(text, settings, isDry: true)
            if dryRun {
                try Output.write(Array(found.table("would be deleted; nothing was changed").utf8))
                return try found.check()
            }
            Output.progress(found.table("would be deleted for good"))
            guard found.events > 0, Self.confirms(found.events) else {
                throw ExitCode.usage("nothing was deleted")
            }
        }
        let done = try await result(text, settings, isDry: false)
        try Output.write(Array(done.table("deleted").utf8))
        if done.stillRead > 0 {
            Output.note("\(done.stillRead) files go when the queries that read them end")
        }
        try done.check()
    }

    private func result(_ text: String, _ settings: Settings, isDry: Bool) async throws
        -> PurgeProgress.Result
    {
        var progress = PurgeProgress()
        if let url = settings.server(named: server) {
            var form = [("where", text), ("dry_run", isDry ? "1" : "0"), ("zone", Zones.localName)]
            if let since { form.append(("since", since)) }
            if let until { form.append(("until", until)) }
            // In the body: addresses stand in the logs of proxies.
            try await ServerConnection(url).postLines("/api/v1/purge", form) { progress.take($0) }
        } else {
            try runHere(text, settings, isDry: isDry, &progress)
        }
        return try progress.end()
    }

    private func runHere(
        _ text: String, _ settings: Settings, isDry: Bool, _ progress: inout PurgeProgress
    ) throws {
        guard StoreLayout.isStore(settings.data) else {
            throw ExitCode.unreachable("there is no wplog data in \(settings.data)")
        }
        let parser = try settings.parser()
        let store = try settings.openStore(parser, isReadOnly: isDry)
        defer { store.close() }
        let engine = settings.engine(store)
        let now = Clock.now()
        let zone = Zones.local
        let times = TimeExpression(now: now) { zone.offset(atLocal: $0, received: now / 1_000_000_000) }
        let order: PurgeOrder
        do throws(QueryError) {
            order = try PurgeOrder(
                text, since: since, until: until, times: times, isDry: isDry, by: .thisProcess, engine: engine
            )
        } catch {
            throw ExitCode.usage(error.rendered(query: text))
        }
        let own = OwnEvents(store, makeParser: parser)
        order.run(
            engine, now: Clock.now, isWanted: { true }, note: { own.store(level: 5, id: "purge", $0) },
            { progress.take($0) })
    }

    private static func confirms(_ events: Int) -> Bool {
        Output.progress("Type \(events) to delete them: ")
        let answer = readLine(strippingNewline: true) ?? ""
        return answer.filter { $0 != " " } == "\(events)"
    }

    private static func standardInput() throws -> String {
        guard let line = readLine(strippingNewline: true), !line.isEmpty else {
            throw ExitCode.usage("there is no query on standard input")
        }
        return line
    }
}

import ArgumentParser
import Glibc
import Index
import Query

/// The command wplog retention.
struct RetentionCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "retention",
        abstract: "Delete what the settings keep no longer.",
        discussion: """
            wplog retention --dry-run
            wplog retention                    what wplog archive run does first each day
            wplog retention --force            also where more would go than may unasked

            Classes of events ([[retention]] in the settings) go from the store before their day is archived;
            archived days go at the end of archive_keep. A pass that would delete more than a fifth of all
            events, or an archived year whole, changes nothing and ends with exit code 4.
            A running server does the work with its own settings.
            """)

    @Flag(help: "Say what would go, and change nothing.")
    var dryRun = false

    @Flag(help: "Also where more would go than may unasked.")
    var force = false

    @Option(help: ArgumentHelp("Let this server do it, and no other.", valueName: "URL"))
    var server: String?

    @OptionGroup var retention: RetentionOptions

    @OptionGroup var place: PlaceOptions

    mutating func run() async throws {
        let settings = try place.settings(retention.flags)
        var progress = PurgeProgress()
        if let url = settings.server(named: server) {
            guard retention.flags.values.allSatisfy({ $0 == nil }) else {
                throw ExitCode.usage(
                    "\(url) does the work, with its own settings: leave out --hot-days and the like")
            }
            let form = [("dry_run", dryRun ? "1" : "0"), ("force", force ? "1" : "0")]
            try await ServerConnection(url).postLines("/api/v1/retention", form) { progress.take($0) }
        } else {
            try runHere(settings, &progress)
        }
        let result = try progress.end()
        let isStopped = result.brake != nil && (dryRun || !force)
        try Output.write(
            Array(
                result.table(dryRun || isStopped ? "would be deleted; nothing was changed" : "deleted").utf8))
        if let days = result.archive, let first = days.first {
            let more = days.count > 1 ? " and \(days.count - 1) more days are" : " is"
            Output.note("\(first)\(more) to be archived: wplog archive run")
        }
        if let brake = result.brake, isStopped, !(dryRun && force) {
            throw ExitCode.partial("\(brake): look at --dry-run, and say --force if that is right")
        }
        try result.check()
    }

    private func runHere(_ settings: Settings, _ progress: inout PurgeProgress) throws {
        guard StoreLayout.isStore(settings.data) else {
            throw ExitCode.unreachable("there is no wplog data in \(settings.data)")
        }
        let parser = try settings.parser()
        let store = try settings.openStore(parser, isReadOnly: dryRun)
        defer { store.close() }
        let own = OwnEvents(store, makeParser: parser)
        RetentionOrder(settings.retention, isDry: dryRun, isForced: force, by: .thisProcess).run(
            settings.engine(store), now: Clock.now, isWanted: { true },
            note: { own.store(level: 5, id: "retention", $0) }, { progress.take($0) })
    }
}

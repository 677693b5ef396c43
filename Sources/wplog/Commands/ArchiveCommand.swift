import ArgumentParser
import FoundationEssentials
import Index
import Query
import Synchronization

/// The command wplog archive.
struct ArchiveCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "archive",
        abstract: "Old days as gzip files that stay searchable.",
        discussion: """
            wplog archive run                     days before the hot window go into the archive
            wplog archive list                    what is there
            wplog archive verify 2012             read every byte of a year
            wplog search 'status:500' --since 2012-05 --until 2012-06    finds archived lines in place

            The files are plain: zcat DIR/archive/2012/2012-05-12.ndjson.gz | jq -r .raw
            """,
        subcommands: [
            ArchiveRunCommand.self, ArchiveListCommand.self, ArchiveVerifyCommand.self,
            ArchiveSealCommand.self,
            ArchiveRebuildCommand.self, ArchiveRestoreCommand.self,
        ])
}

/// Which server or directory has the archive.
struct ArchivePlace: ParsableArguments {
    @Option(help: ArgumentHelp("Let this server do it, and no other.", valueName: "URL"))
    var server: String?

    @OptionGroup var place: PlaceOptions

    /// Has an order carried out, and says what came of it.
    func carryOut(
        _ action: ArchiveOrder.Action, which: String = "", before: Day? = nil, isDry: Bool = false,
        takesRestored: Bool = false
    ) async throws -> ArchiveProgress {
        let settings = try place.settings()
        let progress = Mutex(ArchiveProgress())
        if let url = settings.server(named: server) {
            var form = [("action", action.rawValue), ("which", which)]
            if let before { form.append(("before", "\(before)")) }
            if isDry { form.append(("dry_run", "1")) }
            if takesRestored { form.append(("restored", "1")) }
            try await ServerConnection(url).postLines("/api/v1/archive?" + ServerConnection.form(form)) {
                line in progress.withLock { $0.take(line) }
            }
        } else {
            guard StoreLayout.isStore(settings.data) else {
                throw ExitCode.unreachable("there is no wplog data in \(settings.data)")
            }
            let store = try settings.openStore(try settings.parser())
            defer { store.close() }
            let now = Clock.now()
            let rules = settings.retention
            let all: (@Sendable () throws -> [Day])? = { try rules.daysToArchive(of: store, now: now) }
            let planned = before == nil ? all : nil
            let order: ArchiveOrder
            do throws(StoreError) {
                order = try ArchiveOrder(
                    action, which: which, before: before ?? Day(number: .max), isDry: isDry,
                    takesRestored: takesRestored, now: now, planned: planned)
            } catch { throw ExitCode.usage("\(error)") }
            order.run(
                store, JobLines(isWanted: { true }) { line in progress.withLock { $0.take(line) } })
        }
        return try progress.withLock { progress in
            try progress.end()
            return progress
        }
    }
}

struct ArchiveRunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Move old days into the archive, and seal the years that are over.",
        discussion: """
            Each day is written, brought to the disk, read back and compared before its segment goes. It can be
            interrupted and run again; a timer does it each day (deploy/wplog-archive.timer).
            """)

    @Option(help: ArgumentHelp("Only days of this year.", valueName: "YEAR"))
    var year: Int?

    @Option(
        help: ArgumentHelp(
            "All days before this one. Default: what hot_days and hot_size of the settings say.",
            valueName: "DAY"))
    var before: String?

    @Flag(help: "Say which days would go, and move none.")
    var dryRun = false

    @Flag(help: "Also days that were restored: they go back.")
    var restored = false

    @OptionGroup var place: ArchivePlace

    /// Days that stay in the store.
    private static let hotDays: Int32 = 30

    mutating func run() async throws {
        let today = Day(containing: Clock.now())
        var end = Day(number: today.number - Self.hotDays)
        if let before {
            guard let day = Day(before) else {
                throw ExitCode.usage("\"\(before)\" is no day like 2012-05-12")
            }
            // Today is never over.
            end = min(day, today)
        }
        let progress = try await place.carryOut(
            .run, which: year.map { "\(ArchiveVolume(year: $0))" } ?? "", before: end, isDry: dryRun,
            takesRestored: restored)
        try progress.sayDays(isDry: dryRun)
    }
}

struct ArchiveVerifyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Read every byte of the archive, or of a year, and name what is damaged.",
        discussion: "Exit code 4 where anything is.")

    @Argument(help: ArgumentHelp("A year, or a day of it. Default: all.", valueName: "YEAR"))
    var year = ""

    @OptionGroup var place: ArchivePlace

    mutating func run() async throws { try await place.carryOut(.verify, which: year).sayVolumes() }
}

struct ArchiveSealCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "seal",
        abstract: "Verify a year, and let nobody write to it any more.",
        discussion:
            "A month after a year's end wplog archive run does it by itself. Late events go beside it.")

    @Argument(help: ArgumentHelp("The year.", valueName: "YEAR"))
    var year: String

    @OptionGroup var place: ArchivePlace

    mutating func run() async throws { try await place.carryOut(.seal, which: year).sayVolumes() }
}

struct ArchiveRebuildCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rebuild-index",
        abstract: "Make indexes anew from the .gz files alone.",
        discussion: "Without a year or a day: those that are gone.")

    @Argument(help: ArgumentHelp("A year or a day.", valueName: "YEAR|DAY"))
    var which = ""

    @OptionGroup var place: ArchivePlace

    mutating func run() async throws {
        let progress = try await place.carryOut(.rebuildIndex, which: which)
        guard let result = progress.result else { return }
        try Output.write(
            Array("\(Words.count(UInt64(result.parts ?? 0), "index file")) made, \(progress.events)\n".utf8))
        try progress.failIfDamaged()
    }
}

struct ArchiveRestoreCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "restore",
        abstract: "Put a year or a day back into the store.",
        discussion: """
            The archive keeps its files, and archived days are searched in place all the same: restore what shall
            be read again with new formats, or be faster. wplog archive run --restored undoes it.
            """)

    @Argument(help: ArgumentHelp("A year or a day.", valueName: "YEAR|DAY"))
    var which: String

    @OptionGroup var place: ArchivePlace

    mutating func run() async throws {
        let progress = try await place.carryOut(.restore, which: which)
        guard let result = progress.result else { return }
        let days = Words.count(UInt64(result.days ?? 0), "day")
        let known = result.known ?? 0
        try Output.write(
            Array("\(days), \(progress.events)\(known > 0 ? "; \(known) in the store already" : "")\n".utf8))
        try progress.failIfDamaged()
    }
}

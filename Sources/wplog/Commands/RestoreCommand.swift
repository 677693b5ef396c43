import ArgumentParser
import FoundationEssentials
import Index
import Parse
import Query

/// The command wplog restore.
struct RestoreCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "restore",
        abstract: "Put a backup in the place of the data directory.",
        discussion: """
            wplog restore /mnt/backups/2026-11-22 --dry-run           verify it, and say what would happen
            wplog restore /mnt/backups/2026-11-22
            wplog restore /mnt/backups/2026-11-22 --data ./other      into a directory of its own

            The server must be stopped. Every file of the backup is verified first; a damaged one is named, and
            nothing is changed then. What was in the data directory is kept beside it, under another name.
            """)

    @Argument(help: ArgumentHelp("The folder that wplog backup has made.", valueName: "BACKUP"))
    var backup: String

    @Flag(help: "Verify the backup, say what would happen, and change nothing.")
    var dryRun = false

    @OptionGroup var place: PlaceOptions

    mutating func run() throws {
        let settings = try place.settings()
        do {
            try Output.write(Array(restore(settings).utf8))
        } catch {
            throw ExitCode.ofBackup(error)
        }
    }

    private func restore(_ settings: Settings) throws -> String {
        let restore = try StoreRestore(
            Paths.absolute(backup), to: Self.directory(Paths.absolute(settings.data)))
        let bar = RestoreBar()
        defer { bar.end() }
        let stamp = Self.stamp(Clock.now())
        let size = "\(Words.count(UInt64(restore.size.days), "day")), \(Words.size(restore.size.bytes))"
        guard !dryRun else {
            try restore.verify(bar.show)
            let kept =
                restore.hasPresentStore
                ? "What is in \(restore.directory) would be kept as \(restore.directory).before-restore-\(stamp).\n"
                : ""
            return
                "The backup is whole: \(size). It would become \(restore.directory).\n\(kept)Nothing was changed.\n"
        }
        let old = try restore.run(stamp: stamp, bar.show)
        let kept =
            old.map { "What was there before is kept in \($0); remove it when it is not needed any more.\n" }
            ?? ""
        return "\(restore.directory) holds the backup now: \(size), verified.\n\(kept)"
    }

    private static func directory(_ path: String) -> String {
        path.count > 1 && path.hasSuffix("/") ? directory(String(path.dropLast())) : path
    }

    /// A time as part of a name: `20261122T110000Z`.
    private static func stamp(_ nanoseconds: Int64) -> String {
        Date(timeIntervalSince1970: Double(nanoseconds / 1_000_000_000)).formatted(
            .iso8601.year().month().day().dateSeparator(.omitted).time(includingFractionalSeconds: false)
                .timeSeparator(.omitted)
        ) + "Z"
    }
}

/// The bar of a restore, which many hold.
private final class RestoreBar {
    private var bar = BackupBar()

    func show(_ progress: BackupProgress) -> Bool {
        bar.show(progress.step.rawValue, progress.done, progress.all)
        return true
    }

    func end() { bar.end() }
}

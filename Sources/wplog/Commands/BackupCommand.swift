import ArgumentParser
import FoundationEssentials
import Glibc
import Index
import Query

/// The command wplog backup.
struct BackupCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup",
        abstract: "Copy all that is stored into a new folder, while the server runs.",
        discussion: """
            wplog backup /mnt/backups/2026-11-22
            wplog backup /mnt/backups/2026-11-22 --data ./data     a directory that nobody serves

            The copy holds every event that was stored when the command began, as of one instant. It has its
            name only once it is on the disk and verified; wplog restore brings it back, and sha256sum -c
            SHA256SUMS in it says whether it is still whole. It is a data directory: wplog serve --data FOLDER
            opens it. A running server makes the copy, on its own machine and with its own rights.
            """)

    @Argument(
        help: ArgumentHelp("The folder that is made. It must not be there, or be empty.", valueName: "DEST"))
    var destination: String

    @Option(help: ArgumentHelp("Let this server do it, and no other.", valueName: "URL"))
    var server: String?

    @OptionGroup var place: PlaceOptions

    mutating func run() async throws {
        let settings = try place.settings()
        let folder = Paths.absolute(destination)
        let progress = BackupLines()
        if let url = settings.server(named: server) {
            try await ServerConnection(url).postLines(
                "/api/v1/backup?" + ServerConnection.form([("to", folder)])
            ) {
                progress.take($0)
            }
        } else {
            guard StoreLayout.isStore(settings.data) else {
                throw ExitCode.unreachable("there is no wplog data in \(settings.data)")
            }
            let store = try settings.openStore(settings.parser())
            defer { store.close() }
            progress.take(
                BackupOrder(folder).run(QueryEngine(store), isWanted: { true }) { progress.take($0) })
        }
        try progress.end()
    }
}

/// Paths as another process understands them.
enum Paths {
    static func absolute(_ path: String) -> String {
        if path.hasPrefix("/") { return path }
        let folder = FileManager.default.currentDirectoryPath
        return folder == "/" ? "/" + path : folder + "/" + path
    }
}

/// What a backup says of itself, line by line.
final class BackupLines {
    private struct Line: Decodable {
        var step: String?
        var done: UInt64?
        var all: UInt64?
        var error: String?
        var code: String?
        var result: Result?
    }

    private struct Result: Decodable {
        var folder: String
        var days: UInt64
        var events: UInt64
        var archives: UInt64
        var bytes: UInt64
        var ms: UInt64
    }

    private var last: Line?
    private var bar = BackupBar()

    /// Takes one line of JSON.
    func take(_ bytes: [UInt8]) {
        guard let line = try? JSONDecoder().decode(Line.self, from: Data(bytes)) else { return }
        if line.result != nil || line.error != nil { last = line }
        if let step = line.step, let done = line.done, let all = line.all { bar.show(step, done, all) }
    }

    /// Says what came of it.
    func end() throws {
        bar.end()
        if let error = last?.error { throw ExitCode.ofBackup(error, code: last?.code ?? "") }
        guard let result = last?.result else {
            throw ExitCode.partial(
                "the server stopped before it said that the backup is whole. Where the folder is there, it is; "
                    + "else run it again")
        }
        var text =
            "\(result.folder): \(Words.count(result.days, "day")), \(Words.count(result.events, "event"))"
        if result.archives > 0 { text += ", \(Words.count(result.archives, "archive file"))" }
        text += ", \(Words.size(result.bytes)) in \(Words.rate(Double(result.ms) / 1_000)) s, verified\n"
        if !StoreLayout.isStore(result.folder) {
            text += "It is where the server sees it: on its machine, or in its private folders.\n"
        }
        text += """

            Check it:     (cd \(result.folder) && sha256sum --quiet -c SHA256SUMS)
            Restore it:   stop the server, then wplog restore \(result.folder) --data DIR

            """
        try Output.write(Array(text.utf8))
    }
}

/// The line that says how far a backup or a restore is.
struct BackupBar {
    private var bar = ProgressBar()

    mutating func show(_ step: String, _ done: UInt64, _ all: UInt64) {
        let share = all == 0 ? nil : Double(done) / Double(all)
        bar.show(
            step == "copy" ? "copying " : "verifying ", share: share,
            "\(Words.size(done)) of \(Words.size(all))")
    }

    mutating func end() { bar.end() }
}

extension ExitCode {
    /// - `code`: that of `BackupError`.
    static func ofBackup(_ text: String, code: String) -> ExitCode {
        switch code {
        case "bad_folder": .usage(text)
        case "no_space": .write(text)
        case "damaged", "foreign_file", "stopped": .partial(text)
        default: .unreachable(text)
        }
    }

    static func ofBackup(_ error: any Error) -> any Error {
        switch error {
        case let error as BackupError: ofBackup("\(error)", code: error.code)
        case let error as StoreError:
            if case .locked = error { locked("\(error)") } else { unreachable("\(error)") }
        default: error
        }
    }
}

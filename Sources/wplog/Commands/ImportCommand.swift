import ArgumentParser
import FoundationEssentials
import Glibc
import Ingest
import Parse
import Query

/// The command wplog import.
struct ImportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Take in log files, plain or compressed with gzip, whatever their age.",
        discussion: """
            wplog import /var/log/nginx/access.log*
            wplog import error.log.2.gz --program nginx --host web1 --zone Europe/Berlin
            zcat old/*.gz | wplog import - --program apache2

            Each line goes to the day of its own time. A file that was taken before adds what it has grown by, and
            nothing twice; after an interruption, run the same command again. Lines of one event are joined.
            Dates without a year are of the year before the file was changed last, or of --year. A line without any
            date has the time of the line before, or else of the file.
            Without --program, lines without a syslog header are taken for those of the program that the file is
            named after, as in /var/log/nginx/.
            """)

    @Argument(help: ArgumentHelp("Files, or - for standard input.", valueName: "file"))
    var files: [String]

    @Option(help: ArgumentHelp("The program that wrote the lines.", valueName: "NAME"))
    var program: String?

    @Option(help: ArgumentHelp("The host that the lines come from.", valueName: "NAME"))
    var host: String?

    @Option(help: ArgumentHelp("The zone of times that carry none.", valueName: "NAME"))
    var zone: String?

    @Option(help: ArgumentHelp("The year of dates that have none.", valueName: "YYYY"))
    var year: Int?

    @Option(help: ArgumentHelp("Give the lines to this server, and no other.", valueName: "URL"))
    var server: String?

    @OptionGroup var place: PlaceOptions

    mutating func run() async throws {
        if let zone { _ = try Zones.rule(named: zone) }
        for text in [program, host] where text?.contains("\n") == true {
            throw ExitCode.usage("a name of a program or host has no line feed")
        }
        if let year, !ImportPart.years.contains(year) {
            throw ExitCode.usage(
                "\(year) is no year from \(ImportPart.years.lowerBound) to \(ImportPart.years.upperBound)")
        }
        let settings = try place.settings()
        let target = try ImportTarget(server: server, settings)
        defer { target.close() }
        let formats = try settings.formats()
        var firstFailure: ExitCode?
        for file in files {
            var source = LineSource(
                program: program ?? ProgramOfFile.name(file, formats: formats), host: host ?? "",
                zone: zone ?? "")
            source.yearReference = year.map { LineSource.reference(ofYear: $0) }
            do {
                var transfer = try FileTransfer(file, source, target)
                try await transfer.run()
            } catch let error as LogFileError {
                Output.note("\(error)")
                firstFailure = firstFailure ?? ExitCode(number: 1, message: nil)
            }
        }
        if let firstFailure { throw firstFailure }
    }
}

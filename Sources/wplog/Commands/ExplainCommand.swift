import ArgumentParser
import Index
import Parse
import Query

/// The command wplog explain.
struct ExplainCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Say how a line is read, and how far each pattern got; or how a query is.",
        discussion: """
            wplog explain '<190>Nov 22 10:00:00 docs nginx: 10.0.0.1 - - "GET / HTTP/1.1"'
            wplog explain --program nginx '2026/11/22 10:58:18 [error] 1#1: *2 open()'
            wplog explain 2026-11-22-4711             an event, by its id of a search in JSON
            tail -n 1 /var/log/app.log | wplog explain - --program app
            wplog explain --query 'status:5xx docs'   how a query is read, and what it costs

            Nothing is stored.
            """)

    @Argument(help: ArgumentHelp("A line, the id of an event, or - for standard input.", valueName: "line"))
    var line: String?

    @Option(
        help: ArgumentHelp("Explain this query instead of a line.", valueName: "QUERY"),
        completion: QueryCompletion.kind)
    var query: String?

    @OptionGroup var window: WindowOptions

    @Option(help: ArgumentHelp("The program that wrote the line.", valueName: "NAME"))
    var program: String?

    @Option(help: ArgumentHelp("The host that the line comes from.", valueName: "NAME"))
    var host: String?

    @Option(
        help: ArgumentHelp(
            "The zone of times in lines that carry none. Default: that of the settings.", valueName: "NAME"))
    var zone: String?

    @Option(help: ArgumentHelp("Look for the event at this server.", valueName: "URL"))
    var server: String?

    @Option(help: ArgumentHelp("The data directory that holds the event.", valueName: "DIR"))
    var data: String?

    @OptionGroup var options: FormatOptions

    mutating func run() async throws {
        if let query {
            guard line == nil else { throw ExitCode.usage("explain takes a line or --query, and not both") }
            let settings = try PlaceOptions.settings([:], data, options.config)
            let source = try Source(server: server, settings: settings, isNamed: data != nil)
            let question = SearchQuestion(query, window, OutputForm(.text))
            return try Output.write(try await source.explanation(question))
        }
        guard let line else {
            throw ExitCode.usage("explain needs a line, the id of an event, -, or --query QUERY")
        }
        let formats = try options.formats()
        let rule = try options.zone(zone)
        var source =
            program == nil && host == nil ? nil : LineSource(program: program ?? "", host: host ?? "")
        var received = Clock.now()
        var lines: [[UInt8]] = []
        if line == "-" {
            var input = StandardInput()
            while let more = try input.next() { lines += more }
        } else if Self.isID(line) {
            let settings = try PlaceOptions.settings([:], data, options.config)
            let place = try Source(server: server, settings: settings, isNamed: data != nil)
            guard let event = StoredEvent(try await place.event(line)) else {
                throw ExitCode.unreachable("the answer is no event; is it a wplog of this version?")
            }
            lines = [event.raw]
            received = event.received ?? received
            source = source ?? event.source
        } else {
            lines = [Array(line.utf8)]
        }
        var reader = LineReader(formats: formats, zone: rule, received: received)
        for line in lines where !line.isEmpty {
            try Output.write(Array(try reader.explain(line, from: source).description.utf8))
        }
    }

    /// Whether a text looks like the id of an event: `2026-11-22-4711`.
    private static func isID(_ text: String) -> Bool {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        return parts.map(\.count).prefix(3).elementsEqual([4, 2, 2]) && parts.count == 4
            && parts.allSatisfy { !$0.isEmpty && $0.utf8.allSatisfy { (0x30...0x39).contains($0) } }
    }
}

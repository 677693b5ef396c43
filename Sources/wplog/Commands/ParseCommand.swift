import ArgumentParser
import Index
import Parse
import Query

/// The command wplog parse.
struct ParseCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "parse",
        abstract: "Show how lines are read: one line in, one JSON event out.",
        discussion: """
            tail -n 5 /var/log/nginx/error.log | wplog parse --program nginx
            wplog parse < /var/log/syslog
            wplog parse --format nginx-json --ecs < access.json

            With a program or format, a line without a syslog header of its own is that program's message.
            Lines of one event are joined as the server does. Nothing is stored.
            """)

    @Option(help: ArgumentHelp("The program that wrote the lines.", valueName: "NAME"))
    var program: String?

    @Option(help: ArgumentHelp("The host that the lines come from.", valueName: "NAME"))
    var host: String?

    @Option(
        help: ArgumentHelp(
            "The zone of times in lines that carry none. Default: that of the settings.", valueName: "NAME"))
    var zone: String?

    @Option(help: ArgumentHelp("Try this format alone.", valueName: "NAME"))
    var format: String?

    @Flag(help: "Name fields as the Elastic Common Schema does.")
    var ecs = false

    @Flag(name: .customShort("0"), help: "Lines end with a zero byte, and may hold line feeds.")
    var isZeroEnded = false

    @OptionGroup var options: FormatOptions

    mutating func run() throws {
        let formats = try options.formats()
        if let format, !formats.names.contains(format) {
            let names = Set(formats.names).sorted().joined(separator: ", ")
            throw ExitCode.usage("there is no format \"\(format)\"; there are \(names)")
        }
        var reader = LineReader(
            formats: formats, zone: try options.zone(zone), hosts: zone == nil ? try options.hosts() : .none,
            received: Clock.now())
        let isFile = program != nil || format != nil || host != nil
        let source = isFile ? LineSource(program: program ?? "", host: host ?? "", format: format) : nil
        var input = StandardInput(separator: isZeroEnded ? 0 : 0x0A)
        while let lines = try input.next() {
            // Whoever types lines, or follows a file, sees each event once nothing follows for a while.
            let isLast = !input.hasMore(within: ParseLimits.lineWait / 1_000_000)
            try write(try reader.join(lines, from: source, isLast: isLast), formats)
        }
        try write(try reader.join([], from: source, isLast: true), formats)
    }

    private func write(_ events: [FoundEvent], _ formats: FormatSet) throws {
        var json = JSONText()
        for event in events {
            if ecs {
                ECSEvent(event, formats: formats).append(to: &json)
            } else {
                ResultJSON.append(event, to: &json)
            }
            json.endLine()
        }
        try Output.write(json.bytes)
    }
}

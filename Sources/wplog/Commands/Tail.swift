import ArgumentParser
import Glibc
import Query

/// The command wplog tail.
struct Tail: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Follow lines as they come in.",
        discussion: """
            wplog tail                                  everything
            wplog tail 'program:nginx status:5xx'       what matches
            wplog tail 'level:>=err' --bell-on disk     with a bell for some

            The newest lines that are there come first, then every new one, once, within a second. Where the
            connection breaks, tail comes back and goes on behind the last line that it has shown.
            """)

    @Argument(
        help: ArgumentHelp("As for search; behind | only where, extract and fields.", valueName: "query"),
        completion: QueryCompletion.kind)
    var query: [String] = []

    @OptionGroup var window: WindowOptions

    @Option(
        name: [.customShort("n"), .long],
        help: ArgumentHelp("Lines that are there already: the newest.", valueName: "N"))
    var limit = 20

    @Option(help: ArgumentHelp("Lines a second at most; what is more is counted.", valueName: "N"))
    var rate = 500

    @Flag(help: "Every line, however many there are.")
    var noLimit = false

    @Option(help: ArgumentHelp("Ring the terminal's bell for lines that hold this text.", valueName: "TEXT"))
    var bellOn: String?

    @OptionGroup var output: OutputOptions

    @OptionGroup var source: SourceOptions

    mutating func run() async throws {
        guard (0...SearchQuestion.limitMost).contains(limit) else {
            throw ExitCode.usage("-n takes 0 to \(SearchQuestion.limitMost), and not \(limit)")
        }
        guard rate > 0 else { throw ExitCode.usage("--rate takes a number above 0; --no-limit lifts it") }
        let tail = TailFollower(
            query: query.joined(separator: " "), window: window, limit: limit, output: output, source: source,
            rate: noLimit ? nil : rate, bell: bellOn)
        try await tail.run()
    }
}

/// Follows the lines of a server, and comes back to it when the connection breaks.
struct TailFollower {
    let query: String
    let window: WindowOptions
    let limit: Int
    let output: OutputOptions
    let source: SourceOptions
    /// Lines a second at most; nil is no limit.
    let rate: Int?
    let bell: String?

    /// Seconds between two tries to reach a server again.
    private static let pause = 1

    /// Runs until the user ends it.
    func run() async throws {
        guard case .server(let url) = try source.source() else {
            throw ExitCode.unreachable("tail needs a running server; start one with wplog serve")
        }
        var question = SearchQuestion(query, window, try output.form())
        question.limit = max(limit, 1)
        let base = question.parameters() + [("rate", String(rate ?? 0))]
        let needle = bell.map { Array($0.utf8) }
        var events = ServerSentEvents()
        var last: String?
        var isBroken = false
        while true {
            do {
                let parameters = base + (last.map { [("after", $0)] } ?? [])
                try await ServerConnection(url).follow("/api/v1/tail", parameters) { bytes in
                    if isBroken { Output.note("\(url) is there again") }
                    isBroken = false
                    for event in events.take(bytes) {
                        if !event.id.isEmpty { last = event.id }
                        try show(event, needle)
                    }
                }
            } catch let error as ExitCode where error.number != 3 || last == nil {
                throw error
            } catch {
                if !isBroken { Output.note("\(url) is gone; trying again") }
                isBroken = true
            }
            events = ServerSentEvents()
            try await Task.sleep(for: .seconds(Self.pause))
        }
    }

    private func show(_ event: ServerSentEvents.Event, _ needle: [UInt8]?) throws {
        switch event.name {
        case "": try Output.write(event.data + [0x0A])
        case "skipped":
            let count = String(decoding: event.data, as: UTF8.self)
            Output.note("… \(count) lines skipped (at most \(rate ?? 0) a second; --no-limit shows all)")
        default: return
        }
        guard event.name.isEmpty, let needle, Terminal.isTerminal(STDERR_FILENO) else { return }
        if event.data.firstRange(of: needle) != nil { Output.progress("\u{7}") }
    }
}

/// Reads server-sent events (WHATWG HTML, §9.2) as this project's server writes them.
struct ServerSentEvents {
    struct Event {
        var name = ""
        var id = ""
        var data: [UInt8] = []
        fileprivate var lines = 0
    }

    private var pending: [UInt8] = []
    private var event = Event()

    /// The events that some more bytes complete.
    mutating func take(_ bytes: [UInt8]) -> [Event] {
        pending += bytes
        var events: [Event] = []
        var start = 0
        while let end = pending[start...].firstIndex(of: 0x0A) {
            let line = pending[start..<end]
            start = end + 1
            if line.isEmpty {
                if event.lines > 0 { events.append(event) }
                event = Event()
                continue
            }
            guard let colon = line.firstIndex(of: 0x3A) else { continue }
            var value = line[(colon + 1)...]
            if value.first == 0x20 { value = value.dropFirst() }
            switch String(decoding: line[..<colon], as: UTF8.self) {
            case "id": event.id = String(decoding: value, as: UTF8.self)
            case "event": event.name = String(decoding: value, as: UTF8.self)
            case "data":
                if event.lines > 0 { event.data.append(0x0A) }
                event.data += value
                event.lines += 1
            default: continue
            }
        }
        pending.removeSubrange(..<start)
        return events
    }
}

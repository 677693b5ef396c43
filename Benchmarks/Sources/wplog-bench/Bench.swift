import Foundation

/// `wplog-bench`: measures parsing, storing, and a whole server, and prints one table.
@main enum Bench {
    static func main() {
        do {
            try run()
        } catch {
            Console.note("\(error)")
            exit(1)
        }
    }

    private static func run() throws {
        guard let options = try Options(Array(CommandLine.arguments.dropFirst())) else {
            print(Options.help)
            return
        }
        let folder = try TemporaryFolder()
        defer { folder.remove() }
        let load = try Load(options, folder)
        Console.note("the load comes from \(load.name)")

        var report = Report(load: load, events: options.events)
        if options.parts.contains("parse") { try ParseBenchmark(load).run(into: &report) }
        if options.parts.contains("store") { try StoreBenchmark(load, folder).run(into: &report) }
        if options.parts.contains("server") { try ServerBenchmark(load, folder, options).run(into: &report) }
        print(options.isMarkdown ? report.markdown : report.text)
    }
}

/// What a benchmark has to say when it cannot go on.
struct Failure: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}

enum Console {
    /// Progress and errors; the table alone goes to standard output.
    static func note(_ text: String) {
        FileHandle.standardError.write(Data("bench: \(text)\n".utf8))
    }
}

import ArgumentParser
import FoundationEssentials
import Glibc
import Query

/// The command wplog top.
struct Top: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Events a second by host and program, as they come in.",
        discussion: """
            wplog top                    every two seconds on a terminal; q or Ctrl-C ends
            wplog top | head             elsewhere once

            Rates are those of the last ten seconds, by when the events arrived.
            """)

    @OptionGroup var source: SourceOptions

    private static let pause = Duration.seconds(2)

    mutating func run() async throws {
        let source = try source.source()
        guard Terminal.isTerminal(STDOUT_FILENO), Terminal.isTerminal(STDIN_FILENO), !Terminal.isDumb else {
            let table = try await TopSample(source).lines(width: Terminal.width, height: .max)
            return try Output.write(Array((table.joined(separator: "\n") + "\n").utf8))
        }
        let screen = FullScreen()
        defer { screen.leave() }
        var failure: String?
        while !screen.isOver {
            let size = Terminal.size
            var lines: [String]
            do {
                lines = try await TopSample(source).lines(width: size.columns, height: size.rows - 1)
                failure = nil
            } catch let error as ExitCode {
                // What the server was says nothing of what it is.
                failure = error.message
                lines = [String((failure ?? "").prefix(size.columns))]
            }
            lines.append("q ends")
            try screen.show(lines)
            let next = ContinuousClock.now + Self.pause
            while !screen.isOver, ContinuousClock.now < next, Terminal.size == size {
                try await Task.sleep(for: .milliseconds(50))
            }
        }
    }
}

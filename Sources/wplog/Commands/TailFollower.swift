import Glibc
import Query

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

    /// Between two tries to reach a server again.
    private static let pause = Duration.milliseconds(500)

    /// Runs until the user ends it.
    func run() async throws {
        guard case .server(var url) = try source.source() else {
            throw ExitCode.unreachable("tail needs a running server; start one with wplog serve")
        }
        var question = SearchQuestion(query, window, try output.form())
        question.limit = max(limit, 1)
        let base = question.parameters() + [("rate", String(rate ?? 0))]
        let needle = bell.map { Array($0.utf8) }
        var events = ServerSentEvents()
        var last: String?
        var isReady = false
        var isBroken = false
        while true {
            do {
                let parameters = base + (last.map { [("after", $0)] } ?? [])
                try await ServerConnection(url).follow("/api/v1/tail", parameters) { bytes in
                    if isBroken { Output.note("\(url) is there again") }
                    isBroken = false
                    for event in events.take(bytes) {
                        if !event.id.isEmpty { last = event.id }
                        if event.name == "ready" { isReady = true }
                        // A server gives one line at least.
                        if limit > 0 || isReady { try show(event, needle) }
                    }
                }
            } catch let error as ExitCode where error.number != 3 || last == nil {
                throw error
            } catch {
                if !isBroken { Output.note("\(url) is gone; trying again") }
                isBroken = true
            }
            events = ServerSentEvents()
            try await Task.sleep(for: Self.pause)
            // A server that has started anew may have another address.
            if case .server(let new)? = try? source.source() { url = new }
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

import Hummingbird
package import Index
import NIOPosix

/// `POST /api/v1/backup?to=FOLDER`: a copy of the store, made while it goes on; docs/http-api.md.
extension HTTPInterface {
    func backup(_ request: Request, _ context: ReaderContext) async throws -> Response {
        try refuseForeign(request)
        let folder = request.uri.queryParameters["to"].map { String($0) } ?? ""
        guard folder.hasPrefix("/"), !folder.utf8.contains(0) else {
            throw APIError.parameter(
                "to", folder, "the absolute path of a new folder on the server's machine")
        }
        let flag = threads.isBackingUp
        guard flag.take() else {
            throw APIError(
                status: .conflict, code: "busy", message: "another backup is at work; wait for its end")
        }
        let channel = AnswerChannel()
        context.abandonAtClose(channel)
        let engine = self.engine
        // The answer begins at once: each line says how far it is, the last one what came of it.
        threads.jobs.submit { _ in
            let end = BackupOrder(folder).run(engine, isWanted: { channel.isWanted }) { channel.offer($0) }
            // Before the end of the answer: who reads it may ask for the next backup.
            flag.give()
            _ = channel.send(end)
            channel.finish()
        }
        return Response(
            status: .ok, headers: [.contentType: "application/x-ndjson"],
            body: body(of: channel, context))
    }
}

/// One backup, as somebody asks for it.
package struct BackupOrder: Sendable {
    /// Between two lines about how far it is.
    private static let interval = Duration.milliseconds(100)

    private let folder: String

    /// - `folder`: the absolute path of a folder that is not there yet.
    package init(_ folder: String) { self.folder = folder }

    /// Runs it; gives lines of JSON about how far it is, `{"step":"copy","done":3,"all":96}`, as few as are of use.
    ///
    /// Returns the last line: `{"result":{…}}` or `{"error":"…","code":"…"}`.
    package func run(
        _ engine: QueryEngine, isWanted: @escaping () -> Bool, _ line: @escaping ([UInt8]) -> Void
    ) -> [UInt8] {
        let start = ContinuousClock.now
        do {
            let report = try engine.store.backup(to: folder, progress: Self.listener(isWanted, line))
            return Self.result(report, ContinuousClock.now - start)
        } catch {
            return Self.failure(error)
        }
    }

    /// Puts progress into lines.
    package static func listener(
        _ isWanted: @escaping () -> Bool, _ line: @escaping ([UInt8]) -> Void
    ) -> BackupProgress.Listener {
        var said: ContinuousClock.Instant?
        return { progress in
            let now = ContinuousClock.now
            if said.map({ now - $0 >= interval }) ?? true {
                said = now
                var json = JSONText()
                json.object { json in
                    json.key("step")
                    json.string(progress.step.rawValue)
                    json.key("done")
                    json.number(progress.done)
                    json.key("all")
                    json.number(progress.all)
                }
                json.endLine()
                line(json.bytes)
            }
            return isWanted()
        }
    }

    private static func result(_ report: BackupReport, _ time: Duration) -> [UInt8] {
        var json = JSONText()
        json.object { json in
            json.key("result")
            json.object { json in
                json.key("folder")
                json.string(report.folder)
                for (name, number) in [
                    ("days", UInt64(report.days)), ("events", report.events),
                    ("held_lines", UInt64(report.heldLines)), ("archives", UInt64(report.archives)),
                    ("bytes", report.bytes), ("ms", UInt64(max(0, time / .milliseconds(1)))),
                ] {
                    json.key(name)
                    json.number(number)
                }
            }
        }
        json.endLine()
        return json.bytes
    }

    private static func failure(_ error: any Error) -> [UInt8] {
        var json = JSONText()
        json.object { json in
            json.key("error")
            json.string("\(error)")
            json.key("code")
            json.string((error as? BackupError)?.code ?? "store")
        }
        json.endLine()
        return json.bytes
    }
}

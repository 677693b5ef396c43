import HTTPTypes
package import Hummingbird
package import Index
import NIOCore
import NIOPosix
package import Parse

/// The HTTP interface.
///
/// Each route is one line below.
package struct HTTPInterface: Sendable {
    /// What the program around it knows.
    package struct Surroundings: Sendable {
        /// Whether the program is about to end, as the calling task knows it.
        package var isStopping: @Sendable () -> Bool
        /// Why the program cannot take events now; nil when it can.
        package var unreadiness: @Sendable () -> String?
        /// Why the disk is full, and the way out; nil while it is not.
        package var shortage: @Sendable () -> String?
        /// The metrics in Prometheus' text format.
        package var metrics: @Sendable () -> String
        /// The program's status as one JSON object.
        package var status: @Sendable () -> [UInt8]
        /// Nanoseconds since the Unix epoch.
        package var now: @Sendable () -> Int64
        /// The zone of an IANA name or an offset, and the server's own for nil.
        ///
        /// Nil for a name that is none.
        package var zone: @Sendable (String?) -> ZoneRule?
        /// Makes a parser with the formats that hold now.
        package var makeParser: @Sendable () -> LineParser
        /// How far the files have been imported that begin as a text says.
        package var importMarks: @Sendable (String) -> [ImportMark]
        /// Takes a part of a file.
        package var importPart: @Sendable (ImportPart) throws(ImportPart.Refusal) -> ImportPart.Answer
        /// Stores an event of the program's own: its message id, and what it says.
        package var note: @Sendable (_ id: String, _ message: String) -> Void = { _, _ in }
        /// How long events are kept, as the settings say now.
        package var retention: @Sendable () throws -> RetentionRules = { RetentionRules() }

        package init(
            isStopping: @escaping @Sendable () -> Bool, unreadiness: @escaping @Sendable () -> String?,
            shortage: @escaping @Sendable () -> String? = { nil },
            metrics: @escaping @Sendable () -> String,
            status: @escaping @Sendable () -> [UInt8], now: @escaping @Sendable () -> Int64,
            zone: @escaping @Sendable (String?) -> ZoneRule?,
            makeParser: @escaping @Sendable () -> LineParser,
            importMarks: @escaping @Sendable (String) -> [ImportMark],
            importPart: @escaping @Sendable (ImportPart) throws(ImportPart.Refusal) -> ImportPart.Answer
        ) {
            self.isStopping = isStopping
            self.unreadiness = unreadiness
            self.shortage = shortage
            self.metrics = metrics
            self.status = status
            self.now = now
            self.zone = zone
            self.makeParser = makeParser
            self.importMarks = importMarks
            self.importPart = importPart
        }
    }

    let engine: QueryEngine
    let surroundings: Surroundings
    let threads: WorkThreads

    package init(_ engine: QueryEngine, _ surroundings: Surroundings, threads: WorkThreads) {
        self.engine = engine
        self.surroundings = surroundings
        self.threads = threads
    }

    /// The route table.
    package var router: Router<ReaderContext> {
        let router = Router(context: ReaderContext.self, options: .autoGenerateHeadEndpoints)
        router.add(middleware: ErrorShape())
        router.get("/api/v1/search") { request, context in try await search(request, context) }
        router.post("/api/v1/search") { request, context in try await search(request, context) }
        router.get("/api/v1/tail") { request, _ in try await tail(request) }
        router.get("/api/v1/hosts") { request, _ in try await hosts(request) }
        router.get("/api/v1/fields") { request, _ in try await fields(request) }
        router.get("/api/v1/values") { request, _ in try await values(request) }
        router.get("/api/v1/explain") { request, _ in try await explain(request) }
        router.get("/api/v1/event") { request, _ in try await event(request) }
        router.get("/api/v1/status") { _, _ in json(surroundings.status()) }
        router.get("/api/v1/import") { request, _ in try importMarks(request) }
        router.post("/api/v1/import") { request, _ in try await importPart(request) }
        router.post("/api/v1/reparse") { request, context in try await reparse(request, context) }
        router.get("/api/v1/archive") { _, _ in try await archives() }
        router.post("/api/v1/archive") { request, context in try await archive(request, context) }
        router.post("/api/v1/backup") { request, context in try await backup(request, context) }
        router.post("/api/v1/purge") { request, context in try await purge(request, context) }
        router.post("/api/v1/retention") { request, context in try await retention(request, context) }
        router.get("/healthz") { _, _ in text("ok\n") }
        router.get("/readyz") { _, _ in ready() }
        router.get("/metrics") { _, _ in
            text(surroundings.metrics(), type: "text/plain; version=0.0.4; charset=utf-8")
        }
        refuse(
            [.put, .patch, .delete, .options], at: ["/api/v1/search", "/api/v1/import", "/api/v1/archive"],
            of: router)
        refuse(
            [.get, .put, .patch, .delete, .options], at: ["/api/v1/reparse", "/api/v1/backup"], of: router)
        refuse(
            [.get, .put, .patch, .delete, .options], at: ["/api/v1/purge", "/api/v1/retention"], of: router)
        refuse(
            [.post, .put, .patch, .delete, .options],
            at: [
                "/api/v1/tail", "/api/v1/hosts", "/api/v1/fields", "/api/v1/values", "/api/v1/explain",
                "/api/v1/event", "/api/v1/status", "/healthz", "/readyz", "/metrics",
            ],
            of: router)
        return router
    }

    /// Without it the router would say that there is nothing at these paths.
    private func refuse(
        _ methods: [HTTPRequest.Method], at paths: [RouterPath], of router: Router<ReaderContext>
    ) {
        let isGet = !methods.contains(.get)
        let allowed = (isGet ? ["GET", "HEAD"] : []) + (methods.contains(.post) ? [] : ["POST"])
        for path in paths {
            for method in methods {
                router.on(path, method: method) { _, _ -> Response in
                    throw APIError.method(
                        method.rawValue, path.description, allowed: allowed.joined(separator: ", "))
                }
            }
        }
    }

    private func event(_ request: Request) async throws -> Response {
        let id = request.uri.queryParameters["id"].map { String($0) } ?? ""
        let found = try await threads.queries.runIfActive { [engine] in try engine.event(id: id) }
        guard let found else {
            throw APIError(
                status: .notFound, code: "no_event",
                message: "there is no event \"\(id.prefix(100))\"; ids are those of a search in JSON")
        }
        var json = JSONText()
        ResultJSON.append(found, to: &json)
        json.endLine()
        return self.json(json.bytes)
    }

    /// Refuses what a page of another site sends: browsers say where it comes from, and programs do not.
    func refuseForeign(_ request: Request) throws(APIError) {
        guard let origin = request.headers[.origin] else { return }
        throw APIError(
            status: .forbidden, code: "foreign_origin",
            message: "requests of web pages (Origin: \(origin.prefix(100))) may not change anything")
    }

    /// Refuses what needs room on the disk while there is none.
    func refuseWhileFull() throws(APIError) {
        if let reason = surroundings.shortage() { throw .diskFull(reason) }
    }

    private func ready() -> Response {
        guard let reason = surroundings.unreadiness() else { return text("ready\n") }
        return text(reason + "\n", status: .serviceUnavailable)
    }

    func text(
        _ text: String, type: String = "text/plain; charset=utf-8", status: HTTPResponse.Status = .ok
    ) -> Response {
        Response(
            status: status, headers: [.contentType: type],
            body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
    }

    func json(_ bytes: [UInt8]) -> Response {
        Response(
            status: .ok, headers: [.contentType: "application/json"],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
    }
}

import Hummingbird
import NIOPosix
import Parse

/// `/api/v1/hosts`, `/api/v1/fields`, `/api/v1/values` and `/api/v1/explain`; docs/http-api.md.
extension HTTPInterface {
    func hosts(_ request: Request) async throws -> Response {
        try await table(request) { inventory, parameters in
            try inventory.hosts(silentOnly: parameters.silentOnly)
        }
    }

    func fields(_ request: Request) async throws -> Response {
        try await table(request) { inventory, _ in try inventory.fields() }
    }

    func values(_ request: Request) async throws -> Response {
        try await table(request) { inventory, parameters in
            guard let field = try inventory.field(named: parameters.field) else {
                throw APIError.parameter(
                    "field", parameters.field, "a field of the window, one of wplog fields or /api/v1/fields")
            }
            return try inventory.values(of: field, limit: parameters.limit, prefix: parameters.prefix)
        }
    }

    /// How a query is read, and what it would take.
    func explain(_ request: Request) async throws -> Response {
        let parameters = try await SearchParameters(request, request.body)
        let now = surroundings.now()
        let (zone, times) = try clock(parameters.zone, now)
        let asked = try window(parameters.since, parameters.until, times)
        let lines = try await threads.queries.runIfActive { [engine] in
            do {
                let prepared = try engine.prepare(parameters.query, asked: asked, times: times)
                return try QueryExplanation(engine, prepared, zone: zone).lines()
            } catch let error as QueryError {
                throw APIError.query(error, parameters.query)
            }
        }
        return text(lines.joined(separator: "\n") + "\n")
    }

    private func table(
        _ request: Request, _ make: @escaping @Sendable (Inventory, SearchParameters) throws -> SearchResult
    ) async throws -> Response {
        let parameters = try await SearchParameters(request, request.body)
        let now = surroundings.now()
        let (zone, times) = try clock(parameters.zone, now)
        let asked = try window(parameters.since, parameters.until, times)
        let window = times.window(asked: asked).span
        let form = parameters.form(zone: zone, now: now)
        let bytes = try await threads.queries.runIfActive { [engine] in
            let result = try make(Inventory(engine, window: window, now: now), parameters)
            return ResultText.bytes(result, form)
        }
        return Response(
            status: .ok, headers: [.contentType: form.style.contentType],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
    }
}

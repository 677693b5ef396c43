import Index
import Query

/// What there is in a store.
enum InventoryList {
    /// - `silentOnly`: only hosts that have fallen silent.
    case hosts(silentOnly: Bool)
    case fields
    case values(of: String, prefix: String, limit: Int)
}

extension Source {
    /// Hosts, fields, or the values of a field, in the form that the question names.
    func inventory(_ list: InventoryList, _ question: SearchQuestion) async throws -> [UInt8] {
        guard case .directory(let settings) = self else {
            var parameters = question.answerParameters()
            let path: String
            switch list {
            case .hosts(let silentOnly):
                path = "hosts"
                if silentOnly { parameters.append(("silent", "1")) }
            case .fields: path = "fields"
            case .values(let field, let prefix, let limit):
                path = "values"
                parameters += [("field", field), ("prefix", prefix), ("limit", String(limit))]
            }
            return try await get("/api/v1/" + path, parameters)
        }
        let now = Clock.now()
        let (times, asked) = try question.window(now)
        let inventory = Inventory(
            try Self.engine(settings), window: times.window(asked: asked).span, now: now)
        let result: SearchResult
        switch list {
        case .hosts(let silentOnly): result = try inventory.hosts(silentOnly: silentOnly)
        case .fields: result = try inventory.fields()
        case .values(let name, let prefix, let limit):
            guard let field = try inventory.field(named: name) else {
                throw ExitCode.usage("there is no field \"\(name)\" in the window; wplog fields lists them")
            }
            result = try inventory.values(of: field, limit: limit, prefix: prefix)
        }
        return ResultText.bytes(result, question.form)
    }

    /// How a query is read, and what an answer would take, as lines for people.
    func explanation(_ question: SearchQuestion) async throws -> [UInt8] {
        guard case .directory(let settings) = self else {
            return try await get(
                "/api/v1/explain", [("query", question.query)] + question.answerParameters())
        }
        let (times, asked) = try question.window(Clock.now())
        let engine = try Self.engine(settings)
        do {
            let prepared = try engine.prepare(question.query, asked: asked, times: times)
            let lines = try QueryExplanation(engine, prepared, zone: Zones.local).lines()
            return Array((lines.joined(separator: "\n") + "\n").utf8)
        } catch let error as QueryError {
            throw ExitCode.usage(error.rendered(query: question.query))
        }
    }
}

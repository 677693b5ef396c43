import FoundationEssentials
import Glibc
import Index
import Parse
import Query
import Synchronization

/// Who answers: the server that owns the data directory, or the directory itself when nobody serves it.
enum Source {
    case server(String)
    case directory(Settings)

    /// - `server`: a URL that was asked for by name.
    init(server: String?, place: PlaceOptions) throws {
        try self.init(server: server, settings: try place.settings(), isNamed: place.data != nil)
    }

    /// - `isNamed`: the data directory was asked for by name.
    init(server: String?, settings: Settings, isNamed: Bool) throws {
        if let url = settings.server(named: server) {
            self = .server(url)
        } else if StoreLayout.isStore(settings.data) {
            self = .directory(settings)
        } else if isNamed {
            throw ExitCode.unreachable("there is no wplog data in \(settings.data)")
        } else {
            // The directory may belong to another user; its server answers all the same.
            self = .server("http://\(settings.http)")
        }
    }

    /// Runs a search and hands on its answer as it comes; returns how it went.
    func search(
        _ question: SearchQuestion, _ body: @escaping @Sendable ([UInt8]) throws -> Void
    ) async throws -> SearchMeta {
        switch self {
        case .server(let url):
            // A form, so that queries stay out of the access logs of proxies.
            var last = LastLine()
            try await ServerConnection(url).stream("/api/v1/search", question.parameters()) { part in
                let bytes = last.take(part)
                if !bytes.isEmpty { try body(bytes) }
            }
            return try SearchMeta(line: last.bytes, from: url)
        case .directory(let settings): return try read(settings, question, body)
        }
    }

    /// The answer of a search, whole.
    func answer(_ question: SearchQuestion) async throws -> (bytes: [UInt8], meta: SearchMeta) {
        let bytes = Mutex<[UInt8]>([])
        let meta = try await search(question) { part in bytes.withLock { $0 += part } }
        return (bytes.withLock { $0 }, meta)
    }

    /// The answer of a query that a command has put something behind.
    ///
    /// - `text`: what its user wrote: a mistake in it is shown there.
    func answer(
        _ question: SearchQuestion, asks text: String
    ) async throws -> (bytes: [UInt8], meta: SearchMeta) {
        do {
            return try await answer(question)
        } catch let error as ExitCode where error.number == 2 && text != question.query {
            var own = question
            own.query = text
            _ = try await explanation(own)
            throw error
        }
    }

    /// What a server says at a path; a directory has only searches.
    func get(_ path: String, _ parameters: [(String, String)]) async throws -> [UInt8] {
        guard case .server(let url) = self else {
            throw ExitCode.unreachable("no server is running here; start one with wplog serve")
        }
        return try await ServerConnection(url).get(path + "?" + ServerConnection.form(parameters))
    }

    /// One event by its id, as JSON.
    ///
    /// Throws where there is none.
    func event(_ id: String) async throws -> [UInt8] {
        switch self {
        case .server(let url):
            return try await ServerConnection(url).get("/api/v1/event?" + ServerConnection.form([("id", id)]))
        case .directory(let settings):
            guard let event = try Self.engine(settings).event(id: id) else {
                throw ExitCode.usage("there is no event \(id) in \(settings.data)")
            }
            var json = JSONText()
            ResultJSON.append(event, to: &json)
            return json.bytes
        }
    }

    // MARK: A directory

    private func read(
        _ settings: Settings, _ question: SearchQuestion, _ body: @escaping @Sendable ([UInt8]) throws -> Void
    ) throws -> SearchMeta {
        let call = try question.call()
        let engine = try Self.engine(settings)
        let last = Mutex(LastLine())
        let failure = Mutex<(any Error)?>(nil)
        @Sendable func emit(_ part: [UInt8]) -> Bool {
            let bytes = last.withLock { $0.take(part) }
            do {
                if !bytes.isEmpty { try body(bytes) }
                return true
            } catch {
                failure.withLock { $0 = error }
                return false
            }
        }
        do {
            if question.isAll {
                _ = try call.stream(engine, emit)
            } else {
                _ = emit(try call.answer(engine).bytes)
            }
        } catch let error as QueryError {
            throw ExitCode.usage(error.rendered(query: question.query))
        }
        if let error = failure.withLock({ $0 }) { throw error }
        return try SearchMeta(line: last.withLock { $0.bytes }, from: settings.data)
    }

    /// The engine over a directory that nobody serves.
    static func engine(_ settings: Settings) throws -> QueryEngine {
        settings.engine(try settings.openStore(try settings.parser(), isReadOnly: true))
    }
}

extension Settings {
    /// The server that a command asks: the one that was named, or the one that owns the data; nil where nobody
    /// serves them.
    func server(named name: String?) -> String? {
        if let url = name ?? ProcessInfo.processInfo.environment["WPLOG_SERVER"] {
            return url.hasSuffix("/") ? String(url.dropLast()) : url
        }
        return LockOwner(directory: data).flatMap { $0.address.isEmpty ? nil : $0.address }
    }
}

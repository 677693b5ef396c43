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
        if let server = server ?? ProcessInfo.processInfo.environment["WPLOG_SERVER"] {
            self = .server(server.hasSuffix("/") ? String(server.dropLast()) : server)
            return
        }
        if let owner = LockOwner(directory: settings.data), !owner.address.isEmpty {
            self = .server(owner.address)
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

    /// The server's status, as JSON.
    func status() async throws -> [UInt8] {
        guard case .server(let url) = self else {
            throw ExitCode.unreachable("no server is running here; start one with wplog serve")
        }
        return try await ServerConnection(url).get("/api/v1/status")
    }

    // MARK: A directory

    private static func store(_ settings: Settings) throws -> Store {
        let formats = try settings.formats()
        do {
            return try Store(
                directory: settings.data, isReadOnly: true,
                parser: { LineParser(formats: formats, zone: settings.zone, zones: { Zones.find($0) }) },
                clock: Clock.now)
        } catch let error as StoreError {
            throw ExitCode.unreachable("\(error)")
        }
    }

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
        QueryEngine(try store(settings), saved: settings.savedQueries)
    }
}

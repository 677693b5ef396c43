import FoundationEssentials
import Glibc
import Index
import NIOHTTP1
import Parse
import Query

/// One search, as the command line asks for it.
struct SearchCall {
    static let limitMost = 10_000

    var query: String
    var since: String?
    var until: String?
    var limit: Int
    var style: ResultText.Style
}

/// What comes back.
struct SearchAnswer {
    var bytes: [UInt8]
    var isTruncated: Bool
    /// Why the answer is not whole.
    var partial: String?
}

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

    func search(_ call: SearchCall) async throws -> SearchAnswer {
        switch self {
        case .server(let url): try await ask(url, call)
        case .directory(let settings): try read(settings, call)
        }
    }

    /// One event by its id, as JSON.
    ///
    /// Throws where there is none.
    func event(_ id: String) async throws -> [UInt8] {
        switch self {
        case .server(let url):
            return try await ServerConnection(url).get("/api/v1/event?" + ServerConnection.form([("id", id)]))
        case .directory(let settings):
            guard let event = try QueryEngine(Self.store(settings)).event(id: id) else {
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

    // MARK: A server

    private func ask(_ url: String, _ call: SearchCall) async throws -> SearchAnswer {
        var form = [
            ("query", call.query), ("limit", String(call.limit)), ("output", call.style.rawValue),
            ("zone", Zones.localName),
        ]
        if let since = call.since { form.append(("since", since)) }
        if let until = call.until { form.append(("until", until)) }
        // A form, so that queries stay out of the access logs of proxies.
        let (headers, body) = try await ServerConnection(url).exchange(
            "/api/v1/search", Array(ServerConnection.form(form).utf8),
            type: "application/x-www-form-urlencoded")
        let partial = headers.first(name: "wplog-partial") ?? "false"
        return SearchAnswer(
            bytes: body, isTruncated: headers.first(name: "wplog-truncated") == "true",
            partial: partial == "false" ? nil : partial)
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

    private func read(_ settings: Settings, _ call: SearchCall) throws -> SearchAnswer {
        let zone = Zones.local
        let now = Clock.now()
        let times = TimeExpression(now: now) { zone.offset(atLocal: $0, received: now / 1_000_000_000) }
        let window: TimeSpan
        do throws(QueryError) {
            window = try times.window(since: call.since, until: call.until)
        } catch {
            throw ExitCode.usage(error.message + (error.hint.map { ": \($0)" } ?? ""))
        }
        let engine = QueryEngine(try Self.store(settings))
        let query: Query
        do throws(QueryError) {
            query = try engine.read(call.query, window: window).query
        } catch {
            throw ExitCode.usage(error.rendered(query: call.query))
        }
        let result = try engine.run(SearchRequest(query: query, window: window, limit: call.limit))
        return SearchAnswer(
            bytes: ResultText.bytes(result, call.style, zone: zone), isTruncated: result.work.isTruncated,
            partial: result.work.partial)
    }
}

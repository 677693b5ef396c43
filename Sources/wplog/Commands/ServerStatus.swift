import FoundationEssentials
import Query

/// What a server says of itself at `/api/v1/status`.
struct ServerStatus: Decodable {
    /// A way in that is open.
    struct Listener: Decodable {
        var listener: String
        var address: String
    }

    struct SQLite: Decodable {
        var version: String
        var fts5: Bool
    }

    var version: String
    var state: String
    var failure: String?
    var started: String?
    var now: String?
    var data: String?
    var listeners: [Listener]?
    var udpBufferBytes: Int?
    var sqlite: SQLite?
    var eventsReceived: [String: UInt64]
    var udpDropped: UInt64
    var udpDroppedDiskFull: UInt64?
    var tcpConnections: UInt64
    var eventsOpen: UInt64
    var blocksPending: UInt64
    var journalFiles: UInt64
    var commitsFailed: UInt64
    var lastCommitFailure: String?
    var days: [String]
    var disk: DiskStatus?
    var forecast: ForecastStatus?
    var cost: CostStatus?

    /// All ways in together.
    var received: UInt64 { eventsReceived.values.reduce(0, &+) }

    init(_ bytes: [UInt8], from url: String) throws {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        do { self = try decoder.decode(ServerStatus.self, from: Data(bytes)) } catch {
            throw ExitCode.unreachable("\(url): the answer cannot be read; is it a wplog of this version?")
        }
    }

    /// Nanoseconds since the Unix epoch of one of its times.
    static func nanoseconds(_ text: String?) -> Int64? {
        guard let text else { return nil }
        return (try? TimeExpression(now: 0) { _ in 0 }.span(of: text))?.earliest
    }
}

extension Source {
    /// The server's status, as JSON.
    func status() async throws -> [UInt8] { try await get("/api/v1/status", []) }

    /// The address of the server; for messages.
    var name: String {
        switch self {
        case .server(let url): url
        case .directory(let settings): settings.data
        }
    }
}

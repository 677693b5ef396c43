import AsyncHTTPClient
import FoundationEssentials
import Index
import Ingest
import NIOCore
import NIOHTTP1
import Parse
import Query

/// Who takes imported lines: the server that owns the data directory, or the directory itself when nobody serves it.
enum ImportTarget {
    case server(String)
    case directory(Store, ImportSessions)

    init(server: String?, _ settings: Settings) throws {
        if let url = settings.server(named: server) {
            self = .server(url)
            return
        }
        let parser = try settings.parser()
        let store = try settings.openStore(parser)
        let services = IngestServices(
            sink: StoreSink(store: store), counters: IngestCounters(), now: Clock.now, makeParser: parser,
            log: PacedLog { Output.note($0) })
        self = .directory(store, ImportSessions(store, services))
    }

    /// Brings everything to the disk.
    func close() {
        guard case .directory(let store, let sessions) = self else { return }
        sessions.finish(all: true)
        store.close()
    }

    /// How far the files have been taken that begin as `head` says.
    func marks(_ head: String) async throws -> [ImportMark] {
        switch self {
        case .directory(_, let sessions): return sessions.marks(head)
        case .server(let url):
            let body = try await ServerConnection(url).get("/api/v1/import?file=\(head)")
            return try Self.decode(Marks.self, body).files.map { try $0.mark }
        }
    }

    /// Takes a part of a file.
    func take(
        _ bytes: [UInt8], of file: String, offset: UInt64, _ source: LineSource, isLast: Bool
    ) async throws -> ImportPart.Answer {
        switch self {
        case .directory(_, let sessions):
            do throws(ImportPart.Refusal) {
                return try sessions.take(
                    ImportPart(file: file, offset: offset, source: source, isLast: isLast, bytes: bytes))
            } catch {
                switch error {
                case .elsewhere(let mark):
                    throw ExitCode.unreachable("another import has taken the file up to byte \(mark.offset)")
                case .store(let reason), .diskFull(let reason):
                    throw ExitCode.unreachable("the store takes no events: \(reason)")
                }
            }
        case .server(let url):
            var parameters = [
                ("file", file), ("offset", String(offset)), ("program", source.program),
                ("host", source.host), ("zone", source.zone), ("last", isLast ? "1" : "0"),
            ]
            if let date = source.date { parameters.append(("modified", TimeText.utc(date))) }
            if let reference = source.yearReference, reference != source.date {
                parameters.append(("year", String(TimeText.utc(reference).prefix(4))))
            }
            let body = try await ServerConnection(url).post(
                "/api/v1/import?" + ServerConnection.form(parameters), bytes, type: "application/octet-stream"
            )
            let step = try Self.decode(Step.self, body)
            var answer = ImportPart.Answer(
                mark: try step.mark, events: step.partEvents ?? 0, failed: step.partFailed ?? 0)
            answer.generalTimes = step.partGeneralTimes ?? 0
            answer.undated = step.partUndated ?? 0
            return answer
        }
    }

    private struct Marks: Decodable {
        let files: [Step]
    }

    private struct Step: Decodable {
        let file: String
        let offset: UInt64
        let hash: String
        let events: UInt64
        let partEvents: Int?
        let partFailed: Int?
        let partGeneralTimes: Int?
        let partUndated: Int?

        private enum CodingKeys: String, CodingKey {
            case file, offset, hash, events
            case partEvents = "part_events"
            case partFailed = "part_failed"
            case partGeneralTimes = "part_general_time"
            case partUndated = "part_no_time"
        }

        var mark: ImportMark {
            get throws {
                guard let hash = UInt64(hash, radix: 16) else {
                    throw ExitCode.unreachable("the server's answer has a hash that is no number")
                }
                return ImportMark(file: file, offset: offset, contentHash: hash, events: events)
            }
        }
    }

    private static func decode<Value: Decodable>(_ type: Value.Type, _ body: [UInt8]) throws -> Value {
        do { return try JSONDecoder().decode(type, from: Data(body)) } catch {
            throw ExitCode.unreachable("the server's answer cannot be read; is it a wplog of this version?")
        }
    }
}

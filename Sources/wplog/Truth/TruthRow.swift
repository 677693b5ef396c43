import FoundationEssentials
import Parse

/// One line of a test file: a log line and what must come of it.
struct TruthRow: Decodable {
    /// A value of JSON, of any kind.
    enum Value: Decodable, Hashable {
        case null
        case boolean(Bool)
        case number(Double)
        case text(String)
        case list([Value])
        case object([String: Value])

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if container.decodeNil() {
                self = .null
            } else if let text = try? container.decode(String.self) {
                self = .text(text)
            } else if let value = try? container.decode(Bool.self) {
                self = .boolean(value)
            } else if let number = try? container.decode(Double.self) {
                self = .number(number)
            } else if let list = try? container.decode([Value].self) {
                self = .list(list)
            } else {
                self = .object(try container.decode([String: Value].self))
            }
        }

        /// The text of a text, in small letters.
        var lowercased: String { if case .text(let text) = self { text.lowercased() } else { shown } }

        var isNull: Bool { self == .null }

        /// As it is shown in differences.
        var shown: String {
            switch self {
            case .null: "null"
            case .boolean(let value): "\(value)"
            case .number(let number):
                number == number.rounded() && abs(number) < 1e15 ? "\(Int64(number))" : "\(number)"
            case .text(let text): text.debugDescription
            case .list(let list): "[" + list.map(\.shown).joined(separator: ", ") + "]"
            case .object(let members):
                "{"
                    + members.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value.shown)" }.joined(
                        separator: ", ") + "}"
            }
        }
    }

    var id: String?
    var format: String?
    var program: String?
    /// The line, with line feeds where it has several.
    var line: String?
    /// The line where it is not UTF-8.
    var lineBase64: String?
    var expected: [String: Value]?
    /// The zone of a time without a zone; a remark may follow the name.
    var assumedZone: String?
    /// Whether the line is a syslog message without its header.
    var isBodyOnly: Bool?
    // Of syslog vectors.
    var kind: String?
    var input: String?
    var name: String?
    var streamBase64: String?
    /// What real daemons made of the same bytes, by name of the daemon.
    var peersObserved: [String: Value]?

    /// Of Wikimedia's rows: what came with the line's syslog header, which is not in the line.
    var header: [String: Value]?

    private enum CodingKeys: String, CodingKey {
        case id, format, program, line, expected, kind, input, name
        case lineBase64 = "line_b64"
        case assumedZone = "assume_tz"
        case isBodyOnly = "body_only"
        case streamBase64 = "stream_b64"
        case header = "fields"
        case peersObserved = "peers_observed"
    }

    /// The bytes that are read.
    var bytes: [UInt8]? {
        if let encoded = lineBase64, let data = Data(base64Encoded: encoded) { return [UInt8](data) }
        return (line ?? input).map { Array($0.utf8) }
    }

    /// The zone that `assumedZone` names.
    var zone: ZoneRule? {
        assumedZone.flatMap { $0.split(separator: " ").first }.flatMap { Zones.find(String($0)) }
    }

    /// The rows of a file, one a line of JSON.
    static func load(_ path: String) throws -> [(place: String, row: TruthRow)] {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw ExitCode.usage("cannot read \(path)")
        }
        let decoder = JSONDecoder()
        var rows: [(place: String, row: TruthRow)] = []
        let lines = [UInt8](data).split(separator: 0x0A, omittingEmptySubsequences: false)
        for (number, line) in lines.enumerated() where !line.allSatisfy({ $0 == 0x20 || $0 == 0x0D }) {
            let place = "\(path):\(number + 1)"
            do { rows.append((place, try decoder.decode(TruthRow.self, from: Data(line)))) } catch {
                throw ExitCode.usage("\(place): this is no test row: \(error)")
            }
        }
        return rows
    }

    /// The test files of a path: itself, or all `.ndjson` files of a folder.
    static func files(_ path: String) throws -> [String] {
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: path) else { return [path] }
        let files = names.filter { $0.hasSuffix(".ndjson") }.sorted().map { path + "/" + $0 }
        guard !files.isEmpty else { throw ExitCode.usage("there is no .ndjson file in \(path)") }
        return files
    }
}

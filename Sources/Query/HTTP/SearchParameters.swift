import Hummingbird
import NIOCore

/// The parameters of a search, from the URL or from a form in the body.
struct SearchParameters {
    static let limitDefault = 1_000
    static let limitMost = 10_000
    /// Bytes of a form. Beyond it the answer is 413.
    static let bodyBytes = 1 << 20

    var query = ""
    var since: String?
    var until: String?
    var limit = limitDefault
    var output = ResultText.Style.json
    /// IANA name or `+01:00`: the reader's clock. Nil is the server's.
    var zone: String?
    /// Whether a last line of JSON says how the query went.
    var wantsMeta = false

    init(_ request: Request) async throws {
        for (name, value) in request.uri.queryParameters { try set(String(name), String(value)) }
        guard request.method == .post else { return }
        let form = try await request.body.collect(upTo: Self.bodyBytes)
        do {
            let values = try URLEncodedFormDecoder().decode([String: String].self, from: String(buffer: form))
            for (name, value) in values.sorted(by: { $0.key < $1.key }) { try set(name, value) }
        } catch let error as DecodingError {
            throw APIError(status: .badRequest, code: "bad_form", message: "the form cannot be read: \(error)")
        }
    }

    private mutating func set(_ name: String, _ value: String) throws(APIError) {
        switch name {
        case "query", "q": query = value
        case "since", "start": since = value.isEmpty ? nil : value
        case "until", "end": until = value.isEmpty ? nil : value
        case "limit":
            guard let number = Int(value), (1...Self.limitMost).contains(number) else {
                throw .parameter("limit", value, "a number from 1 to \(Self.limitMost)")
            }
            limit = number
        case "output":
            guard let style = ResultText.Style(rawValue: value) else {
                throw .parameter(
                    "output", value, "one of \(ResultText.Style.allCases.map(\.rawValue).joined(separator: ", "))")
            }
            output = style
        case "zone": zone = value.isEmpty ? nil : value
        case "meta": wantsMeta = value == "1"
        default:
            throw APIError(
                status: .badRequest, code: "bad_parameter",
                message: "there is no parameter \(name.prefix(100)); there are query, since, until, limit, output, zone, meta")
        }
    }
}

import Hummingbird
import NIOCore

/// The parameters of a search, from the URL or from a form in the body.
struct SearchParameters {
    static let limitDefault = 1_000
    static let limitMost = 10_000
    /// Bytes of a form.
    ///
    /// Beyond it the answer is 413.
    static let bodyBytes = 1 << 20

    var query = ""
    var since: String?
    var until: String?
    var limit = limitDefault
    var output = ResultText.Style.json
    /// IANA name or `+01:00`: the reader's clock.
    ///
    /// Nil is the server's.
    var zone: String?
    /// Whether a last line of JSON says how the query went.
    var wantsMeta = false

    init(_ request: Request) async throws {
        for (name, value) in try Self.form(request.uri.query ?? "") { try set(name, value) }
        guard request.method == .post else { return }
        for (name, value) in try await Self.form(of: request) { try set(name, value) }
    }

    private static func form(of request: Request) async throws -> [(key: String, value: String)] {
        let form = "application/x-www-form-urlencoded"
        if let type = request.headers[.contentType], !type.lowercased().hasPrefix(form) {
            throw APIError(
                status: .unsupportedMediaType, code: "bad_content_type",
                message: "the body is \(type.prefix(100)), and must be \(form)")
        }
        return try Self.form(String(buffer: try await request.body.collect(upTo: bodyBytes)))
    }

    /// The values of a form, in the order of their names.
    ///
    /// A plus is a space, in a URL as in a body.
    private static func form(_ text: String) throws(APIError) -> [(key: String, value: String)] {
        // The decoder ignores a part without a value, and would read JSON as a form with nothing in it.
        if let part = text.split(separator: "&").first(where: { !$0.contains("=") }) {
            throw badForm("\"\(part.prefix(100))\" is no NAME=VALUE")
        }
        do {
            let values = try URLEncodedFormDecoder().decode([String: String].self, from: text)
            return values.sorted { $0.key < $1.key }
        } catch {
            throw badForm("\(error)")
        }
    }

    private static func badForm(_ reason: String) -> APIError {
        APIError(status: .badRequest, code: "bad_form", message: "the form cannot be read: \(reason)")
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
                    "output", value,
                    "one of \(ResultText.Style.allCases.map(\.rawValue).joined(separator: ", "))")
            }
            output = style
        case "zone": zone = value.isEmpty ? nil : value
        case "meta":
            guard value == "0" || value == "1" else { throw .parameter("meta", value, "0 or 1") }
            wantsMeta = value == "1"
        default:
            throw APIError(
                status: .badRequest, code: "bad_parameter",
                message:
                    "there is no parameter \(name.prefix(100)); there are query, since, until, limit, output, zone, meta"
            )
        }
    }
}

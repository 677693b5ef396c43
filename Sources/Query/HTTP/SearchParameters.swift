import Hummingbird
import NIOCore
import Parse

/// The parameters of a search, from the URL or from a form in the body.
struct SearchParameters {
    static let limitDefault = 1_000
    static let limitMost = 10_000
    /// Bytes of a form.
    ///
    /// Beyond it the answer is 413.
    static let bodyBytes = 1 << 20
    /// Nanoseconds that a query may be given.
    private static let timeoutMost: Int64 = 3_600_000_000_000

    var query = ""
    var since: String?
    var until: String?
    var limit = limitDefault
    /// Every event, as a stream.
    var isAll = false
    var output = OutputStyle.json
    /// IANA name or `+01:00`: the reader's clock.
    ///
    /// Nil is the server's.
    var zone: String?
    /// Whether a last line of JSON says how the query went.
    var wantsMeta = false
    var timeout = Duration.seconds(30)
    var isReversed = false
    /// Columns of events; empty: those of the output form.
    var fields: [String] = []
    var template: OutputTemplate?
    /// For terminals: colours, columns, whether long lines go on in the next one, and no escapes.
    var colors = false
    var width: Int?
    var wraps = false
    var isVerbatim = false
    /// Of a tail: the last event that was seen, and events a second at most (nil: no limit).
    var after: String?
    var rate: Int? = 500
    /// Of `values`: the field, and what its values begin with.
    var field = ""
    var prefix = ""
    /// Of `hosts`: only those that are silent.
    var silentOnly = false

    private static let names =
        "query, since, until, limit, all, output, zone, meta, timeout, reverse, fields, template, color, width, "
        + "wrap, verbatim, after, rate, field, prefix, silent"

    /// - `body`: the request's body, which a form stands in.
    init(_ request: Request, _ body: RequestBody) async throws {
        for (name, value) in try Self.form(request.uri.query ?? "") { try set(name, value) }
        guard request.method == .post else { return }
        for (name, value) in try await Self.form(of: request, body) { try set(name, value) }
    }

    /// The form of the answer for a reader with this clock.
    ///
    /// - `now`: nanoseconds since the Unix epoch.
    func form(zone: ZoneRule, now: Int64) -> OutputForm {
        OutputForm(
            output, zone: zone, colors: colors, width: width, wraps: wraps, isVerbatim: isVerbatim, now: now,
            fields: fields, template: template)
    }

    static func form(
        of request: Request, _ body: RequestBody
    ) async throws -> [(key: String, value: String)] {
        let form = "application/x-www-form-urlencoded"
        if let type = request.headers[.contentType], !type.lowercased().hasPrefix(form) {
            throw APIError(
                status: .unsupportedMediaType, code: "bad_content_type",
                message: "the body is \(type.prefix(100)), and must be \(form)")
        }
        return try Self.form(String(buffer: try await body.collect(upTo: bodyBytes)))
    }

    /// The values of a form, in the order of their names.
    ///
    /// A plus is a space, in a URL as in a body.
    static func form(_ text: String) throws(APIError) -> [(key: String, value: String)] {
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
            limit = try Self.number(name, value, 1...Self.limitMost)
        case "output":
            guard let style = OutputStyle(named: value) else {
                throw .parameter("output", value, "one of \(OutputStyle.list)")
            }
            output = style
        case "zone": zone = value.isEmpty ? nil : value
        case "meta": wantsMeta = try Self.flag(name, value)
        case "all": isAll = try Self.flag(name, value)
        case "reverse": isReversed = try Self.flag(name, value)
        case "color": colors = try Self.flag(name, value)
        case "wrap": wraps = try Self.flag(name, value)
        case "verbatim": isVerbatim = try Self.flag(name, value)
        case "width": width = try Self.number(name, value, 20...10_000)
        case "rate": rate = value == "0" ? nil : try Self.number(name, value, 1...1_000_000)
        case "timeout":
            guard let length = Units.duration(value), length > 0, length <= Self.timeoutMost else {
                throw .parameter("timeout", value, "a length of time up to 1h, such as 30s")
            }
            timeout = .nanoseconds(length)
        case "fields": fields = value.split(separator: ",").map { String($0) }
        case "template":
            do { template = try OutputTemplate(value) } catch {
                throw .parameter("template", value, "\(error)")
            }
        case "after": after = value.isEmpty ? nil : value
        case "field": field = value
        case "prefix": prefix = value
        case "silent": silentOnly = try Self.flag(name, value)
        default:
            throw APIError(
                status: .badRequest, code: "bad_parameter",
                message: "there is no parameter \(name.prefix(100)); there are \(Self.names)")
        }
    }

    private static func flag(_ name: String, _ value: String) throws(APIError) -> Bool {
        guard value == "0" || value == "1" else { throw .parameter(name, value, "0 or 1") }
        return value == "1"
    }

    private static func number(
        _ name: String, _ value: String, _ range: ClosedRange<Int>
    ) throws(APIError) -> Int {
        guard let number = Int(value), range.contains(number) else {
            throw .parameter(name, value, "a number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }
}

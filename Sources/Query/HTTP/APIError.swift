import HTTPTypes
import Hummingbird
import NIOCore

/// The one shape of every error that the HTTP interface gives: `{"error":…,"code":…,"pos":…,"hint":…}`.
struct APIError: Error, HTTPResponseError {
    let status: HTTPResponse.Status
    /// A word that programs can rely on.
    let code: String
    /// What happened, as a sentence for people.
    ///
    /// For a query, with the caret under the place.
    let message: String
    /// Byte offset in the query.
    var position: Int?
    var hint: String?
    /// The methods that the path has (RFC 9110 §15.5.6).
    var allowed: String?
    /// Seconds after which it is worth asking again (RFC 9110 §10.2.3).
    var retrySeconds: Int?

    /// The disk has no room for what is to be stored (RFC 4918 §11.5).
    ///
    /// - `reason`: how much there is, and the way out.
    static func diskFull(_ reason: String) -> APIError {
        APIError(
            status: .init(code: 507, reasonPhrase: "Insufficient Storage"), code: "disk_full",
            message: reason, hint: "ask again: it goes on by itself once there is room", retrySeconds: 5)
    }

    /// A method that a path does not have.
    static func method(_ method: String, _ path: String, allowed: String) -> APIError {
        APIError(
            status: .methodNotAllowed, code: "method_not_allowed",
            message: "\(path) has no \(method.prefix(20)); it has \(allowed)", allowed: allowed)
    }

    /// A query that could not be read.
    static func query(_ error: QueryError, _ text: String) -> APIError {
        APIError(
            status: .badRequest, code: error.code.rawValue, message: error.rendered(query: text),
            position: error.range.lowerBound, hint: error.hint)
    }

    /// A parameter that is not what it must be.
    static func parameter(_ name: String, _ value: String, _ expected: String) -> APIError {
        APIError(
            status: .badRequest, code: "bad_parameter",
            message: "parameter \(name) is \"\(value.prefix(100))\", and must be \(expected)")
    }

    /// As bytes, with a line end.
    var body: [UInt8] {
        var json = JSONText()
        json.object { json in
            json.key("error")
            json.string(message)
            json.key("code")
            json.string(code)
            if let position {
                json.key("pos")
                json.number(position)
            }
            if let hint {
                json.key("hint")
                json.string(hint)
            }
        }
        json.endLine()
        return json.bytes
    }

    func response(from request: Request, context: some RequestContext) throws -> Response {
        var headers: HTTPFields = [.contentType: "application/json"]
        headers[.allow] = allowed
        headers[.retryAfter] = retrySeconds.map { String($0) }
        return Response(
            status: status, headers: headers,
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: body)))
    }
}

/// Gives every error the one shape, also those of the router and of the server itself.
struct ErrorShape<Context: RequestContext>: RouterMiddleware {
    @concurrent
    func handle(
        _ request: Request, context: Context,
        next: @concurrent (Request, Context) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch let error as APIError {
            throw error
        } catch let error as any HTTPResponseError {
            throw Self.shaped(error.status, request)
        } catch {
            throw APIError(status: .internalServerError, code: "internal", message: "\(error)")
        }
    }

    private static func shaped(_ status: HTTPResponse.Status, _ request: Request) -> APIError {
        switch status {
        case .notFound:
            APIError(
                status: status, code: "not_found", message: "there is no \(request.uri.path.prefix(100)) here"
            )
        case .contentTooLarge:
            APIError(
                status: status, code: "too_large",
                message:
                    "the body has more than \(SearchParameters.bodyBytes) bytes, and must be a form with less"
            )
        default: APIError(status: status, code: "bad_request", message: status.reasonPhrase)
        }
    }
}

import AsyncHTTPClient
import FoundationEssentials
import Glibc
import NIOCore
import NIOHTTP1

/// A running server, asked over HTTP.
struct ServerConnection {
    private let url: String

    init(_ url: String) { self.url = url }

    func get(_ path: String) async throws -> [UInt8] {
        try await fetch(HTTPClientRequest(url: url + path)).body
    }

    func post(_ path: String, _ bytes: [UInt8], type: String) async throws -> [UInt8] {
        try await exchange(path, bytes, type: type).body
    }

    /// Posts, and gives the head of the answer too.
    func exchange(
        _ path: String, _ bytes: [UInt8], type: String
    ) async throws -> (headers: HTTPHeaders, body: [UInt8]) {
        var request = HTTPClientRequest(url: url + path)
        request.method = .POST
        request.headers.add(name: "content-type", value: type)
        request.body = .bytes(bytes)
        return try await fetch(request)
    }

    /// Posts a form, and gives the answer as it comes.
    func stream(
        _ path: String, _ parameters: [(String, String)], _ body: ([UInt8]) throws -> Void
    ) async throws {
        var request = HTTPClientRequest(url: url + path)
        request.method = .POST
        request.headers.add(name: "content-type", value: "application/x-www-form-urlencoded")
        request.body = .bytes(Array(Self.form(parameters).utf8))
        try await stream(request, body)
    }

    /// Asks, and gives an answer that does not end.
    func follow(
        _ path: String, _ parameters: [(String, String)], _ body: ([UInt8]) throws -> Void
    ) async throws {
        try await stream(
            HTTPClientRequest(url: url + path + "?" + Self.form(parameters)), of: Self.follower, body)
    }

    private func stream(
        _ request: HTTPClientRequest, of client: HTTPClient = Self.client,
        _ body: ([UInt8]) throws -> Void
    ) async throws {
        let response = try await execute(request, of: client, timeout: .hours(24 * 365))
        do {
            for try await part in response.body { try body(Array(part.readableBytesView)) }
        } catch let error as ExitCode {
            throw error
        } catch {
            throw ExitCode.unreachable("\(url) stopped answering: \(error)")
        }
    }

    /// Posts, and gives the lines of the answer as they come.
    ///
    /// - `parameters`: go as a form in the body.
    func postLines(
        _ path: String, _ parameters: [(String, String)] = [], _ body: ([UInt8]) -> Void
    ) async throws {
        var request = HTTPClientRequest(url: url + path)
        request.method = .POST
        if !parameters.isEmpty {
            request.headers.add(name: "content-type", value: "application/x-www-form-urlencoded")
            request.body = .bytes(Array(Self.form(parameters).utf8))
        }
        let response = try await execute(request, timeout: .hours(24))
        do {
            var pending: [UInt8] = []
            for try await part in response.body {
                pending += part.readableBytesView
                while let end = pending.firstIndex(of: 0x0A) {
                    body(Array(pending[..<end]))
                    pending.removeFirst(end + 1)
                }
            }
        } catch let error as ExitCode {
            throw error
        } catch {
            throw ExitCode.unreachable("\(url) stopped answering: \(error)")
        }
    }

    /// The parameters as a form, which is also how a URL carries them.
    static func form(_ parameters: [(String, String)]) -> String {
        parameters.map { "\($0)=\(escaped($1))" }.joined(separator: "&")
    }

    private func fetch(
        _ request: HTTPClientRequest
    ) async throws -> (headers: HTTPHeaders, body: [UInt8]) {
        let response = try await execute(request, timeout: .seconds(60))
        do {
            let body = try await response.body.collect(upTo: 256 << 20)
            return (response.headers, Array(body.readableBytesView))
        } catch {
            throw ExitCode.unreachable("\(url) stopped answering: \(error)")
        }
    }

    /// The head of the answer, which says that all is well.
    private func execute(
        _ request: HTTPClientRequest, of client: HTTPClient = Self.client, timeout: TimeAmount
    ) async throws -> HTTPClientResponse {
        let response: HTTPClientResponse
        do {
            response = try await client.execute(request, timeout: timeout)
        } catch {
            let reason = unsafe (error as? IOError).flatMap { unsafe strerror($0.errnoCode) }
            let text = unsafe reason.map { unsafe String(cString: $0) } ?? "\(error)"
            throw ExitCode.unreachable(
                "cannot reach \(url): \(text). Is wplog serve running? --server names another, --data a directory"
            )
        }
        guard response.status.code >= 400 else { return response }
        let bytes = try? await response.body.collect(upTo: 1 << 20)
        throw Self.failure(response.status.code, bytes.map { Array($0.readableBytesView) } ?? [], url)
    }

    /// Does not try again: by default a server that is not there is asked for a minute.
    private static let client = client(silence: nil)

    /// For answers that do not end: a server says something every ten seconds, and one that does not is gone.
    private static let follower = client(silence: .seconds(30))

    private static func client(silence: TimeAmount?) -> HTTPClient {
        var configuration = HTTPClient.Configuration(timeout: .init(connect: .seconds(5), read: silence))
        configuration.connectionPool.retryConnectionEstablishment = false
        return HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }

    /// What an answer with an error means to a command.
    private static func failure(_ code: UInt, _ bytes: [UInt8], _ url: String) -> ExitCode {
        let message = (try? JSONDecoder().decode(ServerError.self, from: Data(bytes)))?.error
        return code == 400 || code == 404
            ? .usage(message ?? "the server refused the request")
            : .unreachable("\(url) answered \(code): \(message ?? "")")
    }

    /// The part of the server's error shape that people read.
    private struct ServerError: Decodable {
        let error: String
    }

    private static func escaped(_ text: String) -> String {
        let digits = Array("0123456789ABCDEF".utf8)
        var output: [UInt8] = []
        for byte in text.utf8 {
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x7E: output.append(byte)
            default: output += [0x25, digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: output, as: UTF8.self)
    }
}

import Foundation
import Glibc

/// A socket to a port of 127.0.0.1, closed with the object.
///
/// No call waits longer than ten seconds.
final class Wire: Sendable {
    enum Kind {
        case tcp
        case udp
    }

    private let descriptor: Int32

    init(_ kind: Kind, port: UInt16) throws {
        let type = kind == .tcp ? SOCK_STREAM : SOCK_DGRAM
        descriptor = socket(AF_INET, Int32(type.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var limit = timeval(tv_sec: 10, tv_usec: 0)
        for option in [SO_RCVTIMEO, SO_SNDTIMEO] {
            unsafe setsockopt(descriptor, SOL_SOCKET, option, &limit, socklen_t(MemoryLayout<timeval>.size))
        }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let result = unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard result == 0 else {
            throw ChildProcess.Failure(description: "connect to \(port): error \(errno)")
        }
    }

    deinit { close(descriptor) }

    /// Writes everything.
    ///
    /// False where the peer has gone.
    @discardableResult
    func send(_ bytes: some Collection<UInt8>) -> Bool {
        let bytes = Array(bytes)
        var start = 0
        // An empty datagram is one call too.
        repeat {
            let count = unsafe bytes.withUnsafeBytes { buffer in
                unsafe Glibc.send(
                    descriptor, buffer.baseAddress.map { unsafe $0 + start }, bytes.count - start,
                    Int32(MSG_NOSIGNAL))
            }
            if count < 0 {
                if errno == EINTR { continue }
                return false
            }
            start += count
        } while start < bytes.count
        return true
    }

    @discardableResult
    func send(_ text: String) -> Bool { send(Array(text.utf8)) }

    /// Everything that the peer sends until it closes or is silent for ten seconds.
    func receive() -> (data: Data, isClosed: Bool) {
        var data = Data()
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = unsafe recv(descriptor, &buffer, buffer.count, 0)
            if count > 0 {
                data.append(contentsOf: buffer.prefix(count))
            } else if count < 0, errno == EINTR {
                continue
            } else {
                return (data, count == 0 || errno == ECONNRESET)
            }
        }
    }

    /// Ends the connection with RST.
    func reset() {
        var option = linger(l_onoff: 1, l_linger: 0)
        unsafe setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
    }

    /// One connection: sends, waits until the server has read to the end and closed, and closes.
    static func deliver(_ bytes: some Collection<UInt8>, port: UInt16) throws {
        let wire = try Wire(.tcp, port: port)
        wire.send(bytes)
        shutdown(wire.descriptor, Int32(SHUT_WR))
        _ = wire.receive()
    }
}

/// The answer to one HTTP request, sent as bytes so that it can be as wrong as a test wants it.
struct HTTPAnswer {
    let status: Int
    /// Names in lower case.
    let headers: [String: String]
    let body: Data

    var text: String { String(decoding: body, as: UTF8.self) }

    /// The body as a JSON object.
    var object: [String: Any] {
        ((try? JSONSerialization.jsonObject(with: body)) as? [String: Any]) ?? [:]
    }

    static func of(
        _ method: String, _ target: String, headers: [String] = [], body: String? = nil, port: UInt16
    ) throws -> HTTPAnswer {
        var lines = ["\(method) \(target) HTTP/1.1", "Host: 127.0.0.1", "Connection: close"] + headers
        if let body { lines.append("Content-Length: \(body.utf8.count)") }
        return try of(lines.joined(separator: "\r\n") + "\r\n\r\n" + (body ?? ""), port: port)
    }

    /// Sends a request as it is.
    static func of(_ request: String, port: UInt16) throws -> HTTPAnswer {
        let wire = try Wire(.tcp, port: port)
        wire.send(request)
        let answer = wire.receive().data
        guard let end = answer.firstRange(of: Data("\r\n\r\n".utf8)) else {
            throw ChildProcess.Failure(
                description: "no HTTP answer: \(String(decoding: answer, as: UTF8.self))")
        }
        let head = String(decoding: answer[..<end.lowerBound], as: UTF8.self).split(separator: "\r\n")
        var headers: [String: String] = [:]
        for line in head.dropFirst() {
            let parts = line.split(separator: ":", maxSplits: 1)
            guard parts.count == 2 else { continue }
            headers[parts[0].lowercased()] = parts[1].trimmingCharacters(in: .whitespaces)
        }
        let status = head.first?.split(separator: " ").dropFirst().first.flatMap { Int($0) }
        var body = Data(answer[end.upperBound...])
        if headers["transfer-encoding"] == "chunked" { body = unchunked(body) }
        return HTTPAnswer(status: status ?? 0, headers: headers, body: body)
    }

    /// The content of a chunked body (RFC 9112 §7.1), as far as it is there, and what comes behind its end.
    private static func unchunked(_ body: Data) -> Data {
        var content = Data()
        var rest = body[...]
        while let line = rest.firstRange(of: Data("\r\n".utf8)),
            let size = Int(String(decoding: rest[..<line.lowerBound], as: UTF8.self), radix: 16), size > 0
        {
            content += rest[line.upperBound...].prefix(size)
            rest = rest[line.upperBound...].dropFirst(size + 2)
        }
        return content + (rest.starts(with: Data("0\r\n\r\n".utf8)) ? rest.dropFirst(5) : rest)
    }
}

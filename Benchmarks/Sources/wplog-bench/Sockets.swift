import Foundation

/// A blocking TCP connection to this machine.
struct Connection: ~Copyable {
    private let descriptor: Int32

    init(port: Int) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(truncatingIfNeeded: port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        // An answer that does not come ends the measurement.
        var limit = timeval(tv_sec: 60, tv_usec: 0)
        unsafe setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        let result = unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard result == 0 else { throw Failure("cannot connect to 127.0.0.1:\(port): error \(errno)") }
    }

    deinit { close(descriptor) }

    mutating func write(_ bytes: [UInt8]) throws {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = unsafe rest.withUnsafeBytes {
                unsafe Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { throw Failure("cannot send: error \(errno)") }
            rest = rest.dropFirst(count)
        }
    }

    /// Appends what has come; false at the end of the stream.
    mutating func read(into bytes: inout [UInt8]) throws -> Bool {
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        let count = unsafe buffer.withUnsafeMutableBytes {
            unsafe Glibc.recv(descriptor, $0.baseAddress, $0.count, 0)
        }
        guard count >= 0 else { throw Failure("cannot receive: error \(errno)") }
        bytes += buffer[..<count]
        return count > 0
    }

    /// Says that no more comes, and waits for the other side to end as well.
    mutating func finish() throws {
        shutdown(descriptor, Int32(SHUT_WR))
        var rest: [UInt8] = []
        while try read(into: &rest) {}
    }
}

/// As much HTTP as the measurements need: GET, one request after the other on one connection.
struct HTTPClient: ~Copyable {
    private var connection: Connection
    private let port: Int

    init(port: Int) throws {
        self.port = port
        connection = try Connection(port: port)
    }

    /// The body of an answer with status 200.
    mutating func get(_ path: String, _ parameters: [(String, String)] = []) throws -> String {
        let form = parameters.map { "\($0)=\(Self.escaped($1))" }.joined(separator: "&")
        let target = form.isEmpty ? path : "\(path)?\(form)"
        try connection.write(Array("GET \(target) HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\n\r\n".utf8))
        var bytes: [UInt8] = []
        var head: Range<Int>?
        while head == nil {
            guard try connection.read(into: &bytes) else { throw Failure("\(target): the server closed") }
            head = Self.end(ofHead: bytes)
        }
        guard let head else { throw Failure("\(target): no answer") }
        let text = String(decoding: bytes[head], as: UTF8.self).lowercased()
        var body = Array(bytes[head.upperBound...])
        if let length = Self.value("content-length", text).flatMap({ Int($0) }) {
            while body.count < length, try connection.read(into: &body) {}
        } else {
            body = try chunks(body)
        }
        guard text.hasPrefix("http/1.1 200") else {
            throw Failure(
                "\(target): \(text.prefix { $0 != "\r" }): \(String(decoding: body, as: UTF8.self))")
        }
        return String(decoding: body, as: UTF8.self)
    }

    private mutating func chunks(_ begin: [UInt8]) throws -> [UInt8] {
        var bytes = begin
        var body: [UInt8] = []
        var position = 0
        while true {
            var end = bytes[position...].firstIndex(of: 0x0A)
            while end == nil {
                guard try connection.read(into: &bytes) else { throw Failure("an answer is cut") }
                end = bytes[position...].firstIndex(of: 0x0A)
            }
            let digits = bytes[position..<(end ?? position)].prefix { $0 != 0x0D && $0 != UInt8(ascii: ";") }
            guard let end, let count = Int(String(decoding: digits, as: UTF8.self), radix: 16) else {
                throw Failure("an answer has a chunk without a length")
            }
            while bytes.count < end + 1 + count + 2 {
                guard try connection.read(into: &bytes) else { throw Failure("an answer is cut") }
            }
            if count == 0 { return body }
            body += bytes[end + 1..<end + 1 + count]
            position = end + 1 + count + 2
        }
    }

    private static func end(ofHead bytes: [UInt8]) -> Range<Int>? {
        let mark = Array("\r\n\r\n".utf8)
        guard bytes.count >= mark.count else { return nil }
        for index in 0...bytes.count - mark.count where bytes[index..<index + mark.count].elementsEqual(mark)
        {
            return 0..<index + mark.count
        }
        return nil
    }

    private static func value(_ name: String, _ head: String) -> String? {
        head.split(separator: "\r\n").first { $0.hasPrefix(name + ":") }
            .map { $0.dropFirst(name.count + 1).trimmingCharacters(in: .whitespaces) }
    }

    private static func escaped(_ text: String) -> String {
        text.utf8.map { byte in
            let isPlain =
                (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
            return isPlain
                ? String(UnicodeScalar(byte)) : "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }.joined()
    }
}

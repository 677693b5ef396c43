import Foundation
import Glibc
import Synchronization

/// Stands between a sender and the server: passes on what it gets, over TCP and UDP, and keeps a copy.
///
/// Ends with the object.
final class WireTap: Sendable {
    /// The port of both.
    let port: UInt16
    private let kept: Kept
    private let sockets: [Int32]

    private final class Kept: Sendable {
        let pieces = Mutex<(streams: [Data], datagrams: [Data])>(([], []))
        let isClosed = Atomic<Bool>(false)
    }

    init(to server: RunningServer) throws {
        kept = Kept()
        // A port that is free for TCP may be taken for UDP.
        var found: (port: UInt16, sockets: [Int32])?
        for _ in 0..<20 where found == nil {
            let (tcp, port) = try Self.bound(SOCK_STREAM, port: 0)
            if let (udp, _) = try? Self.bound(SOCK_DGRAM, port: port) {
                found = (port, [tcp, udp])
            } else {
                close(tcp)
            }
        }
        guard let found else { throw ChildProcess.Failure(description: "no port is free for TCP and UDP") }
        (port, sockets) = found
        let (kept, tcp, udp) = (kept, found.sockets[0], found.sockets[1])
        listen(tcp, 8)
        let outgoing = try Wire(.udp, port: server.udp)
        let target = server.tcp
        Thread.detachNewThread {
            while true {
                let connection = accept(tcp, nil, nil)
                guard connection >= 0 else { break }
                let number = kept.pieces.withLock {
                    $0.streams.append(Data())
                    return $0.streams.count - 1
                }
                Thread.detachNewThread {
                    defer { close(connection) }
                    guard let wire = try? Wire(.tcp, port: target) else { return }
                    while let data = Self.read(connection), !data.isEmpty {
                        kept.pieces.withLock { $0.streams[number] += data }
                        wire.send(data)
                    }
                }
            }
            close(tcp)
        }
        Thread.detachNewThread {
            while let data = Self.read(udp), !kept.isClosed.load(ordering: .relaxed) {
                kept.pieces.withLock { $0.datagrams.append(data) }
                outgoing.send(data)
            }
            close(udp)
        }
    }

    deinit {
        kept.isClosed.store(true, ordering: .relaxed)
        for socket in sockets { shutdown(socket, Int32(SHUT_RDWR)) }
    }

    /// What was sent so far: datagrams, counted frames without their count, lines without the line feed.
    var frames: [Data] {
        let (streams, datagrams) = kept.pieces.withLock { ($0.streams, $0.datagrams) }
        return datagrams + streams.flatMap { Self.frames(of: $0) }
    }

    private static func frames(of stream: Data) -> [Data] {
        guard let first = stream.first, UInt8(ascii: "0")...UInt8(ascii: "9") ~= first else {
            return stream.split(separator: 0x0A).map { Data($0) }
        }
        var frames: [Data] = []
        var rest = stream[...]
        while let space = rest.firstIndex(of: 0x20),
            let count = Int(String(decoding: rest[..<space], as: UTF8.self))
        {
            let body = rest[(space + 1)...]
            frames.append(Data(body.prefix(count)))
            rest = body.dropFirst(count)
        }
        return frames
    }

    private static func read(_ descriptor: Int32) -> Data? {
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = unsafe recv(descriptor, &buffer, buffer.count, 0)
            if count >= 0 { return Data(buffer.prefix(count)) }
            if errno != EINTR { return nil }
        }
    }

    /// A port of 127.0.0.1 that nobody listens on.
    static func freePort(_ kind: Wire.Kind) throws -> UInt16 {
        let (descriptor, port) = try bound(kind == .tcp ? SOCK_STREAM : SOCK_DGRAM, port: 0)
        close(descriptor)
        return port
    }

    private static func bound(_ type: __socket_type, port: UInt16) throws -> (Int32, UInt16) {
        let descriptor = socket(AF_INET, Int32(type.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let result = unsafe withUnsafeMutablePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                let result = unsafe bind(descriptor, $0, size)
                return unsafe result == 0 ? getsockname(descriptor, $0, &size) : result
            }
        }
        guard result == 0 else {
            close(descriptor)
            throw ChildProcess.Failure(description: "cannot bind port \(port): error \(errno)")
        }
        return (descriptor, UInt16(bigEndian: address.sin_port))
    }
}

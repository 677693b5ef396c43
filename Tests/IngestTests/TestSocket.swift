import Glibc

/// A plain client socket on the loopback address.
///
/// The only unsafe code of these tests.
struct TestSocket: ~Copyable {
    enum Kind {
        case tcp, udp
        var type: Int32 { Int32((self == .tcp ? SOCK_STREAM : SOCK_DGRAM).rawValue) }
    }

    /// Nobody listens there, or the system has no such address.
    struct CannotConnect: Error {
        let code: Int32
    }

    private let descriptor: Int32

    /// Connects to `port`.
    init(_ kind: Kind, port: Int, ipv6: Bool = false) throws(CannotConnect) {
        let descriptor = socket(ipv6 ? AF_INET6 : AF_INET, kind.type, 0)
        guard descriptor >= 0 else { throw CannotConnect(code: errno) }
        // The structures of netinet/in.h belong to no module that Swift can name for sure: written as bytes.
        let family = ipv6 ? [UInt8(AF_INET6), 0] : [UInt8(AF_INET), 0]
        let portBytes = [UInt8(truncatingIfNeeded: port >> 8), UInt8(truncatingIfNeeded: port)]
        let loopback: [UInt8] =
            ipv6
            ? [0, 0, 0, 0] + [UInt8](repeating: 0, count: 15) + [1] + [0, 0, 0, 0]
            : [127, 0, 0, 1] + [UInt8](repeating: 0, count: 8)
        let address = family + portBytes + loopback
        let code = unsafe address.withUnsafeBytes { bytes -> Int32 in
            guard let base = bytes.baseAddress else { return -1 }
            let address = unsafe base.assumingMemoryBound(to: sockaddr.self)
            return unsafe connect(descriptor, address, socklen_t(bytes.count))
        }
        guard code == 0 else {
            let code = errno
            close(descriptor)
            throw CannotConnect(code: code)
        }
        self.descriptor = descriptor
    }

    deinit { close(descriptor) }

    /// Sends all bytes, and waits where the receiver does.
    ///
    /// False once the connection is broken.
    @discardableResult func send(_ bytes: some Collection<UInt8>) -> Bool {
        let bytes = Array(bytes)
        var sent = 0
        repeat {
            let count = write(bytes[sent...], flags: 0)
            guard count >= 0 else { return false }
            sent += count
        } while sent < bytes.count
        return true
    }

    @discardableResult func send(_ text: String) -> Bool { send(text.utf8) }

    /// Sends until the system takes no more.
    ///
    /// Returns the number of bytes it took.
    func sendWithoutWaiting(_ bytes: [UInt8]) -> Int {
        var sent = 0
        while sent < bytes.count {
            let count = write(bytes[sent...], flags: Int32(MSG_DONTWAIT))
            guard count > 0 else { break }
            sent += count
        }
        return sent
    }

    private func write(_ bytes: ArraySlice<UInt8>, flags: Int32) -> Int {
        unsafe bytes.withUnsafeBytes {
            unsafe Glibc.send(descriptor, $0.baseAddress, $0.count, flags | Int32(MSG_NOSIGNAL))
        }
    }

    /// No more bytes will follow.
    func finish() { shutdown(descriptor, Int32(SHUT_WR)) }

    /// Returns when the other side has closed.
    func waitForClose() {
        var byte: UInt8 = 0
        while unsafe recv(descriptor, &byte, 1, 0) > 0 {}
    }

    /// Ends with RST instead of FIN.
    consuming func reset() {
        var option = linger(l_onoff: 1, l_linger: 0)
        unsafe setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
    }
}

/// Whether somebody listens on `port` of the loopback address.
func canConnect(_ kind: TestSocket.Kind, port: Int) -> Bool {
    do {
        _ = try TestSocket(kind, port: port)
        return true
    } catch {
        return false
    }
}

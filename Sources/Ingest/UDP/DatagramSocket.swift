import CDatagram
import Glibc
import Parse

/// A bound UDP socket.
///
/// Copies name the same socket; one of them closes it, once.
struct DatagramSocket: Sendable {
    private let socket: wplog_datagram_socket

    /// Binds to a numeric IPv4 or IPv6 address; `::` takes both.
    ///
    /// `receiveBuffer` is in bytes.
    init(host: String, port: Int, receiveBuffer: Int) throws(DatagramError) {
        guard let number = UInt16(exactly: port) else { throw .badPort(port) }
        var socket = wplog_datagram_socket()
        let code = unsafe wplog_datagram_open(host, number, Int32(clamping: receiveBuffer), &socket)
        guard code >= 0 else { throw .badAddress(host) }
        guard code == 0 else { throw .cannotBind(host: host, port: port, code: code) }
        self.socket = socket
    }

    var port: Int { Int(socket.port) }
    /// What the kernel grants, in bytes.
    ///
    /// It counts its own bookkeeping against it, several hundred bytes a datagram.
    var receiveBufferBytes: Int { Int(socket.receive_buffer) }
    /// Datagrams dropped so far, modulo 2³².
    var drops: UInt32 { wplog_datagram_socket_drops(socket) }

    /// Waits for a datagram, for `wake`, or for the time to pass; nil waits without limit.
    func wait(milliseconds: Int?) {
        wplog_datagram_wait(socket, milliseconds.map { Int32(clamping: $0) } ?? -1)
    }

    /// Ends a wait now, and every later one.
    func wake() { wplog_datagram_wake(socket) }

    func close() { wplog_datagram_close(socket) }

    fileprivate func receive(_ ring: OpaquePointer) -> Int {
        unsafe Int(wplog_datagram_receive(ring, socket))
    }
}

/// Room for the datagrams of one system call: 64 of full size.
///
/// Only pages that a datagram has reached cost memory.
@safe struct DatagramRing: ~Copyable {
    private let ring: OpaquePointer

    init() throws(DatagramError) {
        guard let ring = unsafe wplog_datagram_ring_create(Int32(IngestLimits.datagrams)) else {
            throw .noMemory
        }
        unsafe self.ring = ring
    }

    deinit { unsafe wplog_datagram_ring_destroy(ring) }

    /// Reads what is there, without waiting.
    ///
    /// Returns the number of datagrams.
    mutating func receive(from socket: DatagramSocket) throws(DatagramError) -> Int {
        let count = unsafe socket.receive(ring)
        guard count >= 0 else { throw .cannotReceive(code: Int32(-count)) }
        return count
    }

    /// Datagrams dropped before the last one received, modulo 2³².
    var drops: UInt32 { unsafe wplog_datagram_ring_drops(ring) }

    /// Appends the datagram at `index`, below the last count, to `bytes`.
    ///
    /// Returns its sender.
    func append(_ index: Int, to bytes: inout [UInt8]) -> SenderAddress {
        let datagram = unsafe wplog_datagram_at(ring, Int32(index))
        unsafe bytes.append(
            contentsOf: UnsafeBufferPointer(start: datagram.bytes, count: Int(datagram.length)))
        return unsafe SenderAddress(high: datagram.address_high, low: datagram.address_low)
    }
}

/// An IPv6 address, or an IPv4 one mapped into IPv6, in two numbers.
struct SenderAddress: Hashable {
    let high: UInt64
    let low: UInt64

    /// IPv4 in dotted form, IPv6 as RFC 5952 writes it.
    var text: String {
        var text = [CChar](repeating: 0, count: 46)
        unsafe wplog_datagram_address_text(high, low, &text)
        return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}

/// Why a UDP socket cannot be used.
package enum DatagramError: Error, Equatable, CustomStringConvertible {
    case badAddress(String)
    case badPort(Int)
    case cannotBind(host: String, port: Int, code: Int32)
    case cannotReceive(code: Int32)
    case noMemory

    package var description: String {
        switch self {
        case .badAddress(let host):
            "udp: \"\(host)\" is not an IPv4 or IPv6 address; write one, such as 127.0.0.1 or ::"
        case .badPort(let port): "udp: port \(port) is not within 0 to 65535"
        case .cannotBind(let host, let port, let code):
            "udp: cannot listen on \(host) port \(port): \(Self.text(code)); "
                + "choose another port, or stop its owner"
        case .cannotReceive(let code): "udp: cannot receive: \(Self.text(code))"
        case .noMemory: "udp: no memory for \(IngestLimits.datagrams) datagrams"
        }
    }

    private static func text(_ code: Int32) -> String {
        unsafe strerror(code).map { unsafe String(cString: $0) } ?? "error \(code)"
    }
}

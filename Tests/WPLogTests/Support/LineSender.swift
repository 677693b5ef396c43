import Foundation
import Glibc
import Synchronization

/// Sends numbered lines over one TCP connection, on a thread of its own, and counts what it has offered.
///
///     <13>1 - c0 ledger 7 - - 42 xxxx      connection c0, round 7, line 42
final class LineSender: Sendable {
    /// A search returns no more than 10,000 lines.
    static let linesMost = 9_600
    private static let chunk = 8

    private let host: String
    private let round: Int
    private let wire: Wire
    private let offers = Atomic<Int>(0)
    private let isStopping = Atomic<Bool>(false)
    private let hasEnded = Atomic<Bool>(false)

    /// - `pause`: microseconds between eight lines.
    init(connection: Int, round: Int, port: UInt16, limit: Int = LineSender.linesMost, pause: UInt32) throws {
        host = "c\(connection)"
        self.round = round
        wire = try Wire(.tcp, port: port)
        Thread.detachNewThread { [self] in
            var next = 0
            while next < limit, !isStopping.load(ordering: .relaxed) {
                let end = min(limit, next + Self.chunk)
                let text = (next..<end).map { line($0) + "\n" }.joined()
                offers.store(end, ordering: .relaxed)
                guard wire.send(text) else { break }
                next = end
                if pause > 0 { usleep(pause) }
            }
            hasEnded.store(true, ordering: .relaxed)
        }
    }

    /// Lines of which at least a byte may have been sent.
    var offered: Int { offers.load(ordering: .relaxed) }

    /// Stops sending and waits until the last chunk is with the kernel.
    ///
    /// The connection stays open.
    func finish() async throws -> Int {
        isStopping.store(true, ordering: .relaxed)
        return try await ended()
    }

    /// Waits until all lines are with the kernel.
    func ended() async throws -> Int {
        guard try await holds(within: 60, { hasEnded.load(ordering: .relaxed) }) else {
            throw ChildProcess.Failure(description: "the sender of \(host) has not ended")
        }
        return offered
    }

    /// The line with a number, always the same.
    func line(_ number: Int) -> String {
        let pad = String(repeating: "x", count: (number &* 37) % 90)
        return "<13>1 - \(host) ledger \(round) - - \(number) \(pad)"
    }

    /// What is wrong with the lines that are stored of this sender.
    ///
    /// The sender must have ended.
    ///
    /// Empty where they are a gap-free prefix of what it has offered, each once.
    func violations(in lines: [FoundLine]) -> [String] {
        var violations: [String] = []
        if lines.count > offered { violations.append("\(lines.count) lines stored, \(offered) offered") }
        let found = lines.map { String(decoding: $0.raw, as: UTF8.self) }
        for (number, text) in found.enumerated() where text != line(number) {
            violations.append("\(host) round \(round): line \(number) is \"\(text.prefix(60))\"")
            if violations.count > 5 { break }
        }
        return violations
    }

    /// The lines of this sender that are stored, in the order in which they were received.
    func stored(_ data: String) async throws -> [FoundLine] {
        let lines = try await RunningServer.search(
            data, ["host:\(host) pid:\(round) program:ledger", "-n", "10000"])
        func sequence(_ line: FoundLine) -> Int {
            line["id"]?.split(separator: "-").last.flatMap { Int($0) } ?? -1
        }
        return lines.sorted { sequence($0) < sequence($1) }
    }
}

import Foundation
import Glibc
import Testing

struct TailTests {
    private static func numbers(_ process: ChildProcess) -> [Int] {
        String(decoding: process.standardOutput, as: UTF8.self).split(separator: "\n").compactMap { line in
            line.split(separator: " ").last.flatMap { Int($0) }
        }
    }

    private static func send(_ numbers: Range<Int>, _ server: RunningServer) throws {
        let text = numbers.map { "<13>1 - h app - - - number \($0)\n" }.joined()
        try Wire.deliver(Array(text.utf8), port: server.tcp)
    }

    @Test func `backlog and live lines join, each line once`() async throws {
        let folder = try ScratchFolder()
        let server = try await RunningServer(folder.path("data"))
        try Self.send(0..<100, server)
        #expect(try await server.search("number", until: 100).count == 100)
        let tail = try ChildProcess(
            Binary.path,
            ["tail", "number", "-n", "50", "--no-limit", "-o", "raw", "--data", server.data])
        var next = 100
        // The first bursts meet the backlog.
        for _ in 0..<10 {
            try Self.send(next..<next + 500, server)
            next += 500
            usleep(30_000)
        }
        #expect(try await holds { Self.numbers(tail).last == next - 1 })
        let found = Self.numbers(tail)
        let first = try #require(found.first)
        #expect(first >= 50, "\(first)")
        #expect(found == Array(first..<next), "\(found.count) lines from \(first)")
        // One line alone is there within a second; the machine may be busy with other tests for a while.
        let isQuick = try await holds(within: 60) {
            let start = ContinuousClock.now
            try Self.send(next..<next + 1, server)
            next += 1
            return try await holds { Self.numbers(tail).last == next - 1 }
                && ContinuousClock.now - start < .seconds(1)
        }
        #expect(isQuick)
    }

    @Test func `tail -n 0 shows only what comes`() async throws {
        let folder = try ScratchFolder()
        let server = try await RunningServer(folder.path("data"))
        try Self.send(0..<10, server)
        #expect(try await server.search("number", until: 10).count == 10)
        let tail = try ChildProcess(Binary.path, ["tail", "-n", "0", "-o", "raw", "--data", server.data])
        // Lines are sent until one is shown, as nobody says when a tail is there.
        var next = 10
        let isThere = try await holds {
            try Self.send(next..<next + 1, server)
            next += 1
            return !Self.numbers(tail).isEmpty
        }
        #expect(isThere && Self.numbers(tail).first ?? 0 >= 10)
    }

    @Test func `tail goes on after a restart of the server, without loss or doubles`() async throws {
        let folder = try ScratchFolder()
        var server = try await RunningServer(folder.path("data"))
        try Self.send(0..<5, server)
        #expect(try await server.search("number", until: 5).count == 5)
        let tail = try ChildProcess(
            Binary.path, ["tail", "number", "--no-limit", "-o", "raw", "--data", server.data])
        #expect(try await holds { Self.numbers(tail) == Array(0..<5) })
        try Self.send(5..<1_000, server)
        #expect(try await server.stop() == .exit(0))
        #expect(try await holds { tail.standardError.contains("is gone; trying again") })
        server = try await RunningServer(folder.path("data"))
        try Self.send(1_000..<2_000, server)
        #expect(try await holds { Self.numbers(tail).last == 1_999 })
        #expect(Self.numbers(tail) == Array(0..<2_000))
        try await server.kill()
        server = try await RunningServer(folder.path("data"))
        try Self.send(2_000..<2_100, server)
        #expect(try await holds { Self.numbers(tail).last == 2_099 })
        #expect(Self.numbers(tail) == Array(0..<2_100))
    }

    @Test func `who comes back after long gets each event once, and no raw line is more than one`()
        async throws
    {
        let folder = try ScratchFolder()
        let server = try await RunningServer(folder.path("data"))
        try Self.send(0..<5_000, server)
        try Wire.deliver(
            Array("<13>1 - h app - - - one\rid: 1\r\rtwo\n".utf8), port: server.tcp)
        #expect(try await server.search("two", until: 1).count == 1)
        let curl = try ChildProcess(
            "/usr/bin/curl",
            [
                "-sN", "-H", "Last-Event-ID: 0",
                "http://127.0.0.1:\(server.http)/api/v1/tail?q=*&output=raw&rate=0",
            ])
        var lines: [String] = []
        let isWhole = try await holds {
            lines = String(decoding: curl.standardOutput, as: UTF8.self).split(whereSeparator: \.isNewline)
                .map { String($0) }
            return lines.contains { $0.hasSuffix("two") }
        }
        #expect(isWhole)
        #expect(lines.filter { $0.contains("number") }.count == 5_000)
        // A CR of a line of log ends no event: what stands behind it is data, too.
        let ids = lines.filter { $0.hasPrefix("id:") }.compactMap { Int($0.dropFirst(4)) }
        #expect(Set(ids).count == ids.count && ids.count == 5_001, "\(ids.count)")
    }

    @Test func `a stop of the server waits for no tail`() async throws {
        let folder = try ScratchFolder()
        let server = try await RunningServer(folder.path("data"))
        try Self.send(0..<5, server)
        let tail = try ChildProcess(Binary.path, ["tail", "-o", "raw", "--data", server.data])
        #expect(try await holds { Self.numbers(tail).count == 5 })
        let start = ContinuousClock.now
        #expect(try await server.stop() == .exit(0))
        #expect(ContinuousClock.now - start < .seconds(10))
    }

    @Test func `tail without a server ends with 3`() async throws {
        let folder = try ScratchFolder()
        let result = try await CommandResult(["tail", "--data", folder.path("none")])
        #expect(result.code == 3)
    }
}

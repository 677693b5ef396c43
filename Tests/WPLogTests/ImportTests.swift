import Foundation
import TestSupport
import Testing

/// `wplog import` with real files, alone and through a server.
struct ImportTests {
    private static func run(_ arguments: [String]) async throws -> (
        ending: ChildProcess.Ending, error: String
    ) {
        let process = try ChildProcess(Binary.path, ["import"] + arguments)
        return (try await process.wait(seconds: 120), process.standardError)
    }

    /// Lines of an nginx error log; every third has a trace of two lines behind it.
    private static func log(_ numbers: Range<Int>) -> String {
        numbers.map { number in
            "2014/05/1\(number % 8) 10:56:49 [error] 1#1: *\(number) open() \"/x\" failed"
                + (number % 3 == 0 ? "\nStack trace:\n#0 {main}\n" : "\n")
        }.joined()
    }

    private static func gzip(_ path: String) async throws {
        let gzip = try #require(Binary.tool("gzip"))
        let process = try ChildProcess(gzip, ["-k", path])
        #expect(try await process.wait() == .exit(0))
    }

    private static func connections(_ data: String) async throws -> [Int] {
        try await RunningServer.search(data, ["*", "-n", "10000", "--since", "2014-01-01"])
            .compactMap { $0["connection_id"].flatMap { Int($0) } }.sorted()
    }

    @Test func `a file is taken once, plain or compressed, and then what it has grown by`() async throws {
        let folder = try ScratchFolder()
        let data = folder.path("data")
        try FileManager.default.createDirectory(
            atPath: folder.path("nginx"), withIntermediateDirectories: true)
        let path = try folder.write(Self.log(0..<300), "nginx/error.log")
        let first = try await Self.run([path, "--data", data, "--host", "web1", "--zone", "Europe/Berlin"])
        #expect(first.ending == .exit(0))
        #expect(first.error.contains("error.log: 300 events"))
        #expect(try await Self.connections(data) == Array(0..<300))
        let lines = try await RunningServer.search(data, ["connection_id:0", "--since", "2014-01-01"])
        #expect(lines.first?["host"] == "web1")
        #expect(lines.first?["program"] == "nginx")
        #expect(lines.first?["listener"] == "file")
        #expect(lines.first?["time"] == "2014-05-10T08:56:49Z")
        #expect(lines.first?["raw"]?.hasSuffix("failed\nStack trace:\n#0 {main}") == true)

        try await Self.gzip(path)
        for again in [path, path + ".gz"] {
            let (ending, error) = try await Self.run(
                [again, "--data", data, "--host", "web1", "--zone", "Europe/Berlin"])
            #expect(ending == .exit(0))
            #expect(error.contains("nothing new; its 300 events were taken before"), "\(error)")
        }
        _ = try folder.write(Self.log(0..<450), "nginx/error.log")
        let grown = try await Self.run([path, "--data", data, "--host", "web1"])
        #expect(grown.error.contains("150 events beyond the 300 taken before"), "\(grown.error)")
        #expect(try await Self.connections(data) == Array(0..<450))
    }

    /// Two files with the same first line are two files.
    @Test func `a file that only begins like another one is taken whole`() async throws {
        let folder = try ScratchFolder()
        let data = folder.path("data")
        let head = Self.log(1..<2)
        let one = try folder.write(head + Self.log(2..<50), "nginx.log")
        let other = try folder.write(head + Self.log(100..<130), "nginx.log.1")
        #expect(try await Self.run([one, "--data", data]).error.contains("49 events"))
        #expect(try await Self.run([other, "--data", data]).error.contains("31 events"))
        let both = try await Self.run([one, other, "--data", data])
        #expect(both.error.split(separator: "\n").allSatisfy { $0.contains("nothing new") }, "\(both.error)")
    }

    @Test func `after a kill of the server, the same command takes the rest, and no line twice`() async throws
    {
        let folder = try ScratchFolder()
        let path = try folder.write(Self.log(0..<30_000), "nginx-error.log")
        for round in 0..<1 {
            let data = folder.path("data-\(round)")
            let server = try await RunningServer(data)
            let importing = try ChildProcess(Binary.path, ["import", path, "--data", data])
            // Somewhere in the middle.
            _ = try await holds { try server.metric("wplog_events_received_total{listener=\"file\"}") > 0 }
            try await server.kill()
            let ending = try await importing.wait(seconds: 120)
            let next = try await RunningServer(data)
            let (second, error) = try await Self.run([path, "--data", data])
            #expect(second == .exit(0), "\(error)")
            // Where the first one was quick enough, nothing was left.
            #expect(ending == .exit(3) || error.contains("nothing new"), "\(ending) \(error)")
            let counted = try await next.search("* | count", "--since", "2014-01-01")
            #expect(counted.first?["count"] == "30000")
            let ids = try await next.search("* | count by connection_id", "--since", "2014-01-01")
            #expect(ids.allSatisfy { $0["count"] == "1" || $0["connection_id"] == "(others)" })
            #expect(try await next.stop() == .exit(0))
        }
    }

    @Test func `standard input is taken, and what cannot be read ends with 1`() async throws {
        let folder = try ScratchFolder()
        let data = folder.path("data")
        let path = try folder.write(Self.log(0..<10), "nginx.log")
        let shell = try ChildProcess(
            "/bin/sh", ["-c", "'\(Binary.path)' import - --program nginx --data '\(data)' < '\(path)'"])
        #expect(try await shell.wait(seconds: 60) == .exit(0))
        #expect(try await Self.connections(data) == Array(0..<10))

        try await Self.gzip(path)
        let whole = try Data(contentsOf: URL(filePath: path + ".gz"))
        try whole.dropLast(9).write(to: URL(filePath: path + ".gz"))
        let (ending, error) = try await Self.run(
            [folder.path("missing.log"), path + ".gz", "--data", folder.path("other")])
        #expect(ending == .exit(1))
        #expect(error.contains("missing.log: No such file"))
        #expect(error.contains("is damaged: it ends inside a compressed part"))
        #expect(try await Self.connections(folder.path("other")) == Array(0..<10))
        #expect(try await Self.run([path, "--zone", "Nowhere/Land", "--data", data]).ending == .exit(2))
    }

    /// Lines as dpkg, apt and update-alternatives write them, a file without dates, and one without years.
    private static func old(_ folder: ScratchFolder) throws -> [String] {
        let texts = [
            "dpkg.log":
                "2025-06-24 14:36:25 startup archives unpack\n2025-06-24 14:36:26 status installed a:all 1\n",
            "alternatives.log": "update-alternatives 2025-06-24 14:36:53: link group pager updated\n",
            "term.log": "\nLog started: 2025-06-24  14:36:25\nPreparing to unpack a.deb ...\n",
            "fonts.log": "/usr/share/fonts: caching, new cache contents\n",
            "auth.log.1":
                "Dec 30 10:00:01 web1 sshd[7]: session opened\nJan  2 03:04:05 web1 sshd[7]: session closed\n",
        ]
        let modified = try Date("2025-01-05T00:00:00Z", strategy: .iso8601)
        return try texts.keys.sorted().map { name in
            let path = try folder.write(texts[name] ?? "", name)
            try FileManager.default.setAttributes([.modificationDate: modified], ofItemAtPath: path)
            return path
        }
    }

    @Test(arguments: [true, false])
    func `no line is filed at the time of the import in silence`(_ isServed: Bool) async throws {
        let folder = try ScratchFolder()
        let data = folder.path("data")
        let server = isServed ? try await RunningServer(data) : nil
        let files = try Self.old(folder)
        let (ending, error) = try await Self.run(files + ["--zone", "UTC", "--data", data])
        #expect(ending == .exit(0))
        let general = "2 lines had a date that only the general rule could read (reason:general_time)"
        #expect(error.contains("dpkg.log: 2 events") && error.contains(general), "\(error)")
        #expect(error.contains("1 line had no date: filed under the time of the line before"), "\(error)")
        let found = try await RunningServer.search(
            data, ["*", "--since", "2000", "--until", "2100", "-n", "100"])
        let times = found.compactMap { $0["time"] }.sorted()
        #expect(
            times == [
                "2024-12-30T10:00:01Z", "2025-01-02T03:04:05Z", "2025-01-05T00:00:00Z",
                "2025-06-24T14:36:25Z",
                "2025-06-24T14:36:25Z", "2025-06-24T14:36:25Z", "2025-06-24T14:36:26Z",
                "2025-06-24T14:36:53Z",
            ])
        let again = try await Self.run(files + ["--zone", "UTC", "--data", data])
        #expect(
            again.error.split(separator: "\n").allSatisfy { $0.contains("nothing new") }, "\(again.error)")
        if let server { #expect(try await server.stop() == .exit(0)) }
    }

    @Test(arguments: [true, false]) func `the year can be given`(_ isServed: Bool) async throws {
        let folder = try ScratchFolder()
        let data = folder.path("data")
        let server = isServed ? try await RunningServer(data) : nil
        let path = try folder.write("Dec 31 10:00:01 web1 app: x\nJan  2 03:04:05 web1 app: y\n", "app.log")
        let (ending, error) = try await Self.run([path, "--year", "2019", "--zone", "UTC", "--data", data])
        #expect(ending == .exit(0), "\(error)")
        let found = try await RunningServer.search(data, ["*", "--since", "2000", "--until", "2100"])
        #expect(found.compactMap { $0["time"] }.sorted() == ["2019-01-02T03:04:05Z", "2019-12-31T10:00:01Z"])
        #expect(try await Self.run([path, "--year", "19", "--data", data]).ending == .exit(2))
        if let server { #expect(try await server.stop() == .exit(0)) }
    }
}

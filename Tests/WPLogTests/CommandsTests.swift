import Foundation
import Glibc
import Index
import TestSupport
import Testing

struct CommandsTests {
    @Test func `hosts, fields and values are the same from a server and from its directory`() async throws {
        let filled = try await FilledServer()
        let commands = [
            ["hosts", "-o", "csv"], ["hosts", "--silent", "-o", "csv"], ["fields", "-o", "tsv"],
            ["values", "status", "-o", "tsv"], ["values", "host", "d", "-o", "json"],
            ["values", "status", "-n", "1"],
        ]
        func answers() async throws -> [String] {
            var answers: [String] = []
            for command in commands {
                let result = try await CommandResult(command + ["--data", filled.server.data])
                #expect(result.code == 0 && result.error == "", "\(command): \(result.error)")
                answers.append(result.output)
            }
            return answers
        }
        let served = try await answers()
        #expect(
            served[0].hasPrefix(
                "host,state,last_seen,first_seen,events,rate,programs,skew,clock,also\ndb1,ok,"))
        #expect(served[1] == "host,state,last_seen,first_seen,events,rate,programs,skew,clock,also\n")
        #expect(served[2].contains("\nstatus\tnumber\t"))
        #expect(served[3] == "status\tcount\tpercent\n200\t2\t40\n404\t1\t20\n500\t1\t20\n502\t1\t20\n")
        #expect(served[4] == "{\"host\":\"db1\",\"count\":8,\"percent\":100}\n")
        #expect(served[5] == "status  count  percent\n   200      2     40.0\n")
        #expect(try await filled.server.stop() == .exit(0))
        #expect(try await answers() == served)
    }

    @Test func `a silent host ends hosts -e with 1`() async throws {
        let filled = try await FilledServer()
        #expect(try await filled.run("hosts", "-e").code == 0)
        // What counts is when its lines arrived, and these did a day ago; their clock was right then, or far ahead.
        let folder = try ScratchFolder()
        let data = folder.path("data")
        let received = Clock.now() - 86_400_000_000_000
        let store = try Store(directory: data, parser: LineBatch.parser) { received }
        var maker = LineBatch()
        for (host, ahead) in [("ahead", 172_800.0), ("gone", 0)] {
            for minute in 0..<3 {
                let time = Date(timeIntervalSinceNow: Double(-86_400 + 60 * minute) + ahead).formatted(
                    .iso8601)
                let line = Array("<13>1 \(time) \(host) app - - - old \(minute)".utf8)
                try store.append(maker.batch([line], received: received + Int64(minute) * 60_000_000_000))
            }
        }
        store.close()
        let silent = try await CommandResult(["hosts", "--silent", "-e", "-o", "tsv", "--data", data])
        #expect(silent.code == 1)
        #expect(silent.lines.count == 3 && silent.lines[1].hasPrefix("ahead\tsilent\t"), "\(silent.output)")
        #expect(silent.lines.last?.hasPrefix("gone\tsilent\t") == true)
    }

    @Test func `an unknown field is named`() async throws {
        let filled = try await FilledServer()
        let served = try await filled.run("values", "stauts")
        #expect(served.code == 2 && served.error.contains("stauts") && served.error.contains("wplog fields"))
        try await filled.server.kill()
        let alone = try await filled.run("values", "stauts")
        #expect(alone.code == 2 && alone.error.contains("stauts") && alone.error.contains("wplog fields"))
    }

    @Test func `stats has a table for each thing that there is`() async throws {
        let filled = try await FilledServer()
        let text = try await filled.run("stats")
        #expect(text.code == 0 && text.error == "")
        #expect(text.output.contains(" … now: 13 events, "), "\(text.output)")
        #expect(
            text.output.contains(
                "\n\nHosts\nhost  count  percent\ndb1       8     61.5\nweb1      5     38.5\n"))
        #expect(
            text.output.contains("\n\nPaths\npath  count  percent\n/a        2     40.0\n"), "\(text.output)")
        #expect(!text.output.contains("did not parse"))
        let json = try await filled.run("stats", "-o", "json").object
        #expect(json["events"] as? Int == 13)
        let keys = [
            "by_host", "by_level", "by_path", "by_program", "by_status", "events", "from", "parse_failures",
            "rate",
            "slowest", "to",
        ]
        #expect(json.keys.sorted() == keys)
        let slowest = (json["slowest"] as? [[String: Any]])?.first
        #expect(slowest?["path"] as? String == "/c" && slowest?["p95"] as? Double == 4)
        let some = try await filled.run("report", "status:5xx", "-o", "json").object
        #expect(some["events"] as? Int == 2)
    }

    @Test func `stats with stages is a search, and none is 1 with -e`() async throws {
        let filled = try await FilledServer()
        let counted = try await filled.run("stats", "status:* | count by status", "-o", "tsv", "-q")
        #expect(counted.output == "status\tcount\n200\t2\n404\t1\n500\t1\n502\t1\n" && counted.error == "")
        #expect(try await filled.run("stats", "nowhere").code == 0)
        #expect(try await filled.run("stats", "nowhere", "-e").code == 1)
        let wrong = try await filled.run("stats", "stauts:1")
        #expect(wrong.code == 2)
        #expect(wrong.error.contains("\n  stauts:1\n  ^\n"), "\(wrong.error)")
    }

    @Test func `explain --query says the reading, the window and the plan`() async throws {
        let filled = try await FilledServer()
        func explain() async throws -> CommandResult {
            try await filled.run(
                "explain", "--query", "status:5xx web1", "--since", "2026-01-01", "--until", "2026-01-02")
        }
        let served = try await explain()
        #expect(served.code == 0)
        #expect(served.lines.first == "query     status:5xx AND web1")
        #expect(served.output.contains("2026-01-01T00:00:00Z … 2026-01-02T23:59:59.999999999Z"))
        #expect(served.output.contains("\nindex     word web1\n"), "\(served.output)")
        try await filled.server.kill()
        #expect(try await explain().output == served.output)
        let wrong = try await filled.run("explain", "--query", "status:abc")
        #expect(wrong.code == 2 && wrong.error.contains("\n  status:abc\n"))
        #expect(try await filled.run("explain").code == 2)
        #expect(try await filled.run("explain", "a line", "--query", "x").code == 2)
    }

    @Test func `status is one screen, or JSON`() async throws {
        let filled = try await FilledServer()
        let status = try await filled.run("status")
        #expect(status.code == 0)
        let heads = Set(status.lines.compactMap { $0.split(separator: " ").first.map { String($0) } })
        let wanted = ["server", "state", "since", "data", "listening", "received", "dropped", "connections"]
        #expect(heads.isSuperset(of: wanted), "\(status.output)")
        #expect(status.output.contains("tcp           13 events"), "\(status.output)")
        let json = try await filled.run("status", "--json").object
        #expect(json["state"] as? String == "ready")
        #expect((json["events_received"] as? [String: Int])?["tcp"] == 13)
        let listeners = json["listeners"] as? [[String: String]]
        #expect(
            listeners?.map { $0["address"] } == [
                "127.0.0.1:\(filled.server.udp)", "127.0.0.1:\(filled.server.tcp)",
            ])
        try await filled.server.kill()
        #expect(try await filled.run("status").code == 3)
    }

    @Test func `top off a terminal is one table`() async throws {
        let filled = try await FilledServer()
        let wire = try Wire(.tcp, port: filled.server.tcp)
        var top = try await filled.run("top")
        // On a busy machine the lines may be older than ten seconds by now.
        let isShown = try await holds(within: 60) {
            wire.send("<13>1 - db1 app - - - now\n")
            top = try await filled.run("top")
            return top.output.contains("\ndb1   app  ")
        }
        #expect(isShown && top.code == 0 && top.output.contains("HOST  PROGRAM   EVENTS/S   FAILED/S\n"))
        #expect(!top.output.contains("\u{1B}"))
    }

    @Test func `doctor names what it finds`() async throws {
        let filled = try await FilledServer()
        let wire = try Wire(.tcp, port: filled.server.tcp)
        for number in 0..<30 { wire.send("<190>1 - web1 nginx - - - no access line \(number)\n") }
        #expect(try await filled.server.search("parse:failed", until: 30).count == 30)
        let doctor = try await filled.run("doctor", "--json")
        let findings = (try doctor.json as? [[String: Any]]) ?? []
        func severity(_ check: String) -> String? {
            findings.first { $0["check"] as? String == check }?["severity"] as? String
        }
        #expect(severity("server") == "ok" && severity("sqlite") == "ok" && severity("data") == "ok")
        #expect(severity("parsing") == "warning", "\(doctor.output)")
        let isError = findings.contains { $0["severity"] as? String == "error" }
        #expect(doctor.code == (isError ? 2 : 1))
        let fix = findings.first { $0["check"] as? String == "parsing" }?["fix"] as? String
        #expect(fix?.contains("wplog unparsed --top") == true)
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: filled.server.data)
        try await filled.server.kill()
        let alone = try await filled.run("doctor")
        #expect(alone.code == 2)
        #expect(alone.output.contains("error   server       nobody serves"), "\(alone.output)")
        #expect(alone.output.contains("is open to others (755)\n                     fix: chmod 700 "))
    }

    @Test func `an answer of one connection is followed by another`() async throws {
        let filled = try await FilledServer()
        let body = "query=*&all=1&output=raw"
        let request =
            "POST /api/v1/search HTTP/1.1\r\nHost: x\r\nContent-Length: \(body.utf8.count)\r\n"
            + "Content-Type: application/x-www-form-urlencoded\r\n"
        let first = "\(request)\r\n\(body)"
        let answer = try HTTPAnswer.of(
            first + "\(request)Connection: close\r\n\r\n\(body)", port: filled.server.http)
        #expect(answer.text.components(separatedBy: "level 7").count == 3)
        #expect(answer.text.components(separatedBy: "HTTP/1.1 200 OK").count == 2)
    }

    @Test func `a killed search ends, and a closed pipe is no failure`() async throws {
        let filled = try await FilledServer()
        let closed = try ChildProcess(
            Binary.path, ["search", "--all", "--data", filled.server.data], output: .closedPipe)
        #expect(try await closed.wait() == .exit(0) && closed.standardError == "")
        let tail = try ChildProcess(Binary.path, ["search", "-f", "--data", filled.server.data])
        #expect(try await holds { tail.standardOutput.count > 0 })
        tail.send(SIGINT)
        #expect(try await tail.wait() == .signal(SIGINT))
    }
}

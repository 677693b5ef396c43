import Foundation
import Testing

/// Formats that users describe in the settings file.
struct UserFormatTests {
    private static let shop = #"""
        [[format]]
        name = "shop"
        programs = ["shop", "shop-*"]
        patterns = ['%{SHOPTIME:at} \[%{WORD:level}\] %{SHOPID:order} took=%{NUMBER:took}ms (?<message>.*)']
        definitions = { SHOPTIME = '\d{2}\.\d{2}\.\d{4} \d{2}:\d{2}:\d{2}', SHOPID = '[A-Z]{3}-\d+' }
        time = "at"
        time_format = ["%d.%m.%Y %H:%M:%S"]
        zone = "Europe/Berlin"
        types = { took = "float" }
        fields = { order = "order_id" }
        begins = '^\d{2}\.\d{2}\.'

        [[format]]
        name = "ledger"
        programs = "ledger"
        hosts = ["bank*"]
        listeners = ["file"]
        body = "json"
        time = "when"
        level = "lvl"
        fields = { who = "user" }
        """#

    private static func parse(
        _ line: String, _ arguments: [String], _ config: String
    ) async throws -> [String: Any] {
        let folder = try ScratchFolder()
        let file = try folder.write(line + "\n", "line")
        let command =
            "'\(Binary.path)' parse --config '\(config)' \(arguments.joined(separator: " ")) < '\(file)'"
        let process = try ChildProcess("/bin/sh", ["-c", command])
        #expect(try await process.wait(seconds: 60) == .exit(0), "\(process.standardError)")
        let object = try JSONSerialization.jsonObject(with: process.standardOutput)
        return object as? [String: Any] ?? [:]
    }

    @Test func `patterns, definitions, time, zone, types and names of a format hold`() async throws {
        let folder = try ScratchFolder()
        let config = try folder.write(Self.shop, "wplog.toml")
        let event = try await Self.parse(
            "21.07.2026 10:00:00 [warn] ABC-12 took=3.5ms payment slow", ["--program", "shop-eu"], config)
        #expect(event["parser"] as? String == "shop")
        #expect(event["time"] as? String == "2026-07-21T08:00:00Z")
        #expect(event["level"] as? String == "warning")
        #expect(event["order_id"] as? String == "ABC-12")
        #expect(event["message"] as? String == "payment slow")
        let other = try await Self.parse("21.07.2026 [warn]", ["--program", "shop"], config)
        #expect(other["parse"] as? String == "failed")
    }

    @Test func `a JSON body, and which hosts it is for`() async throws {
        let folder = try ScratchFolder()
        let config = try folder.write(Self.shop, "wplog.toml")
        let line = #"{"when":"2026-11-21T10:00:00Z","lvl":"error","who":"ann","x":{"y":1}}"#
        let event = try await Self.parse(line, ["--program", "ledger", "--host", "bank1"], config)
        #expect(event["parser"] as? String == "ledger")
        #expect(event["user"] as? String == "ann")
        #expect(event["time"] as? String == "2026-11-21T10:00:00Z")
        let other = try await Self.parse(line, ["--program", "ledger", "--host", "shop"], config)
        #expect(other["parser"] as? String == "json")
        #expect(other["who"] as? String == "ann")
    }

    @Test(
        arguments: [
            ("SHOPID:order", "SHOPDI:order", "Did you mean %{SHOPID}?"),
            ("\"float\"", "\"flaot\"", "is no type"),
            ("hosts =", "host =", "there is no key \"host\" in a format"),
            ("begins = '", "begins = '(", "format shop, begins:1:1: this ( has no closing )"),
            ("listeners = [\"file\"]", "listeners = [\"tpc\"]", "is no listener"),
            ("zone = \"Europe/Berlin\"", "zone = \"Europe/Bern1\"", "is no time zone"),
            ("body = \"json\"", "body = \"xml\"", "must be json or pairs"),
            ("name = \"ledger\"", "name = \"shop\"", "stands at"),
            ("programs = \"ledger\"", "", "needs programs"),
        ])
    func `a mistake is told with file and line, and the server does not start`(
        _ right: String, _ wrong: String, _ message: String
    ) async throws {
        let folder = try ScratchFolder()
        let config = try folder.write(Self.shop.replacing(right, with: wrong), "wplog.toml")
        let process = try ChildProcess(
            Binary.path,
            ["serve", "--config", config, "--data", folder.path("data"), "--http", "127.0.0.1:0"])
        #expect(try await process.wait() == .exit(2))
        #expect(process.standardError.contains(message), "\(process.standardError)")
        #expect(process.standardError.contains("wplog.toml:"), "\(process.standardError)")
    }

    /// SIGHUP takes good settings, and leaves the old ones where they are bad.
    @Test func `formats are read anew while lines come in, and lines of one event are joined`() async throws {
        let folder = try ScratchFolder()
        let config = try folder.write(Self.shop, "wplog.toml")
        let server = try await RunningServer(folder.path("data"), ["--config", config])
        let wire = try Wire(.tcp, port: server.tcp)
        let minute = ISO8601DateFormatter().string(from: Date())
        func send(_ text: String) { wire.send("<13>1 \(minute) h shop 1 - - \(text)\n") }
        send("21.11.2026 10:00:00 [warn] ABC-1 took=1ms first")
        send("  at line 5")
        let first = try await server.search("order_id:ABC-1", until: 1)
        #expect(first.first?["raw"]?.hasSuffix("first\n  at line 5") == true)

        _ = try folder.write(Self.shop.replacing("begins = '", with: "begins = '("), "wplog.toml")
        server.process.send(SIGHUP)
        #expect(try await server.search("program:wplog \"stay as they were\"", until: 1).count == 1)
        send("21.11.2026 10:00:01 [warn] ABC-2 took=1ms second")
        #expect(try await server.search("order_id:ABC-2", until: 1).count == 1)

        _ = try folder.write(Self.shop.replacing("order_id", with: "order_number"), "wplog.toml")
        server.process.send(SIGHUP)
        #expect(try await server.search("program:wplog \"read anew\"", until: 1).count == 1)
        send("21.11.2026 10:00:02 [warn] ABC-3 took=1ms third")
        #expect(try await server.search("order_number:ABC-3", until: 1).count == 1)
        #expect(try await server.stop() == .exit(0))
    }
}

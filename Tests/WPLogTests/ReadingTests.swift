import Foundation
import Testing

/// The commands that show how lines are read: parse, grok, test, explain, unparsed.
struct ReadingTests {
    private struct Outcome {
        let ending: ChildProcess.Ending
        let output: String
        let error: String

        /// Standard output, a JSON object a line; nil for a line that is `null`.
        var objects: [[String: Any]?] {
            output.split(separator: "\n").map {
                (try? JSONSerialization.jsonObject(with: Data($0.utf8))) as? [String: Any]
            }
        }
    }

    /// Runs wplog with a file as standard input.
    private static func run(
        _ arguments: [String], input: String = "", _ folder: ScratchFolder
    ) async throws -> Outcome {
        let file = try folder.write(input, "input-\(UUID().uuidString)")
        let quoted = ([Binary.path] + arguments).map { "'\($0.replacing("'", with: "'\\''"))'" }
        let process = try ChildProcess("/bin/sh", ["-c", quoted.joined(separator: " ") + " < '\(file)'"])
        let ending = try await process.wait(seconds: 60)
        return Outcome(
            ending: ending, output: String(decoding: process.standardOutput, as: UTF8.self),
            error: process.standardError)
    }

    private static let access =
        #"10.0.0.1 - - [22/Nov/2026:10:00:00 +0000] "GET /a%20b?c=1 HTTP/1.1" 404 12 "-" "curl/8""#

    // MARK: parse

    /// A blank line is none, as on the server.
    @Test func `parse gives one JSON event a line, also for lines that are none`() async throws {
        let folder = try ScratchFolder()
        let lines = [Self.access, "", "\u{1}\u{2} nothing", "{\"a\":", Self.access]
        let result = try await Self.run(
            ["parse", "--program", "nginx", "--host", "web1"], input: lines.joined(separator: "\n"), folder)
        #expect(result.ending == .exit(0))
        try #require(result.objects.count == lines.count - 1)
        #expect(result.objects[0]?["status"] as? Int == 404)
        #expect(result.objects[0]?["host"] as? String == "web1")
        #expect(result.objects[1]?["parse"] as? String == "failed")
        #expect(result.objects.map { $0?["raw"] as? String } == lines.filter { !$0.isEmpty })
    }

    @Test func `parse joins lines of one event, and keeps the order`() async throws {
        let folder = try ScratchFolder()
        let error =
            #"2026/11/22 10:00:00 [error] 1#1: *2 FastCGI sent in stderr: "PHP message: PHP Fatal error:  x"#
        let lines = [error, "#0 {main}", "  thrown in /a.php", Self.access, error]
        let result = try await Self.run(
            ["parse", "--program", "nginx"], input: lines.joined(separator: "\n"), folder)
        #expect(
            result.objects.map { $0?["raw"] as? String }
                == [lines[0...2].joined(separator: "\n"), Self.access, error])
    }

    @Test
    func `parse has names of the Elastic Common Schema, a zone, a format, and lines that end with zero`()
        async throws
    {
        let folder = try ScratchFolder()
        let ecs = try await Self.run(["parse", "--program", "nginx", "--ecs"], input: Self.access, folder)
        #expect(ecs.objects[0]?["url.path"] as? String == "/a b")
        #expect(ecs.objects[0]?["http.response.status_code"] as? Int == 404)
        let error = "2026/07/01 12:00:00 [error] 1#1: *2 a\nb, client: 10.0.0.1, server: s\0"
        let zoned = try await Self.run(
            ["parse", "-0", "--format", "nginx-error", "--zone", "Europe/Berlin"], input: error, folder)
        #expect(zoned.objects.count == 1)
        #expect(zoned.objects[0]?["message"] as? String == "a\nb")
        #expect(zoned.objects[0]?["time"] as? String == "2026-07-01T10:00:00Z")
        let unknown = try await Self.run(["parse", "--format", "nginx-eror"], input: error, folder)
        #expect(unknown.ending == .exit(2))
        #expect(unknown.error.contains("there is no format \"nginx-eror\""))
    }

    // MARK: grok

    @Test func `grok gives captures with their types, and null`() async throws {
        let folder = try ScratchFolder()
        let result = try await Self.run(
            ["grok", "%{IP:[source][ip]} %{WORD:verb} (?<rest>.*) %{NUMBER:took:float}"],
            input: "10.0.0.1 GET /x y 1.50\nno match\n::1 PUT z 2\n", folder)
        #expect(result.ending == .exit(0))
        #expect(
            result.output == """
                {"source.ip":"10.0.0.1","verb":"GET","rest":"/x y","took":1.50}
                null
                {"source.ip":"::1","verb":"PUT","rest":"z","took":2}

                """)
    }

    @Test func `grok takes folders of patterns, and explains`() async throws {
        let folder = try ScratchFolder()
        try FileManager.default.createDirectory(atPath: folder.path("p"), withIntermediateDirectories: true)
        _ = try folder.write("# ours\nSHOP [A-Z]{3}-\\d+\nWORD [a-z]+\n", "p/shop")
        let result = try await Self.run(
            ["grok", "--explain", "--patterns", folder.path("p"), "%{SHOP:id} %{WORD:w}$"],
            input: "see ABC-12 abc\nABC-12 DEF\n", folder)
        #expect(result.objects[0]?["id"] as? String == "ABC-12")
        #expect(result.objects[1]?["matched"] as? Bool == false)
        #expect(result.objects[1]?["line_next"] as? String == "DEF")
        let inline = try await Self.run(
            ["grok", "%{ID:[a][id]?} %{REST:rest}", "--define", "ID [A-Z]+-[0-9]+", "--define", "REST .*"],
            input: "AB-1 x y\n", folder)
        #expect(inline.output == "{\"a.id\":\"AB-1\",\"rest\":\"x y\"}\n", "\(inline.error)")
        let bad = try await Self.run(["grok", "%{SHPO:id}", "--patterns", folder.path("p")], folder)
        #expect(bad.ending == .exit(2))
        #expect(bad.error.contains("Did you mean %{SHOP}?"))
        #expect(bad.error.contains("\n      ^"))
    }

    // MARK: test

    @Test func `test compares rows, and ends with 1 where one is wrong`() async throws {
        let folder = try ScratchFolder()
        func row(_ status: Int) -> String {
            let line = Self.access.replacing("\"", with: "\\\"")
            return
                "{\"id\":\"r\(status)\",\"format\":\"nginx\",\"program\":\"nginx\",\"line\":\"\(line)\","
                + "\"expected\":{\"http.response.status_code\":\(status),\"user.name\":null}}\n"
        }
        let right = try folder.write(row(404), "right.ndjson")
        let fine = try await Self.run(["test", right], folder)
        #expect(fine.ending == .exit(0))
        #expect(fine.output.contains("nginx         1        1        0        0    100.0"))
        let wrong = try folder.write(row(404) + row(200), "wrong.ndjson")
        let result = try await Self.run(["test", "-v", wrong], folder)
        #expect(result.ending == .exit(1))
        #expect(result.output.contains("wrong.ndjson:2  r200"))
        #expect(result.output.contains("http.response.status_code: expected 200, got \"404\""))
        let broken = try folder.write("{\"line\":", "broken.ndjson")
        #expect(try await Self.run(["test", broken], folder).ending == .exit(2))
    }

    // MARK: explain, unparsed

    @Test func `explain says how far a pattern got`() async throws {
        let folder = try ScratchFolder()
        let line = "<190>Nov 22 10:00:00 docs nginx: " + Self.access.replacing(" 12 ", with: " 12x ")
        let result = try await Self.run(["explain", line], folder)
        #expect(result.ending == .exit(0))
        #expect(result.output.contains("syslog RFC 3164, PRI 190 (local7.info), host docs, program nginx"))
        #expect(result.output.contains("none took the message: parse failed (no_match)"))
        #expect(result.output.contains("saw \"x\""))
        #expect(result.output.contains("status=404"))
        #expect(result.output.contains("nginx-error: does not look like it"))
        let rows = result.output.split(separator: "\n").map { String($0) }
        let caret = try #require(rows.firstIndex { $0.contains("^ expected") })
        let place = try #require(rows[caret].firstIndex(of: "^"))
        #expect(rows[caret - 1][place...].hasPrefix("12x") || rows[caret - 1][place...].hasPrefix("x"))
    }

    /// A line may hold what would drive a terminal: in its host, its program, its keys and its values.
    @Test func `nothing of a line reaches the terminal as it is`() async throws {
        let folder = try ScratchFolder()
        let lines = [
            "<13>1 - h\u{1B}[31m nginx - - - \u{1B}]0;title\u{7} \u{202E}x",
            "{\"a\\u001b[31m\":\"b\\u001b[32m\"}", "<13>Nov 22 10:00:00 h\u{7} p\u{1B}[1m: x",
        ]
        for line in lines {
            let result = try await Self.run(["explain", line], folder)
            #expect(result.ending == .exit(0))
            let isShown = result.output.unicodeScalars.allSatisfy {
                $0 == "\n" || $0.value >= 0x20 && $0.value != 0x7F && !$0.properties.isBidiControl
            }
            #expect(isShown, "\(result.output.debugDescription)")
        }
    }

    @Test func `what did not parse is listed by shape, becomes a test, and is explained by its id`()
        async throws
    {
        let folder = try ScratchFolder()
        let data = folder.path("data")
        let lines = (1...5).map { "10.0.0.\($0) went /page\($0) away" } + ["quite other", Self.access]
        let log = try folder.write(lines.joined(separator: "\n"), "nginx.log")
        #expect(try await Self.run(["import", log, "--data", data], folder).ending == .exit(0))

        let top = try await Self.run(["unparsed", "--top", "--data", data], folder)
        #expect(top.ending == .exit(0))
        #expect(top.output.contains("      5  nginx"))
        #expect(top.output.contains("# went /# away"))
        #expect(top.output.contains("      1  nginx"))

        let tests = try await Self.run(["unparsed", "--to-test", "--data", data], folder)
        #expect(tests.objects.count == 2)
        let file = try folder.write(tests.output, "t.ndjson")
        #expect(try await Self.run(["test", file], folder).ending == .exit(0))

        let id = try #require(tests.objects.last??["id"] as? String)
        let explained = try await Self.run(["explain", id, "--data", data], folder)
        #expect(explained.output.contains("quite other"))
        let none = try await Self.run(["explain", "2026-11-22-999", "--data", data], folder)
        #expect(none.ending == .exit(2))
        #expect(none.error.contains("there is no event 2026-11-22-999"))
        let fine = try await Self.run(["unparsed", "status:404", "--data", data], folder)
        #expect(fine.output == "")
        #expect(fine.error.contains("every line was parsed"))
    }
}

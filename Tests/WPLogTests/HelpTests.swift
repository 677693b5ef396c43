import Foundation
import Testing

struct HelpTests {
    @Test func `every example of the language's card is a query`() async throws {
        let folder = try ScratchFolder()
        let server = try await RunningServer(folder.path("data"))
        let card = try await CommandResult(["help", "query"])
        #expect(card.code == 0 && card.lines.count <= 60)
        #expect(card.lines.allSatisfy { $0.count <= 80 })
        let examples = card.lines.filter { $0.hasPrefix("  ") && !$0.hasPrefix("   ") }
            .map { $0.dropFirst(2).components(separatedBy: "  ")[0] }
        #expect(examples.count > 30)
        for example in examples {
            let result = try await CommandResult(["explain", "--query", example, "--data", server.data])
            #expect(result.code == 0, "\(example): \(result.error)")
        }
    }

    @Test func `wplog alone says what it is, and where to read on`() async throws {
        let alone = try await CommandResult([])
        #expect(alone.code == 0 && alone.error == "")
        #expect(alone.lines.count <= 10 && alone.output.contains("wplog help query"))
        #expect(try await CommandResult(["version"]).output == "wplog 0.1.0\n")
        #expect(try await CommandResult(["--version"]).output == "0.1.0\n")
    }

    @Test(arguments: [
        (["serach", "x"], "did you mean search?"), (["hots"], "did you mean hosts?"),
        (["help", "tial"], "did you mean tail?"), (["frobnicate"], "there is no command \"frobnicate\"."),
    ])
    func `an unknown command is named, with the nearest one`(_ arguments: [String], _ text: String)
        async throws
    {
        let result = try await CommandResult(arguments)
        #expect(result.code == 2 && result.output == "" && result.error.contains(text), "\(result.error)")
    }

    /// Every command, by its help.
    @Test(arguments: [
        "serve", "search", "tail", "stats", "hosts", "fields", "values", "status", "top", "doctor", "check",
        "config",
        "import", "backup", "restore", "explain", "unparsed", "reparse", "parse", "grok", "test",
        "completion", "version",
    ])
    func `help shows examples before options, in 80 columns`(_ command: String) async throws {
        let help = try await CommandResult(["help", command], environment: ["COLUMNS": "80"])
        #expect(help.code == 0 && help.error == "")
        let usage = help.lines.firstIndex { $0.hasPrefix("USAGE:") } ?? 0
        let example = help.lines.firstIndex { $0.hasPrefix("wplog \(command)") } ?? .max
        #expect(example < usage || command == "version", "\(help.output)")
        let about = try await CommandResult([command, "--help"], environment: ["COLUMNS": "80"])
        #expect(about.output == help.output)
    }

    @Test func `completion asks the index, cut at a colon as bash does, or whole`() async throws {
        let filled = try await FilledServer()
        func complete(_ shell: String, _ words: String...) async throws -> [String] {
            let last = words.last ?? ""
            let arguments =
                [
                    "---completion", "search", "--", "positional@0", String(words.count - 1),
                    String(last.count),
                ]
                + words
            return try await CommandResult(
                arguments, environment: ["SAP_SHELL": shell, "WPLOG_DATA": filled.server.data]
            ).lines
        }
        #expect(try await complete("bash", "wplog", "search", "host", ":", "d") == ["db1"])
        #expect(try await complete("bash", "wplog", "search", "host", ":") == ["db1", "web1"])
        #expect(
            try await complete("bash", "wplog", "search", "'level:info host:w") == ["level:info host:web1"])
        #expect(try await complete("fish", "wplog", "search", "host:d") == ["host:db1"])
        #expect(try await complete("fish", "wplog", "search", "-host:d") == ["-host:db1"])
        #expect(try await complete("fish", "wplog", "search", "metho") == ["method:"])
        #expect(try await complete("fish", "wplog", "search", "* | histo") == ["* | histogram"])
        for shell in ["bash", "zsh", "fish"] {
            let script = try await CommandResult(["completion", shell])
            #expect(script.code == 0 && script.output.contains("completion"))
        }
        #expect(try await CommandResult(["completion", "tcsh"]).code == 2)
    }
}

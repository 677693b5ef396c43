import ArgumentParser
import Query

/// The command wplog doctor.
struct Doctor: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Look for what is wrong with the server, its disk, its kernel and its senders.",
        discussion: """
            wplog doctor
            wplog doctor --json | jq '.[] | select(.severity != "ok")'

            Each finding has its evidence and one command that mends it. Exit codes: 0 all is well, 1 warnings,
            2 errors. What lies on this machine is looked at only where the server runs here, too.
            """)

    @Flag(help: "One JSON array.")
    var json = false

    @OptionGroup var source: SourceOptions

    mutating func run() async throws {
        let findings = await Examination(self.source).findings()
        let text = json ? Self.json(findings) : Array(findings.map(\.text).joined().utf8)
        try Output.write(text)
        let worst = findings.map(\.severity.rawValue).max() ?? 0
        if worst > 0 { throw ExitCode(number: worst, message: nil) }
    }

    private static func json(_ findings: [Finding]) -> [UInt8] {
        var json = JSONText()
        json.array { json in
            for finding in findings {
                json.object { json in
                    json.key("check")
                    json.string(finding.check)
                    json.key("severity")
                    json.string("\(finding.severity)")
                    json.key("evidence")
                    json.string(finding.evidence)
                    json.key("fix")
                    if let fix = finding.fix { json.string(fix) } else { json.null() }
                }
            }
        }
        json.endLine()
        return json.bytes
    }
}

/// One thing that was looked at.
struct Finding {
    enum Severity: Int32 {
        case ok, warning, error
    }

    let severity: Severity
    /// One word that programs can rely on.
    let check: String
    /// What was seen.
    let evidence: String
    /// A command that mends it.
    var fix: String?

    init(_ severity: Severity, _ check: String, _ evidence: String, fix: String? = nil) {
        self.severity = severity
        self.check = check
        self.evidence = String(decoding: ResultText.printable(Array(evidence.utf8)), as: UTF8.self)
        self.fix = severity == .ok ? nil : fix
    }

    /// A line, and one for the way out.
    var text: String {
        Words.padded("\(severity)", 8) + Words.padded(check, 13) + evidence + "\n"
            + (fix.map { String(repeating: " ", count: 21) + "fix: \($0)\n" } ?? "")
    }
}

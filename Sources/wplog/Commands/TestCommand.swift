import ArgumentParser

/// The command wplog test.
struct TestCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "test",
        abstract: "Check that lines are read as test files say.",
        discussion: """
            wplog test ./tests/myapp.ndjson
            wplog test -v ./tests

            A row is one JSON object a line: {"id":"1","format":"nginx-access","program":"nginx","line":"…",
            "expected":{"http.response.status_code":200,"user.name":null}}. Only the keys in expected are looked at.
            Ends with 1 where a row is wrong.
            """)

    @Argument(help: ArgumentHelp("Test files, and folders of .ndjson files.", valueName: "path"))
    var paths: [String]

    @Flag(name: [.short, .long], help: "Show each difference.")
    var verbose = false

    @OptionGroup var options: FormatOptions

    mutating func run() throws {
        var check = TruthCheck(try options.formats())
        var table: [String: Count] = [:]
        var skipped: [String: Int] = [:]
        var text = ""
        for file in try paths.flatMap({ try TruthRow.files($0) }) {
            for (place, row) in try TruthRow.load(file) {
                let verdict = try check.check(row)
                let format = row.format ?? row.kind ?? "-"
                for key in verdict.skipped { skipped["\(format) \(key)", default: 0] += 1 }
                table[format, default: Count()].rows += 1
                if verdict.isRowSkipped { table[format, default: Count()].skipped += 1 }
                if verdict.differences.isEmpty { continue }
                table[format, default: Count()].wrong += 1
                guard verbose else { continue }
                text += "\(place)  \(row.id ?? row.name ?? "")\n"
                text += "    line      \(Self.excerpt(row.line ?? row.input ?? ""))\n"
                for difference in verdict.differences { text += "    \(Self.excerpt(difference))\n" }
            }
        }
        try Output.write(Array((text + Self.summary(table, skipped)).utf8))
        let wrong = table.values.reduce(0) { $0 + $1.wrong }
        if wrong > 0 {
            throw ExitCode(number: 1, message: verbose ? nil : "\(wrong) rows are wrong; -v shows them")
        }
    }

    /// Rows of one format.
    private struct Count {
        var rows = 0
        var wrong = 0
        /// Of which nothing could be compared.
        var skipped = 0
    }

    private static func summary(_ table: [String: Count], _ skipped: [String: Int]) -> String {
        let width = max(6, table.keys.map(\.count).max() ?? 0)
        var total = Count()
        var text = line("format", width, ["rows", "right", "wrong", "skipped", "right %"])
        for (format, count) in table.sorted(by: { $0.key < $1.key }) {
            text += line(format, width, cells(count))
            total.rows += count.rows
            total.wrong += count.wrong
            total.skipped += count.skipped
        }
        text += line("all", width, cells(total))
        for (key, count) in skipped.sorted(by: { $0.key < $1.key }) {
            text += "skipped: \(key), \(count) times\n"
        }
        return text
    }

    private static func cells(_ count: Count) -> [String] {
        let compared = count.rows - count.skipped
        let right = compared - count.wrong
        let share = compared == 0 ? "-" : "\(right * 100 / compared).\(right * 1_000 / compared % 10)"
        return ["\(count.rows)", "\(right)", "\(count.wrong)", "\(count.skipped)", share]
    }

    private static func line(_ name: String, _ width: Int, _ cells: [String]) -> String {
        let columns = cells.map { String(repeating: " ", count: max(0, 9 - $0.count)) + $0 }
        return name + String(repeating: " ", count: width - name.count) + columns.joined() + "\n"
    }

    /// A text on one line, not too long for one.
    private static func excerpt(_ text: String) -> String {
        let line = text.replacing("\n", with: "\\n").replacing("\u{1B}", with: "\\e")
        return line.count <= 600 ? line : line.prefix(600) + "…"
    }
}

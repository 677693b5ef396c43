import Index
import Parse
import Testing

@testable import Query

/// Aligned columns and bars.
struct TableOutputTests {
    private static func cells(_ names: [String], _ counts: [UInt64]) -> ResultTable {
        ResultTable(
            columns: ["user", "count"], rows: zip(names, counts).map { [.text(Array($0.utf8)), .count($1)] })
    }

    @Test func `events below each other`() {
        let events = [OutputSamples.line("one"), OutputSamples.event("<13>bare\nline")]
        #expect(
            OutputSamples.text(events, OutputForm(.table, zone: ZoneRule(offsetSeconds: 3_600))) == """
                time                     host  program  level  message
                2026-11-22 13:00:00.123  docs  app      info   one
                2026-11-22 13:00:00.123  -     -        -      <13>bare\\x0aline

                """)
        #expect(OutputSamples.text([], OutputForm(.table)) == "")
    }

    @Test func `numbers of events stand to the right`() {
        let events = ["1", "100"].map { OutputSamples.event("x", ["status": $0, "user": "日本"]) }
        #expect(
            OutputSamples.text(events, OutputForm(.table, fields: ["status", "user", "raw"]))
                == "status  user  raw\n     1  日本  x\n   100  日本  x\n")
    }

    @Test func `a later row that is wider moves alone, or is cut where lines are`() {
        var events = (0..<EventGrid.sample).map { _ in OutputSamples.event("x", ["user": "root"]) }
        events.append(OutputSamples.event("x", ["user": "administrator"]))
        let whole = OutputSamples.text(events, OutputForm(.table, fields: ["user", "raw"]))
        #expect(whole.hasPrefix("user  raw\nroot  x\n") && whole.hasSuffix("\nroot  x\nadministrator  x\n"))
        let cut = OutputSamples.text(events, OutputForm(.table, width: 40, fields: ["user", "raw"]))
        #expect(cut.hasSuffix("\nroot  x\nadm…  x\n"))
    }

    @Test func `what is too wide takes from the widest text and from no number`() {
        let table = Self.cells([String(repeating: "x", count: 50), "short"], [1_234_567, 5])
        #expect(
            OutputSamples.text(table, OutputForm(.table, width: 20)) == """
                user           count
                xxxxxxxxxx…  1234567
                short              5

                """)
        let narrow = OutputSamples.text(table, OutputForm(.table, width: 5))
        #expect(narrow == "user…\nxxxx…\nshor…\n")
    }

    @Test func `without a terminal a long value moves its own row alone`() {
        let long = String(repeating: "x", count: 3_000)
        let table = Self.cells([long, "short"], [1_234_567, 5])
        func padded(_ text: String, _ width: Int) -> String {
            text + String(repeating: " ", count: width - text.count)
        }
        // Columns before the last are 40 wide at most, and the numbers stand below each other.
        let rows = [padded("user", 40) + "    count", long + "  1234567", padded("short", 40) + "        5"]
        #expect(OutputSamples.text(table, OutputForm(.text)) == rows.joined(separator: "\n") + "\n")
        #expect(OutputSamples.text(table, OutputForm(.text, width: 100, wraps: true)).utf8.count < 3_300)
    }

    /// Characters of a cell of the table style, unless lines wrap.
    @Test(arguments: [119, 120, 121, 5_000]) func `cells of the table style end at 120 characters`(
        _ length: Int
    ) {
        let long = String(repeating: "é", count: length)
        let shown = length > 120 ? String(repeating: "é", count: 119) + "…" : long
        let table = ResultTable(columns: ["n", "user"], rows: [[.count(1), .text(Array(long.utf8))]])
        let event = OutputSamples.event("x", ["user": long])
        func texts(_ form: OutputForm) -> [String] {
            var fields = form
            fields.fields = ["raw", "user"]
            return [OutputSamples.text(table, form), OutputSamples.text([event], fields)].map {
                String($0.split(separator: " ").last ?? "")
            }
        }
        #expect(texts(OutputForm(.table)) == [shown + "\n", shown + "\n"])
        #expect(texts(OutputForm(.table, wraps: true)) == [long + "\n", long + "\n"])
        #expect(texts(OutputForm(.table, isVerbatim: true)) == [long + "\n", long + "\n"])
        #expect(texts(OutputForm(.text)) == [long + "\n", long + "\n"])
    }

    @Test func `numbers are rounded, shares have one digit, missing is a dash`() {
        let table = ResultTable(
            columns: ["n", "percent", "time"],
            rows: [
                [.number(1.0 / 3), .number(50), .time(0)],
                [.number(1_234_567.8), .number(0.04), .time(OutputSamples.noon)],
                [.missing, .missing, .missing],
            ])
        #expect(
            OutputSamples.text(table, OutputForm(.text)) == """
                       n  percent  time
                0.333333     50.0  1970-01-01 00:00:00.000
                 1234568      0.0  2026-11-22 12:00:00.123
                       -        -  -

                """)
    }

    @Test(arguments: [
        (0.1 + 0.2, "0.3"), (123_456.789, "123457"), (-2.0 / 3, "-0.666667"), (99_999.96, "100000"),
        (1e300, "1e+300"),
        (1e-9, "1e-09"), (0.0, "0"), (-0.0, "0"), (.leastNonzeroMagnitude, "5e-324"), (12.0, "12"),
        (0.000_001_5, "1.5e-06"),
        (1e15, "1000000000000000.0"),
    ])
    func `six digits`(_ value: Double, _ expected: String) { #expect(DecimalText.rounded(value) == expected) }

    @Test func `a terminal shows counts as bars`() {
        let table = Self.cells(["root", "日本", "none"], [16, 5, 0])
        #expect(
            OutputSamples.text(table, OutputForm(.text, width: 40))
                == """
                user  count
                root     16  ███████████████████████████
                日本      5  ████████▌
                none      0

                """)
        #expect(!OutputSamples.text(table, OutputForm(.table, width: 40)).contains("█"))
        #expect(!OutputSamples.text(table, OutputForm(.text, width: 30)).contains("█"))
        #expect(!OutputSamples.text(table, OutputForm(.text, colors: true)).contains("█"))
    }

    @Test func `a bar never makes a line too long, and the least count shows`() {
        let table = Self.cells([String(repeating: "x", count: 90), "b"], [.max, 1])
        let lines = OutputSamples.text(table, OutputForm(.text, width: 50)).split(separator: "\n")
        #expect(lines.allSatisfy { TerminalText.width(Array($0.utf8)) <= 50 })
        #expect(lines.last?.hasSuffix("  ▏") == true)
    }

    @Test func `a table of two numbers has no bars`() {
        let table = ResultTable(
            columns: ["user", "count", "sum"],
            rows: [[.missing, .count(1), .number(2)], [.missing, .count(1), .number(2)]])
        #expect(!OutputSamples.text(table, OutputForm(.text, width: 80)).contains("█"))
    }

    @Test func `shares in percent do not keep a table from its bars`() {
        let table = ResultTable(
            columns: ["user", "count", "percent"],
            rows: [[.missing, .count(3), .number(75)], [.missing, .count(1), .number(25)]])
        #expect(
            OutputSamples.text(table, OutputForm(.text, width: 36)) == """
                user  count  percent
                -         3     75.0  ██████████████
                -         1     25.0  ████▋

                """)
    }

    @Test func `groups in time are letters of one bar`() {
        let step = 60 * OutputSamples.second
        var rows: [[ResultTable.Cell]] = []
        for (index, counts) in [[6, 2], [0, 0], [1, 3]].enumerated() {
            for (name, count) in zip(["2xx", "5xx"], counts) {
                rows.append([.time(Int64(index) * step), .text(Array(name.utf8)), .count(UInt64(count))])
            }
        }
        let table = ResultTable(columns: ["time", "status", "count"], rows: rows)
        #expect(
            OutputSamples.text(table, OutputForm(.text, width: 44)) == """
                a 2xx 7
                b 5xx 5
                time                 count
                1970-01-01 00:00:00      8  aaaaaaaaaaaabbbb
                1970-01-01 00:01:00      0
                1970-01-01 00:02:00      4  aabbbbbb

                """)
        #expect(OutputSamples.text(table, OutputForm(.text)).contains("1970-01-01 00:02:00  5xx         3\n"))
    }

    @Test func `groups without a letter are counted together`() throws {
        let rows = (0..<20).map { index -> [ResultTable.Cell] in
            [.time(0), .text(Array("g\(index)".utf8)), .count(UInt64(100 - index))]
        }
        let stack = try #require(BarStack(ResultTable(columns: ["time", "g", "count"], rows: rows)))
        #expect(stack.legend.map(\.letter) == ["a", "b", "c", "d", "e", "f", "g", "+"])
        #expect(stack.legend.map(\.total).reduce(0, +) == (81...100).reduce(0, +))
        #expect(stack.bar(0, room: 50).count == 50)
    }
}

import Parse
import Testing

@testable import Query

/// `key=value` lines.
struct LogfmtOutputTests {
    @Test(arguments: [
        ("plain", "plain"), ("/wiki/Foo_bar?x", "/wiki/Foo_bar?x"), ("", "\"\""),
        ("two words", "\"two words\""),
        ("a=b", "\"a=b\""), ("say \"no\"", "\"say \\\"no\\\"\""), ("C:\\x", "\"C:\\\\x\""),
        ("one\ntwo\t", "\"one\\ntwo\\t\""), ("\u{1B}[0m", "\"\\u001b[0m\""), ("\u{9B}", "\"\\u009b\""),
        ("日本", "\"日本\""), ("\u{202E}x", "\"\\u202ex\""),
    ])
    func `a value has quotes where it needs them`(_ value: String, _ expected: String) {
        var line: [UInt8] = []
        LogfmtText.append("k", Array(value.utf8), to: &line)
        #expect(String(decoding: line, as: UTF8.self) == "k=" + expected)
    }

    @Test func `a key is one word`() {
        var line: [UInt8] = []
        LogfmtText.append("a b=\"c\"\u{1B}", Array("1".utf8), to: &line)
        LogfmtText.append("d", Array("2".utf8), to: &line)
        #expect(String(decoding: line, as: UTF8.self) == "a_b__c__=1 d=2")
    }

    @Test func `an event has its time first, then all its fields`() {
        #expect(
            OutputSamples.text([OutputSamples.line("two words")], OutputForm(.logfmt)) == """
                time=2026-11-22T12:00:00.123Z id=2026-11-22-7 level=info host=docs program=app message="two words"

                """)
        let bare = OutputSamples.event("<13>x", ["time": "y", "escaped": "hidden"])
        #expect(
            OutputSamples.text([bare], OutputForm(.logfmt), .context)
                == "time=2026-11-22T12:00:00.123Z id=2026-11-22-7 field.time=y raw=<13>x _context=true\n")
    }

    @Test func `a row leaves out what is missing`() {
        let table = ResultTable(columns: ["user", "count"], rows: [[.missing, .count(3)]])
        #expect(OutputSamples.text(table, OutputForm(.logfmt)) == "count=3\n")
    }

    @Test func `hostile values stay on their line`() {
        for value in OutputSamples.hostile {
            var line: [UInt8] = []
            LogfmtText.append("k", value, to: &line)
            #expect(line.allSatisfy { $0 >= 0x20 && $0 != 0x7F })
            #expect(String(validating: line, as: UTF8.self) != nil)
        }
    }
}

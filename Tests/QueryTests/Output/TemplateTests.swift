import Index
import Parse
import Testing

@testable import Query

/// Lines with fields in them.
struct TemplateTests {
    private static func line(_ template: String, _ event: FoundEvent) throws -> String {
        OutputSamples.text([event], OutputForm(.text, template: try OutputTemplate(template)))
    }

    @Test(arguments: [
        ("{time} {host} {status}", "2026-11-22 12:00:00.123 docs 502\n"), ("{response}", "502\n"),
        ("{user}", "-\n"),
        ("{id}", "2026-11-22-7\n"), ("{{host}", "{host}\n"), ("a}b", "a}b\n"), ("", "\n"),
        ("{{{host}", "{docs\n"),
        ("日本 {raw}", "日本 raw\n"),
    ])
    func `a template with its values`(_ template: String, _ expected: String) throws {
        #expect(try Self.line(template, OutputSamples.request("502")) == expected)
    }

    @Test(arguments: [
        ("{hots}", "the template names {hots}, and there is no such field; did you mean {host}?"),
        ("{qqqqqqqq}", "the template names {qqqqqqqq}, and there is no such field"),
        ("{host", "a { of the template has no }; one brace is written {{"),
        ("x {", "a { of the template has no }; one brace is written {{"),
        ("{}", "{} names no field; write {host}, or {{} for the braces"),
        ("{ho\u{1B}}", "the template names {ho\u{FFFD}}, and there is no such field"),
    ])
    func `a template that is none`(_ template: String, _ message: String) {
        let error = #expect(throws: OutputTemplateError.self) { try OutputTemplate(template) }
        #expect(error?.description == message)
    }

    @Test func `values are safe to show unless they are wanted as they are`() throws {
        let event = OutputSamples.event("a\u{1B}\nb")
        let template = try OutputTemplate("{raw}")
        #expect(OutputSamples.text([event], OutputForm(.json, template: template)) == "a\\x1b\\x0ab\n")
        #expect(
            OutputSamples.text([event], OutputForm(.text, isVerbatim: true, template: template))
                == "a\u{1B}\nb\n")
    }

    @Test func `columns of a table`() throws {
        let table = ResultTable(
            columns: ["user", "percent"],
            rows: [[.text(Array("root".utf8)), .number(50)], [.missing, .number(1.26)]])
        let template = try OutputTemplate("{percent} % {user}") { table.columns.contains($0) }
        #expect(OutputSamples.text(table, OutputForm(.text, template: template)) == "50.0 % root\n1.3 % -\n")
    }

    @Test func `chosen fields of the text form stand in a line`() {
        let form = OutputForm(.text, fields: ["host", "status", "user"])
        #expect(OutputSamples.text([OutputSamples.request("404")], form) == "docs 404 -\n")
    }
}

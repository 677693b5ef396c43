import Index
import Parse
import Testing

@testable import Query

/// What holds for every form.
struct StreamOutputTests {
    @Test(arguments: OutputStyle.allCases)
    func `a stream is the whole in pieces`(_ style: OutputStyle) {
        let events = (0..<450).map { index in
            OutputSamples.event(
                OutputSamples.hostile[index % 15],
                [("host", OutputSamples.hostile[(index + 3) % 15]), ("message", Array("m\(index)".utf8))],
                time: OutputSamples.noon + Int64(index) * OutputSamples.second)
        }
        let form = OutputForm(style)
        let whole = ResultText.bytes(SearchResult(rows: .events(events), work: SearchWork()), form)
        var writer = ResultWriter(form)
        var pieces: [UInt8] = []
        for event in events {
            var piece: [UInt8] = []
            writer.append(event, to: &piece)
            pieces += piece
        }
        var end: [UInt8] = []
        writer.finish(to: &end)
        #expect(pieces + end == whole)
        // Text that nobody follows still ends, so that memory is flat: only a table's first rows wait.
        #expect(end.isEmpty)
    }

    @Test func `raw lines come byte for byte, and each ends`() {
        let lines: [[UInt8]] = [[0x61, 0xFF, 0x1B], [0x62, 0x0A], []]
        var writer = ResultWriter(OutputForm(.raw, colors: true, width: 5))
        var output: [UInt8] = []
        for line in lines { writer.append(OutputSamples.event(line, []), to: &output) }
        writer.groupBreak()
        writer.append(OutputSamples.event("x"), to: &output)
        #expect(output == [0x61, 0xFF, 0x1B, 0x0A, 0x62, 0x0A, 0x0A] + Array("--\nx\n".utf8))
    }

    @Test func `rows around a match say so in JSON`() {
        let text = OutputSamples.text([OutputSamples.event("x")], OutputForm(.json), .context)
        #expect(text.hasSuffix(#""raw":"x","_context":true}"# + "\n"))
    }

    @Test func `chosen fields of JSON are its keys`() {
        let event = OutputSamples.request("502")
        #expect(
            OutputSamples.text([event], OutputForm(.json, fields: ["time", "status", "user"]))
                == #"{"time":"2026-11-22T12:00:00.123Z","status":502,"user":null}"# + "\n")
        #expect(
            OutputSamples.text([event], OutputForm(.logfmt, fields: ["status", "user"])) == "status=502\n")
    }

    @Test(
        arguments: [
            ("text", OutputStyle.text), ("raw", .raw), ("json", .json), ("jsonl", .json), ("ndjson", .json),
            ("csv", .csv),
            ("tsv", .tsv), ("table", .table), ("logfmt", .logfmt), ("xml", nil), ("", nil), ("JSON", nil),
        ] as [(String, OutputStyle?)])
    func `a style by its name`(_ name: String, _ expected: OutputStyle?) {
        #expect(OutputStyle(named: name) == expected)
    }
}

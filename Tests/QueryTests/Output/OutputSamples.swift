import Index
import Parse

@testable import Query

/// Events and tables that the tests of the output write.
enum OutputSamples {
    /// 2026-11-22 12:00:00.123 UTC.
    static let noon: Int64 = 1_795_348_800_123_000_000
    static let second: Int64 = 1_000_000_000

    static func event(
        _ raw: String, _ fields: KeyValuePairs<String, String> = [:], time: Int64 = noon
    ) -> FoundEvent {
        event(Array(raw.utf8), fields.map { ($0.key, Array($0.value.utf8)) }, time: time)
    }

    static func event(
        _ raw: [UInt8], _ fields: [(name: String, value: [UInt8])], time: Int64 = noon
    ) -> FoundEvent {
        FoundEvent(sequence: 7, time: time, received: noon, raw: raw, fields: fields)
    }

    /// A plain line.
    static func line(_ message: String, level: String = "info", time: Int64 = noon) -> FoundEvent {
        event(
            "<14>\(message)", ["level": level, "host": "docs", "program": "app", "message": message],
            time: time)
    }

    /// A request.
    static func request(_ status: String, time: Int64 = noon) -> FoundEvent {
        event(
            "raw",
            [
                "level": "info", "host": "docs", "program": "nginx", "message": "GET /wiki \(status)",
                "method": "GET",
                "path": "/wiki", "status": status, "request_time": "1.2",
            ], time: time)
    }

    /// All that lines bring to break a form.
    static let hostile: [[UInt8]] = [
        Array("a\u{1B}[31mb\u{7}".utf8), Array("a\u{202E}b\u{2066}".utf8), [0x61, 0xFF, 0xC3, 0x28],
        Array("=cmd|' /C calc'!A0".utf8), Array("@SUM(1+1)".utf8), Array("-1+1".utf8), Array("+1".utf8),
        Array("\t=1".utf8), Array("one\ntwo\r\nthree\n".utf8), Array("say \"no\", then".utf8),
        Array("\\t \\ \\\\".utf8), Array("日本語 e\u{301} 😀".utf8), [], Array(" a ".utf8), Array("a=b".utf8),
        [UInt8](repeating: 0x78, count: 70_000), Array(0...255),
    ]

    static func text(
        _ events: [FoundEvent], _ form: OutputForm, _ mark: EventMark = .match
    ) -> String {
        var writer = ResultWriter(form)
        var output: [UInt8] = []
        for event in events { writer.append(event, mark, to: &output) }
        writer.finish(to: &output)
        return String(decoding: output, as: UTF8.self)
    }

    static func text(_ table: ResultTable, _ form: OutputForm) -> String {
        String(
            decoding: ResultText.bytes(SearchResult(rows: .table(table), work: SearchWork()), form),
            as: UTF8.self)
    }
}

import Foundation
import Index
import Parse
import Testing

@testable import Query

/// Results as JSON and as text, with all that log lines bring.
struct ResultOutputTests {
    private static func event(_ raw: [UInt8], _ fields: [(name: String, value: [UInt8])]) -> FoundEvent {
        FoundEvent(
            sequence: 7, time: 1_795_348_800_123_000_000, received: 1_795_348_801_000_000_000, raw: raw,
            fields: fields)
    }

    private static func json(_ event: FoundEvent) -> String {
        var json = JSONText()
        ResultJSON.append(event, to: &json)
        return String(decoding: json.bytes, as: UTF8.self)
    }

    @Test func `an event is one object, with numbers as numbers and repeated fields as arrays`() {
        let event = Self.event(
            Array("x".utf8),
            [
                ("host", Array("docs".utf8)), ("status", Array("500".utf8)), ("a", Array("1".utf8)),
                ("a", Array("2".utf8)),
            ])
        #expect(
            Self.json(event) == """
                {"id":"2026-11-22-7","time":"2026-11-22T12:00:00.123Z","received":"2026-11-22T12:00:01Z",\
                "host":"docs","status":500,"a":["1","2"],"raw":"x"}
                """)
    }

    @Test func `a field of a line that is named like one of the event's own keys is kept`() {
        let event = Self.event(Array("x".utf8), [("id", Array("5".utf8))])
        #expect(Self.json(event).contains(#""received":"2026-11-22T12:00:01Z","field.id":"5","raw":"x""#))
    }

    @Test(arguments: [
        ("0", "0"), ("-1", "-1"), ("0.5", "0.5"), ("10", "10"), ("", "\"\""), ("-", "\"-\""),
        ("01", "\"01\""),
        ("1.", "\"1.\""), (".5", "\".5\""), ("1e5", "\"1e5\""), ("NaN", "\"NaN\""), ("+1", "\"+1\""),
        ("123456789012345678", "123456789012345678"), ("1234567890123456789", "\"1234567890123456789\""),
        ("1,\"x\":2", "\"1,\\\"x\\\":2\""),
    ])
    func `a number is a JSON number or a text`(_ text: String, _ expected: String) {
        var json = JSONText()
        json.number(text: Array(text.utf8))
        #expect(String(decoding: json.bytes, as: UTF8.self) == expected)
    }

    @Test func `every byte is escaped so that a JSON reader gets it back`() throws {
        for scalar in (0...0x2FF).compactMap(Unicode.Scalar.init) + [
            "\u{2028}", "\u{202E}", "\u{FFFD}", "\u{1F600}",
        ] {
            let text = "a\(scalar)b"
            let object = try JSONSerialization.jsonObject(
                with: Data(Self.json(Self.event(Array(text.utf8), [])).utf8))
            let raw = (object as? [String: Any])?["raw"] as? String
            #expect(raw?.unicodeScalars.elementsEqual(text.unicodeScalars) ?? false, "\(scalar.value)")
        }
    }

    @Test func `a JSON text holds no control character`() {
        let json = Self.json(Self.event(Array(0...255), [("user", Array(0...255))]))
        #expect(json.unicodeScalars.allSatisfy { $0.value >= 0x20 && !(0x7F...0x9F).contains($0.value) })
    }

    @Test func `a line that is not UTF-8 comes as base64 as well`() throws {
        let raw: [UInt8] = [0x61, 0xE9, 0xFF, 0x00]
        let object =
            try JSONSerialization.jsonObject(with: Data(Self.json(Self.event(raw, [])).utf8))
            as? [String: Any]
        let base64 = try #require(object?["raw_base64"] as? String)
        #expect(Data(base64Encoded: base64) == Data(raw))
        #expect(!Self.json(Self.event(Array("naïve".utf8), [])).contains("raw_base64"))
    }

    @Test(arguments: [
        ("plain text", "plain text"), ("naïve 日本 😀", "naïve 日本 😀"), ("a\u{1B}[31mb", "a\\x1b[31mb"),
        ("\u{7}\u{8}\r\n", "\\x07\\x08\\x0d\\x0a"), ("a\tb", "a\tb"), ("\u{0}", "\\x00"), ("\u{7F}", "\\x7f"),
        ("\u{9B}31m", "\\x9b31m"), ("\u{202E}txt.exe", "<U+202E>txt.exe"),
        ("\u{2066}\u{2069}", "<U+2066><U+2069>"),
        ("\u{61C}\u{200F}", "<U+061C><U+200F>"), ("\u{2028}", "<U+2028>"),
    ])
    func `text can do nothing to a terminal`(_ text: String, _ expected: String) {
        #expect(String(decoding: ResultText.printable(Array(text.utf8)), as: UTF8.self) == expected)
    }

    @Test func `bytes that are not UTF-8 are shown one by one`() {
        let bytes: [UInt8] = [
            0x61, 0xFF, 0xC3, 0xA9, 0xE2, 0x82, 0x62, 0xED, 0xA0, 0x80, 0xC0, 0xAF, 0xF0, 0x9F,
        ]
        let expected = "a\\xffé\\xe2\\x82b\\xed\\xa0\\x80\\xc0\\xaf\\xf0\\x9f"
        #expect(String(decoding: ResultText.printable(bytes), as: UTF8.self) == expected)
    }

    @Test func `random bytes come out as printable text`() {
        for _ in 0..<2_000 {
            let bytes = (0..<Int.random(in: 0...12)).map { _ in UInt8.random(in: .min ... .max) }
            let output = ResultText.printable(bytes)
            let text = String(validating: output, as: UTF8.self)
            #expect(text != nil, "\(bytes)")
            #expect(output.allSatisfy { $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 }, "\(bytes)")
        }
    }

    @Test func `a result in each style`() {
        let event = Self.event(
            Array("<13>raw\u{1B}line".utf8),
            [
                ("host", Array("docs\u{7}".utf8)), ("program", Array("app".utf8)),
                ("message", Array("line\u{1B}".utf8)),
            ])
        let result = SearchResult(rows: .events([event]), work: SearchWork())
        func text(_ style: OutputStyle) -> String {
            String(decoding: ResultText.bytes(result, style, zone: .utc), as: UTF8.self)
        }
        #expect(text(.text) == "2026-11-22 12:00:00.123 docs\\x07 app line\\x1b\n")
        #expect(text(.raw) == "<13>raw\u{1B}line\n")
        #expect(text(.json).hasSuffix("\"raw\":\"<13>raw\\u001bline\"}\n"))
    }

    @Test func `a table in each style`() {
        let table = ResultTable(
            columns: ["user", "count"],
            rows: [[.text(Array("root\u{1B}".utf8)), .count(1_200)], [.missing, .count(3)]])
        let result = SearchResult(rows: .table(table), work: SearchWork())
        func text(_ style: OutputStyle) -> String {
            String(decoding: ResultText.bytes(result, style, zone: .utc), as: UTF8.self)
        }
        #expect(text(.text) == "user      count\nroot\\x1b   1200\n-             3\n")
        #expect(text(.raw) == "root\\x1b\t1200\n-\t3\n")
        #expect(text(.json) == "{\"user\":\"root\\u001b\",\"count\":1200}\n{\"user\":null,\"count\":3}\n")
    }
}

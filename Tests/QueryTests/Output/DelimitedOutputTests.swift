import Index
import Parse
import Testing

@testable import Query

/// CSV and TSV: exact bytes, and that a reader gets back what went in.
struct DelimitedOutputTests {
    private static func csv(_ cells: [String?], isVerbatim: Bool = false) -> String {
        var output: [UInt8] = []
        DelimitedText.appendCSV(cells.map { $0.map { Array($0.utf8) } }, isVerbatim: isVerbatim, to: &output)
        return String(decoding: output, as: UTF8.self)
    }

    private static func tsv(_ cells: [String?], isVerbatim: Bool = false) -> String {
        var output: [UInt8] = []
        DelimitedText.appendTSV(cells.map { $0.map { Array($0.utf8) } }, isVerbatim: isVerbatim, to: &output)
        return String(decoding: output, as: UTF8.self)
    }

    @Test func `events have a header and fixed columns`() {
        let events = [OutputSamples.line("one, two", level: "err"), OutputSamples.event("<13>bare\tline")]
        #expect(
            OutputSamples.text(events, OutputForm(.csv)) == """
                time,host,program,level,message,id
                2026-11-22T12:00:00.123Z,docs,app,err,"one, two",2026-11-22-7
                2026-11-22T12:00:00.123Z,,,,<13>bare\tline,2026-11-22-7

                """)
        #expect(
            OutputSamples.text(events, OutputForm(.tsv)) == """
                time\thost\tprogram\tlevel\tmessage\tid
                2026-11-22T12:00:00.123Z\tdocs\tapp\terr\tone, two\t2026-11-22-7
                2026-11-22T12:00:00.123Z\t\t\t\t<13>bare\\tline\t2026-11-22-7

                """)
    }

    @Test func `no event leaves the header`() {
        #expect(OutputSamples.text([], OutputForm(.csv)) == "time,host,program,level,message,id\n")
        #expect(OutputSamples.text([], OutputForm(.tsv, fields: ["host"])) == "host\n")
    }

    @Test func `chosen columns keep the name that was written, and several values share a cell`() {
        let event = OutputSamples.event("x", ["status": "500", "a": "1", "a": "2"])
        #expect(
            OutputSamples.text([event], OutputForm(.csv, fields: ["response", "a", "none", "raw"]))
                == "response,a,none,raw\n500,\"1,2\",,x\n")
    }

    @Test func `tables have exact numbers and times in UTC`() {
        let table = ResultTable(
            columns: ["time", "avg(bytes)", "n"],
            rows: [
                [.time(OutputSamples.noon), .number(1.0 / 3), .count(1_200)],
                [.missing, .number(-5), .missing],
            ])
        let zone = ZoneRule(offsetSeconds: 3_600)
        #expect(
            OutputSamples.text(table, OutputForm(.csv, zone: zone))
                == "time,avg(bytes),n\n2026-11-22T12:00:00.123Z,0.3333333333333333,1200\n,-5,\n")
        #expect(
            OutputSamples.text(table, OutputForm(.raw, zone: zone))
                == "2026-11-22T12:00:00.123Z\t0.3333333333333333\t1200\n-\t-5\t-\n")
    }

    @Test(arguments: [
        ("plain", "plain"), ("", ""), ("a,b", "\"a,b\""), ("say \"no\"", "\"say \"\"no\"\"\""),
        ("one\ntwo", "\"one\ntwo\""), (" a", "\" a\""), ("a\rb", "a\\x0db"), ("a\u{1B}[0m", "a\\x1b[0m"),
        ("\u{202E}x", "<U+202E>x"), ("=1", "'=1"), ("=\"a\"", "\"'=\"\"a\"\"\""), ("+1", "'+1"),
        ("@x", "'@x"), ("-1", "-1"),
        ("-1.5", "-1.5"), ("-", "-"), ("-1+1", "'-1+1"), ("--", "'--"), ("\tx", "'\tx"), ("\nx", "\"'\nx\""),
        ("\rx", "\\x0dx"), ("＝1", "'＝1"), ("＠x", "'＠x"), ("日本", "日本"), ("a=b", "a=b"),
    ])
    func `a cell of CSV`(_ cell: String, _ expected: String) {
        #expect(Self.csv([cell, "x"]) == expected + ",x\n")
    }

    @Test(arguments: [
        ("plain", "plain"), ("a\tb", "a\\tb"), ("one\ntwo\r", "one\\ntwo\\r"), ("a\\b", "a\\\\b"),
        ("\u{7}", "\\x07"), ("=1", "=1"), ("\"a\"", "\"a\""),
    ])
    func `a cell of TSV`(_ cell: String, _ expected: String) {
        #expect(Self.tsv([cell, nil, "x"]) == expected + "\t\tx\n")
    }

    @Test func `verbatim cells keep control characters, and rows stay rows`() {
        #expect(Self.csv(["a\u{1B}b", "a\rb"], isVerbatim: true) == "a\u{1B}b,\"a\rb\"\n")
        #expect(Self.csv(["\r=1"], isVerbatim: true) == "\"'\r=1\"\n")
        #expect(Self.tsv(["a\u{1B}b", "a\r\nb\t"], isVerbatim: true) == "a\u{1B}b\ta\\r\\nb\\t\n")
    }

    @Test func `a reader gets every cell back`() {
        let cells = OutputSamples.hostile
        for isVerbatim in [false, true] {
            var output: [UInt8] = []
            for cell in cells {
                DelimitedText.appendCSV([cell, Array("end".utf8)], isVerbatim: isVerbatim, to: &output)
            }
            let rows = Self.read(output)
            #expect(rows.count == cells.count)
            for (row, cell) in zip(rows, cells) {
                #expect(row.count == 2 && row.last == Array("end".utf8), "\(cell.prefix(40))")
                let shown = isVerbatim ? cell : ResultText.printable(cell, keepsLines: true)
                let first = row.first ?? []
                #expect(first == shown || first == [UInt8(ascii: "'")] + shown, "\(cell.prefix(40))")
            }
        }
    }

    /// A reader of RFC 4180 in a few lines.
    private static func read(_ bytes: [UInt8]) -> [[[UInt8]]] {
        var rows: [[[UInt8]]] = []
        var row: [[UInt8]] = [[]]
        var isQuoted = false
        var last: UInt8 = 0
        for byte in bytes {
            let cell = row.count - 1
            switch byte {
            case UInt8(ascii: "\""):
                isQuoted.toggle()
                if isQuoted, last == byte { row[cell].append(byte) }
            case UInt8(ascii: ",") where !isQuoted: row.append([])
            case 0x0A where !isQuoted:
                rows.append(row)
                row = [[]]
            default: row[cell].append(byte)
            }
            last = byte
        }
        return rows
    }
}

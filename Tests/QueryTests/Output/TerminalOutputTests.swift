import Parse
import Testing

@testable import Query

/// Events at a terminal, with `^` for the escape character.
struct TerminalOutputTests {
    private static let zone = ZoneRule(offsetSeconds: 3_600)
    private static let noon = OutputSamples.noon
    private static let minute = 60 * OutputSamples.second

    private static func form(
        width: Int? = 60, colors: Bool = true, wraps: Bool = false, isVerbatim: Bool = false,
        _ highlights: [Highlight] = []
    ) -> OutputForm {
        OutputForm(
            .text, zone: zone, colors: colors, width: width, wraps: wraps, isVerbatim: isVerbatim,
            highlights: highlights, now: noon)
    }

    private static func text(_ events: [FoundEvent], _ form: OutputForm, _ mark: EventMark = .match) -> String
    {
        let text = OutputSamples.text(events, form, mark)
        return String(text.map { $0 == "\u{1B}" ? "^" : $0 })
    }

    @Test func `requests and errors in colours`() {
        let events = [
            OutputSamples.request("200"), OutputSamples.request("404"), OutputSamples.request("502"),
            OutputSamples.line("all is well"), OutputSamples.line("disk is full", level: "warning"),
            OutputSamples.line("gone", level: "crit"),
        ]
        #expect(
            Self.text(events, Self.form([.text("GET"), .glob(Glob([.literal("ful"), .any]))])) == """
                13:00:00.123 docs nginx 200 ^[4mGET^[0m /wiki 1.2s  ^[4mGET^[0m /wiki 200
                13:00:00.123 docs nginx ^[33m404^[0m ^[4mGET^[0m /wiki 1.2s  ^[4mGET^[0m /wiki 404
                13:00:00.123 docs nginx ^[31m502^[0m ^[4mGET^[0m /wiki 1.2s  ^[4mGET^[0m /wiki 502
                13:00:00.123 docs app info  all is well
                13:00:00.123 docs app ^[33mwarning^[0m  disk is ^[4mful^[0ml
                13:00:00.123 docs app ^[31mcrit^[0m  gone

                """)
    }

    @Test func `without colours the width holds all the same`() {
        let form = Self.form(width: 30, colors: false, [.text("well")])
        #expect(
            Self.text([OutputSamples.line("all is well", level: "err")], form)
                == "13:00:00.123 docs app err  al…\n")
    }

    @Test(arguments: [
        (38, "13:00:00.123 docs app info  日本語 é!\n"), (37, "13:00:00.123 docs app info  日本語 é!\n"),
        (36, "13:00:00.123 docs app info  日本語 …\n"), (35, "13:00:00.123 docs app info  日本語…\n"),
        (34, "13:00:00.123 docs app info  日本…\n"),
        (33, "13:00:00.123 docs app info  日本…\n"), (32, "13:00:00.123 docs app info  日…\n"), (1, "…\n"),
        (0, "…\n"),
    ])
    func `wide characters and combining marks are counted as the terminal does`(
        _ width: Int, _ expected: String
    ) {
        let event = OutputSamples.line("日本語 e\u{301}!")
        let text = Self.text([event], Self.form(width: width, colors: false))
        #expect(text == expected.replacing("é", with: "e\u{301}"))
    }

    @Test func `lines are whole where they wrap, where nobody cuts, and where they are verbatim`() {
        let event = OutputSamples.line(String(repeating: "x", count: 100) + "\u{7}")
        let head = "13:00:00.123 docs app info  " + String(repeating: "x", count: 100)
        #expect(Self.text([event], Self.form(wraps: true)) == head + "\\x07\n")
        #expect(Self.text([event], Self.form(width: nil)) == head + "\\x07\n")
        #expect(Self.text([event], Self.form(isVerbatim: true)) == head + "\u{7}\n")
    }

    @Test func `a highlight and a colour end at the cut`() {
        let event = OutputSamples.line("abcdefgh ijkl")
        #expect(
            Self.text([event], Self.form(width: 34, [.text("abcdefgh")]))
                == "13:00:00.123 docs app info  abcde…\n")
        #expect(
            Self.text([event], Self.form(width: 38, [.text("abcdefgh")]))
                == "13:00:00.123 docs app info  ^[4mabcdefgh^[0m …\n")
        #expect(
            Self.text([OutputSamples.line("x", level: "emerg")], Self.form(width: 24))
                == "13:00:00.123 docs app ^[31me^[0m…\n")
    }

    @Test func `lines of one event are indented`() {
        let event = OutputSamples.line(
            "Traceback\n\tat x\u{1B}\n\nend " + String(repeating: "y", count: 60) + "\n")
        #expect(
            Self.text([event], Self.form(width: 40, colors: false)) == """
                13:00:00.123 docs app info  Traceback
                        at x\\x1b
                   \u{20}
                    end yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy…

                """)
    }

    @Test func `days and gaps have a mark`() {
        let midnight = Self.noon + 11 * 60 * Self.minute
        let events = [
            OutputSamples.line("yesterday", time: Self.noon - 14 * 60 * Self.minute),
            OutputSamples.line("today"), OutputSamples.line("soon", time: Self.noon + 10 * Self.minute),
            OutputSamples.line("later", time: Self.noon + 143 * Self.minute),
            OutputSamples.line("last", time: midnight - OutputSamples.second),
            OutputSamples.line("first", time: midnight),
        ]
        #expect(
            Self.text(events, Self.form(colors: false)) == """
                ── Sat 2026-11-21 ──
                23:00:00.123 docs app info  yesterday
                ── 14h ── Sun 2026-11-22 ──
                13:00:00.123 docs app info  today
                13:10:00.123 docs app info  soon
                15:23:00.123 docs app info  later
                23:59:59.123 docs app info  last
                ── Mon 2026-11-23 ──
                00:00:00.123 docs app info  first

                """)
    }

    @Test func `a gap is what is long here, forwards and backwards`() {
        var events = (0..<5).map {
            OutputSamples.line("a", time: Self.noon + Int64($0) * OutputSamples.second)
        }
        events.append(OutputSamples.line("b", time: Self.noon + 133 * Self.minute))
        #expect(Self.text(events, Self.form()).contains("\n^[2m── 2h 12m ──^[0m\n15:13:00.123"))
        #expect(Self.text(events.reversed(), Self.form()).contains("\n^[2m── 2h 12m ──^[0m\n13:00:04.123"))
        let hourly = (0..<9).map { OutputSamples.line("a", time: Self.noon + Int64($0) * 60 * Self.minute) }
        #expect(Self.text(hourly, Self.form()).split(separator: "──").count == 3)
    }

    @Test(arguments: [
        (0, "0s"), (59, "59s"), (60, "1m"), (61, "1m 1s"), (3_600, "1h"), (3_601, "1h"), (7_980, "2h 13m"),
        (86_400, "1d"), (90_061, "1d 1h"), (9_000_000, "104d 4h"),
    ])
    func `a length of time has two units`(_ seconds: UInt64, _ expected: String) {
        #expect(LocalClock.length(seconds * 1_000_000_000) == expected)
    }

    @Test func `rows around a match are dim, and groups stand apart`() {
        var writer = ResultWriter(Self.form())
        var output: [UInt8] = []
        writer.groupBreak()
        writer.append(OutputSamples.line("before", level: "err"), .context, to: &output)
        writer.append(OutputSamples.line("match"), to: &output)
        writer.groupBreak()
        writer.append(OutputSamples.line("next"), to: &output)
        writer.groupBreak()
        writer.finish(to: &output)
        #expect(
            String(decoding: output, as: UTF8.self).replacing("\u{1B}", with: "^") == """
                ^[2m13:00:00.123 docs app err  before^[0m
                13:00:00.123 docs app info  match
                ^[2m--^[0m
                13:00:00.123 docs app info  next

                """)
    }

    @Test func `extreme times are written too`() {
        let events = [Int64.min, .max, .min].map { OutputSamples.line("a", time: $0) }
        #expect(Self.text(events, Self.form()).split(separator: "\n").count == 6)
    }

    @Test func `nothing that a line holds reaches the terminal`() {
        let events = OutputSamples.hostile.map {
            OutputSamples.event(
                $0, [("host", $0), ("program", $0), ("status", $0), ("path", $0), ("message", $0)])
        }
        for style in [OutputStyle.text, .table, .csv, .tsv, .logfmt, .json] {
            let form = OutputForm(style, colors: false, width: 100)
            var writer = ResultWriter(form)
            var output: [UInt8] = []
            for event in events { writer.append(event, to: &output) }
            writer.finish(to: &output)
            let isSafe = String(decoding: output, as: UTF8.self).unicodeScalars.allSatisfy {
                $0 == "\n" || $0 == "\t" || $0.value >= 0x20 && !(0x7F...0x9F).contains($0.value)
            }
            #expect(isSafe, "\(style)")
            #expect(String(validating: output, as: UTF8.self) != nil, "\(style)")
            guard style == .text || style == .table else { continue }
            #expect(
                output.split(separator: 0x0A).allSatisfy { TerminalText.width(Array($0)) <= 100 }, "\(style)")
        }
    }
}

/// Writes events for a person at a terminal.
///
///     ── Sat 2026-11-21 ──
///     10:02:11.482 docs nginx 502 GET /wiki/Foo 1.2s  message…
///     ── 2h 13m ──
///     12:15:30.001 docs app err  message
struct TerminalEvents {
    private let form: OutputForm
    private var clock: LocalClock
    private var last: (time: Int64, day: Int64)?
    /// The distances between the last events.
    private var gaps: [UInt64] = []
    private var gapCount = 0

    /// Nanoseconds: shorter ones are not worth a mark.
    private static let shortestGap: UInt64 = 600_000_000_000
    /// A gap is one that is so many times as long as is usual here.
    private static let gapFactor: UInt64 = 20
    /// Distances that say what is usual.
    private static let gapsKept = 15

    init(_ form: OutputForm) {
        self.form = form
        clock = LocalClock(form.zone)
    }

    mutating func append(
        _ event: FoundEvent, _ mark: EventMark, isNewGroup: Bool, to output: inout [UInt8]
    ) {
        let marks = marks(before: event)
        if !marks.isEmpty {
            rule("── \(marks.joined(separator: " ── ")) ──", to: &output)
        } else if isNewGroup {
            rule("--", to: &output)
        }

        var line = StyledLine()
        var time: [UInt8] = []
        clock.append(event.time, digits: 3, to: &time)
        line.add(Array(time.dropFirst(11)))
        let clockEnd = line.text.count
        for name in ["host", "program"] {
            line.add(" ")
            line.add(form.aligned(event.value(name) ?? [UInt8(ascii: "-")]))
        }
        addSummary(of: event, to: &line)
        line.add("  ")
        let message = event.value("message") ?? event.raw
        let lines = message.split(separator: 0x0A, omittingEmptySubsequences: false)
        line.add(form.aligned(Array(lines.first ?? [])))
        line.write(form, from: clockEnd, isDim: mark == .context, to: &output)
        for (index, text) in lines.enumerated().dropFirst() {
            // A line feed at the end begins no line.
            if text.isEmpty, index == lines.count - 1 { continue }
            var more = StyledLine()
            more.add("    ")
            more.add(form.aligned(Array(text)))
            more.write(form, isDim: mark == .context, to: &output)
        }
    }

    /// What matters most of a request, or the level of any other event.
    private func addSummary(of event: FoundEvent, to line: inout StyledLine) {
        guard let status = event.value("status") else {
            if let level = event.value("level") {
                line.add(" ")
                line.add(form.aligned(level), StyledLine.Color(level: level))
            }
            return
        }
        line.add(" ")
        line.add(form.aligned(status), StyledLine.Color(status: status))
        for name in ["method", "path"] {
            guard let value = event.value(name) else { continue }
            line.add(" ")
            line.add(form.aligned(value))
        }
        if let seconds = event.value("request_time"), JSONText.isNumber(seconds) {
            line.add(" ")
            line.add(seconds)
            line.add("s")
        }
    }

    /// What to tell between the event and the one before it: a gap, another day.
    private mutating func marks(before event: FoundEvent) -> [String] {
        let day = clock.day(of: event.time)
        defer { last = (event.time, day) }
        guard let last else {
            return day == clock.day(of: form.now) ? [] : [LocalClock.name(ofDay: day)]
        }
        let gap =
            event.time > last.time
            ? last.time.distanceUp(to: event.time) : event.time.distanceUp(to: last.time)
        var marks: [String] = []
        if gap > Self.shortestGap {
            let usual = gaps.isEmpty ? 0 : gaps.sorted()[gaps.count / 2]
            if gap / Self.gapFactor >= usual { marks.append(LocalClock.length(gap)) }
        }
        if gaps.count < Self.gapsKept { gaps.append(gap) } else { gaps[gapCount % Self.gapsKept] = gap }
        gapCount += 1
        if day != last.day { marks.append(LocalClock.name(ofDay: day)) }
        return marks
    }

    private func rule(_ text: String, to output: inout [UInt8]) {
        var line = StyledLine()
        line.add(text)
        line.write(form, isDim: true, to: &output)
    }
}

extension Int64 {
    /// How far `later`, which is not less, lies behind.
    fileprivate func distanceUp(to later: Int64) -> UInt64 { UInt64(bitPattern: later &- self) }
}

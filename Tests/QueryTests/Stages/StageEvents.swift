import Index
import Parse
import Query
import TestSupport

/// A store with lines of web servers around the end of summer time, and others; and the same as naive events.
struct StageEvents {
    let store: Store
    var events: [NaiveFound] = []

    /// 2026-10-25T01:00:00Z: clocks in Berlin go from 3:00 to 2:00.
    static let change: Int64 = 1_792_890_000_000_000_000
    static let hour: Int64 = 3_600_000_000_000
    /// All of the lines around the change.
    static let window = TimeSpan(earliest: change - 30 * hour, latest: change + 30 * hour)
    static let all = TimeSpan(earliest: 0, latest: 1_900_000_000_000_000_000)

    init(_ directory: String, _ random: inout SeededRandom) throws {
        store = try Store(directory: directory, parser: LineBatch.parser) { LineBatch.received }
        var maker = LineBatch()
        var strange = RandomLines(seed: random.next())
        for size in [7, 11, 5, 8] {
            var lines = (0..<size).map { _ in Array(Self.line(&random).utf8) }
            lines += strange.lines(size / 2)
            // Some arrive within their second.
            let hour = Self.change + Int64(random.below(3) - 1) * Self.hour
            let received = hour + Int64(random.below(2_000)) * 1_000_000
            let batch = maker.batch(lines.shuffled(using: &random), received: received)
            try store.append(batch)
            for event in batch.events {
                events.append(NaiveFound(sequence: events.count + 1, event: NaiveEvent(event, in: batch)))
            }
            if events.count < 32 {
                store.closePastDays(at: LineBatch.received + 40 * Day.nanoseconds)
                try store.archiveSome(&random)
            }
        }
    }

    private static func line(_ random: inout SeededRandom) -> String {
        var time = change + Int64(random.below(58) - 29) * hour
        switch random.below(4) {
        case 0: time += Int64(random.below(3) - 1)
        case 1: time += Int64(random.below(4)) * 900_000_000_000
        default: time += Int64.random(in: 0..<hour, using: &random)
        }
        var text: [UInt8] = []
        TimeLayout(.iso, zone: .z, fractionDigits: 9).render(time, into: &text)
        let host = random.pick(["docs", "blog", "web-1.example.org"])
        let start = "<\(random.below(190))>1 \(String(decoding: text, as: UTF8.self)) \(host) "
        if random.once(in: 3) {
            let user = random.pick(["root", "anna", "", "x y"])
            return start + "app - - - user=\(user) from 10.0.0.\(random.below(3)) took \(random.below(9)) ms"
        }
        var access: [UInt8] = []
        TimeLayout(.http, zone: .blank).render(time, into: &access)
        var line =
            "10.0.0.\(random.below(4)) - \(random.pick(["-", "root", "anna"])) "
            + "[\(String(decoding: access, as: UTF8.self))] \"GET /\(random.pick(["a", "b", "wiki"])) HTTP/1.1\" "
            + "\(random.pick([200, 200, 404, 500, 502])) \(random.below(5) * 100) \"-\" \"curl\""
        if !random.once(in: 3) { line += " rt=\(random.pick(["0.25", "1.5", "2", "10", "-", "x"]))" }
        if random.once(in: 2) { line += " a=\(random.pick(["1", "2", "10", "1.0", "b", "B"]))" }
        if random.once(in: 3) { line += " rid=\(random.pick(["r1", "r2", "0123456789abcdef"]))" }
        if random.once(in: 4) { line += " a=\(random.pick(["7", "user=eva "]))" }
        return start + "nginx - - - " + line
    }
}

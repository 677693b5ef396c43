import FoundationEssentials
import Glibc
import Index
import Parse
import Query

/// One search, as the command line asks for it.
struct SearchQuestion {
    static let limitMost = 10_000

    var query: String
    var since: String?
    var until: String?
    var limit = 200
    /// Every event, as a stream.
    var isAll = false
    var isReversed = false
    var timeout: String?
    var form: OutputForm

    init(_ query: String, since: String?, until: String?, form: OutputForm) {
        self.query = query
        self.since = since
        self.until = until
        self.form = form
    }

    init(_ query: String, _ window: WindowOptions, _ form: OutputForm) {
        self.init(query, since: window.since, until: window.until, form: form)
    }

    /// The parameters of an HTTP request.
    func parameters() -> [(String, String)] {
        var form = [
            ("query", query), ("output", self.form.style.rawValue), ("zone", Zones.localName), ("meta", "1"),
        ]
        if let since { form.append(("since", since)) }
        if let until { form.append(("until", until)) }
        if isAll { form.append(("all", "1")) } else { form.append(("limit", String(limit))) }
        if isReversed { form.append(("reverse", "1")) }
        if let timeout = timeout ?? (isAll ? "1h" : nil) { form.append(("timeout", timeout)) }
        if self.form.colors { form.append(("color", "1")) }
        if let width = self.form.width { form.append(("width", String(width))) }
        if self.form.wraps { form.append(("wrap", "1")) }
        if self.form.isVerbatim { form.append(("verbatim", "1")) }
        if !self.form.fields.isEmpty { form.append(("fields", self.form.fields.joined(separator: ","))) }
        if let template = self.form.template { form.append(("template", template.text)) }
        return form
    }

    /// The search as this process runs it.
    func call() throws -> SearchCall {
        let zone = Zones.local
        let now = Clock.now()
        let times = TimeExpression(now: now) { zone.offset(atLocal: $0, received: now / 1_000_000_000) }
        var asked: TimeSpan?
        if since != nil || until != nil {
            do throws(QueryError) {
                asked = try times.window(since: since, until: until)
            } catch {
                throw ExitCode.usage(error.message + (error.hint.map { ": \($0)" } ?? ""))
            }
        }
        var call = SearchCall(
            query, asked: asked, times: times, limit: limit, now: now, form: form, wantsMeta: true,
            isReversed: isReversed, highlights: form.colors)
        if let timeout {
            guard let length = Duration(written: timeout) else {
                throw ExitCode.usage("--timeout takes a length of time such as 30s, and not \"\(timeout)\"")
            }
            call.timeout = length
        } else if isAll {
            call.timeout = .seconds(3_600)
        }
        return call
    }
}

/// How a search went: the last line of an answer.
struct SearchMeta: Decodable {
    var matched: UInt64 = 0
    var blocks: Int?
    var blocksRead: Int?
    var truncated: Bool?
    /// Why the answer is not whole.
    var reason: String?
    var from: String?
    var to: String?
    var query: String?
    var tookMilliseconds: Int?
    var notes: [String]?
    /// Why nothing was found.
    var reasons: [String]?

    private enum CodingKeys: String, CodingKey {
        case matched, blocks, truncated, reason, from, to, query, notes, reasons
        case blocksRead = "blocks_read"
        case tookMilliseconds = "took_ms"
    }

    private struct Line: Decodable {
        var _meta: SearchMeta
    }

    private struct Failure: Decodable {
        var error: String
    }

    /// Reads the last line of an answer; throws what it says went wrong.
    init(line: [UInt8], from name: String) throws {
        let data = Data(line)
        if let line = try? JSONDecoder().decode(Line.self, from: data) {
            self = line._meta
        } else if let failure = try? JSONDecoder().decode(Failure.self, from: data) {
            throw ExitCode.unreachable("\(name): \(failure.error)")
        } else {
            throw ExitCode.partial("the answer of \(name) has no end")
        }
    }

    /// One line: `2026-11-21 18:00:00 … now: 1,234 events, 3 of 200 blocks read, 12 ms`.
    func summary(zone: ZoneRule) -> String {
        func local(_ text: String?) -> String? {
            guard let text else { return nil }
            let times = TimeExpression(now: 0) { _ in 0 }
            return (try? times.span(of: text)).map { TimeText.local($0.earliest, zone) }
        }
        var summary = "\(local(from) ?? "the first event") … \(local(to) ?? "now")"
        summary +=
            ": \(Self.grouped(matched))\(truncated == true ? " or more" : "") \(matched == 1 ? "event" : "events")"
        if let blocksRead, let blocks { summary += ", \(blocksRead) of \(blocks) blocks read" }
        if let tookMilliseconds { summary += ", \(tookMilliseconds) ms" }
        return summary
    }

    /// Digits in groups of three: `1,234,567`.
    private static func grouped(_ number: UInt64) -> String {
        var digits = Array(String(number).utf8)
        for place in stride(from: digits.count - 3, to: 0, by: -3) { digits.insert(0x2C, at: place) }
        return String(decoding: digits, as: UTF8.self)
    }
}

/// Keeps the last line of a stream back.
struct LastLine {
    private(set) var bytes: [UInt8] = []

    /// Takes some bytes, and gives those that are before the last line so far.
    mutating func take(_ part: [UInt8]) -> [UInt8] {
        bytes += part
        // A line end at the very end belongs to the last line.
        guard let end = bytes.dropLast().lastIndex(of: 0x0A) else { return [] }
        let before = Array(bytes[...end])
        bytes.removeSubrange(...end)
        return before
    }
}

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

    init(_ query: String, _ window: WideWindowOptions, _ form: OutputForm) {
        self.init(query, since: window.since, until: window.until, form: form)
    }

    /// Refuses a limit that a server would refuse.
    static func check(limit: Int, from least: Int = 1) throws {
        guard (least...limitMost).contains(limit) else {
            throw ExitCode.usage("-n takes \(least) to \(limitMost), and not \(limit)")
        }
    }

    /// The parameters of an HTTP request for a search.
    func parameters() -> [(String, String)] {
        var form = [("query", query), ("meta", "1")] + answerParameters()
        form.append(("limit", String(limit)))
        if isAll { form.append(("all", "1")) }
        if isReversed { form.append(("reverse", "1")) }
        if let timeout = timeout ?? (isAll ? "1h" : nil) { form.append(("timeout", timeout)) }
        return form
    }

    /// The parameters that every question has: the window, and how the answer is written.
    func answerParameters() -> [(String, String)] {
        var form = [("output", self.form.style.rawValue), ("zone", Zones.localName)]
        if let since { form.append(("since", since)) }
        if let until { form.append(("until", until)) }
        if self.form.colors { form.append(("color", "1")) }
        if let width = self.form.width { form.append(("width", String(width))) }
        if self.form.wraps { form.append(("wrap", "1")) }
        if self.form.isVerbatim { form.append(("verbatim", "1")) }
        if !self.form.fields.isEmpty { form.append(("fields", self.form.fields.joined(separator: ","))) }
        if let template = self.form.template { form.append(("template", template.text)) }
        return form
    }

    /// The clock of this process, and the window that was asked for; nil leaves it to the query.
    func window(_ now: Int64) throws -> (times: TimeExpression, asked: TimeSpan?) {
        let zone = Zones.local
        let times = TimeExpression(now: now) { zone.offset(atLocal: $0, received: now / 1_000_000_000) }
        do throws(QueryError) {
            return (times, try times.asked(since: since, until: until))
        } catch {
            throw ExitCode.usage(error.message + (error.hint.map { ": \($0)" } ?? ""))
        }
    }

    /// The search as this process runs it.
    func call() throws -> SearchCall {
        let now = Clock.now()
        let (times, asked) = try window(now)
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

/// How a search went: the last line of an answer, where it was asked for.
struct AnswerMeta {
    private let prepared: PreparedQuery
    private let work: SearchWork
    private let took: Duration
    private let now: Int64
    /// Why nothing was found.
    var reasons: [String] = []

    /// - `now`: nanoseconds since the Unix epoch.
    init(_ prepared: PreparedQuery, _ work: SearchWork, took: Duration, now: Int64) {
        (self.prepared, self.work, self.took, self.now) = (prepared, work, took, now)
    }

    /// `{"_meta":{…}}` and a line end.
    var line: [UInt8] {
        var json = JSONText()
        json.object { json in
            json.key("_meta")
            json.object { json in
                json.key("query")
                json.string("\(prepared.query)")
                // A window without an end has none here.
                let end = prepared.endsNow ? now : prepared.window.latest
                for (name, time) in [("from", prepared.window.earliest), ("to", end)]
                where time != .min && time != .max {
                    json.key(name)
                    json.string(TimeText.utc(time))
                }
                if prepared.endsNow {
                    json.key("ends_now")
                    json.boolean(true)
                }
                if let ahead = work.ahead {
                    json.key("ahead")
                    ahead.append(to: &json)
                }
                ResultJSON.appendWork(work, to: &json)
                json.key("took_ms")
                json.number(
                    took.components.seconds * 1_000 + took.components.attoseconds / 1_000_000_000_000_000)
                for (name, texts) in [("notes", prepared.notes.map(\.message)), ("reasons", reasons)]
                where !texts.isEmpty {
                    json.key(name)
                    json.array { json in for text in texts { json.string(text) } }
                }
            }
        }
        json.endLine()
        return json.bytes
    }
}

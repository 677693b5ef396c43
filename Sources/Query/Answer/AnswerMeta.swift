/// How a search went: the last line of an answer, where it was asked for.
struct AnswerMeta {
    private let prepared: PreparedQuery
    private let work: SearchWork
    private let took: Duration
    /// Why nothing was found.
    var reasons: [String] = []

    init(_ prepared: PreparedQuery, _ work: SearchWork, took: Duration) {
        (self.prepared, self.work, self.took) = (prepared, work, took)
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
                for (name, time) in [("from", prepared.window.earliest), ("to", prepared.window.latest)]
                where time != .min && time != .max {
                    json.key(name)
                    json.string(TimeText.utc(time))
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

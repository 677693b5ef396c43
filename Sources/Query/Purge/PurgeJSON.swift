import Index

/// The lines of JSON that work on what is stored gives while it goes on.
enum PurgeJSON {
    /// How far it is: `{"done":3,"all":96,"day":"2026-11-21"}`.
    static func progress(_ done: Int, of all: Int, _ day: String) -> [UInt8] {
        line { json in
            json.key("done")
            json.number(done)
            json.key("all")
            json.number(all)
            json.key("day")
            json.string(day)
        }
    }

    static func error(_ error: any Error) -> [UInt8] {
        line { json in
            json.key("error")
            json.string("\(error)")
        }
    }

    /// What came of it: `{"result":{…}}`.
    static func result(
        _ result: PurgeResult, isDry: Bool, _ more: (inout JSONText) -> Void = { _ in }
    ) -> [UInt8] {
        line { json in
            json.key("result")
            json.object { json in
                json.key("dry_run")
                json.boolean(isDry)
                json.key("whole")
                json.boolean(result.isWhole)
                json.key("events")
                json.number(result.events)
                json.key("days")
                json.array { json in for day in result.days { append(day, to: &json) } }
                json.key("parts")
                json.array { json in for part in result.parts { append(part, to: &json) } }
                json.key("unread")
                json.array { json in for text in result.unread { json.string(text) } }
                json.key("still_read")
                json.number(result.stillRead)
                json.key("journal_empty")
                json.boolean(result.isJournalEmpty)
                more(&json)
            }
        }
    }

    private static func append(_ day: PurgedDay, to json: inout JSONText) {
        json.object { json in
            json.key("day")
            json.string(day.day)
            json.key("place")
            json.string(day.place.rawValue)
            json.key("events")
            json.number(day.events)
        }
    }

    private static func append(_ part: PurgeResult.Replacement, to json: inout JSONText) {
        json.object { json in
            json.key("old")
            json.string(part.old)
            json.key("new")
            if let new = part.new { json.string(new) } else { json.null() }
        }
    }

    private static func line(_ body: (inout JSONText) -> Void) -> [UInt8] {
        var json = JSONText()
        json.object { body(&$0) }
        json.endLine()
        return json.bytes
    }
}

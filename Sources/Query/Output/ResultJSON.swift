import FoundationEssentials
import Index
package import Parse

/// Results as newline-delimited JSON: one event or one table row a line.
package enum ResultJSON {
    /// Appends all rows of a result.
    package static func append(_ result: SearchResult, to json: inout JSONText) {
        switch result.rows {
        case .events(let events):
            for event in events {
                append(event, to: &json)
                json.endLine()
            }
        case .table(let table):
            for row in table.rows { append(row, table.columns, to: &json) }
        }
    }

    /// Appends a row as a line of its own.
    static func append(_ row: [ResultTable.Cell], _ columns: [String], to json: inout JSONText) {
        json.object { json in
            for (name, cell) in zip(columns, row) {
                json.key(name)
                append(cell, of: name, to: &json)
            }
        }
        json.endLine()
    }

    /// Appends the keys that say how the query went.
    static func appendWork(_ work: SearchWork, to json: inout JSONText) {
        json.key("matched")
        json.number(work.matched)
        json.key("blocks")
        json.number(work.blocks)
        json.key("blocks_read")
        json.number(work.blocksRead)
        if !work.archives.isEmpty {
            json.key("archives")
            json.array { json in for volume in work.archives.sorted() { json.string("\(volume)") } }
        }
        json.key("truncated")
        json.boolean(work.isTruncated)
        json.key("partial")
        json.boolean(work.partial != nil)
        if let reason = work.partial {
            json.key("reason")
            json.string(reason)
        }
    }

    /// Appends one event: its own properties, its fields in the order of the line, and the line.
    ///
    /// A field with several values is an array, and one that is named like a key of the event is `field.NAME`.
    ///
    /// - `mark`: where the event is no match, the last keys say so.
    package static func append(_ event: FoundEvent, _ mark: EventMark = .match, to json: inout JSONText) {
        json.object { json in
            json.key("id")
            json.id(event)
            json.key("time")
            json.time(event.time)
            json.key("received")
            json.time(event.received)
            for field in json.layouts.layout(of: event) {
                json.key(encoded: field.key)
                if field.others.isEmpty {
                    append(event.fields[field.place].value, field.traits, to: &json)
                } else {
                    json.array { json in
                        for place in [field.place] + field.others {
                            append(event.fields[place].value, field.traits, to: &json)
                        }
                    }
                }
            }
            json.key("raw")
            json.string(event.raw)
            if !UTF8Text.isValid(event.raw) {
                json.key("raw_base64")
                json.string(Data(event.raw).base64EncodedString())
            }
            for (name, isSaid) in [("_context", mark != .match), ("_request", mark == .request)] where isSaid
            {
                json.key(name)
                json.boolean(true)
            }
        }
    }

    private static func append(_ value: [UInt8], _ traits: FieldTraits, to json: inout JSONText) {
        if traits.isNumber {
            json.number(text: value)
        } else {
            json.string(value)
        }
    }

    private static func append(_ cell: ResultTable.Cell, of column: String, to json: inout JSONText) {
        switch cell {
        case .text(let text): append(text, FieldTraits.of(column), to: &json)
        case .count(let count): json.number(count)
        case .number(let value): json.number(value)
        case .time(let time): json.time(time)
        case .missing: json.null()
        }
    }
}

/// Times as texts.
package enum TimeText {
    /// `2026-11-22 10:02:11` on the clocks of `zone`.
    package static func local(_ nanoseconds: Int64, _ zone: ZoneRule) -> String {
        let seconds = nanoseconds.floorQuotient(1_000_000_000)
        var bytes: [UInt8] = []
        let minutes = Int16(clamping: zone.offset(at: seconds) / 60)
        TimeLayout(.iso, fractionDigits: 0, offsetMinutes: minutes).render(nanoseconds, into: &bytes)
        if bytes.count > 10 { bytes[10] = UInt8(ascii: " ") }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// RFC 3339 in UTC with as many digits as the time has: none, 3, 6 or 9.
    package static func utc(_ nanoseconds: Int64) -> String {
        var bytes: [UInt8] = []
        TimeLayout.utc(nanoseconds).render(nanoseconds, into: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }
}

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
            for row in table.rows {
                json.object { json in
                    for (name, cell) in zip(table.columns, row) {
                        json.key(name)
                        append(cell, of: name, to: &json)
                    }
                }
                json.endLine()
            }
        }
    }

    /// Appends the line that says how the query went.
    package static func appendMeta(_ work: SearchWork, to json: inout JSONText) {
        json.object { json in
            json.key("_meta")
            json.object { json in
                json.key("matched")
                json.number(work.matched)
                json.key("blocks")
                json.number(work.blocks)
                json.key("blocks_read")
                json.number(work.blocksRead)
                json.key("truncated")
                json.boolean(work.isTruncated)
                json.key("partial")
                json.boolean(work.partial != nil)
                if let reason = work.partial {
                    json.key("reason")
                    json.string(reason)
                }
            }
        }
        json.endLine()
    }

    /// Appends one event: its own properties, its fields in the order of the line, and the line.
    ///
    /// A field with several values is an array.
    package static func append(_ event: FoundEvent, to json: inout JSONText) {
        json.object { json in
            json.key("id")
            json.string("\(Day(containing: event.time))-\(event.sequence)")
            json.key("time")
            json.string(TimeText.utc(event.time))
            json.key("received")
            json.string(TimeText.utc(event.received))
            let own: Set<String> = ["id", "time", "received", "raw"]
            var written: Set<String> = []
            for (index, field) in event.fields.enumerated() where written.insert(field.name).inserted {
                if Fields.definition(of: field.name)?.isHidden == true { continue }
                let more = event.fields[(index + 1)...].filter { $0.name == field.name }
                // A line may have fields of these names too.
                json.key(own.contains(field.name) ? "field.\(field.name)" : field.name)
                if more.isEmpty {
                    append(field.value, of: field.name, to: &json)
                } else {
                    json.array { json in
                        for value in [field] + more { append(value.value, of: value.name, to: &json) }
                    }
                }
            }
            json.key("raw")
            json.string(event.raw)
            if !isUTF8(event.raw) {
                json.key("raw_base64")
                json.string(Data(event.raw).base64EncodedString())
            }
        }
    }

    private static func append(_ value: [UInt8], of field: String, to json: inout JSONText) {
        if Fields.definition(of: field)?.kind == .number {
            json.number(text: value)
        } else {
            json.string(value)
        }
    }

    private static func append(_ cell: ResultTable.Cell, of column: String, to json: inout JSONText) {
        switch cell {
        case .text(let text): append(text, of: column, to: &json)
        case .count(let count): json.number(count)
        case .number(let value): json.number(text: Array(DecimalText.shortest(value).utf8))
        case .time(let time): json.string(TimeText.utc(time))
        case .missing: json.null()
        }
    }

    private static func isUTF8(_ bytes: [UInt8]) -> Bool {
        unsafe bytes.withUnsafeBufferPointer { unsafe String(validating: $0, as: UTF8.self) != nil }
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
        var digits: UInt8 = 9
        if nanoseconds % 1_000_000_000 == 0 {
            digits = 0
        } else if nanoseconds % 1_000_000 == 0 {
            digits = 3
        } else if nanoseconds % 1_000 == 0 {
            digits = 6
        }
        var bytes: [UInt8] = []
        TimeLayout(.iso, zone: .z, fractionDigits: digits).render(nanoseconds, into: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }
}

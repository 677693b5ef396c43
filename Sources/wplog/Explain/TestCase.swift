import FoundationEssentials
import Parse
import Query

/// A row for `wplog test`, made of a stored line: what is read now, to be completed by hand.
enum TestCase {
    /// One line of JSON.
    static func row(of event: StoredEvent) -> [UInt8] {
        var json = JSONText()
        let hasHeader = event.source == nil
        json.object { json in
            json.key("id")
            json.string(event.id)
            json.key("format")
            json.string(event.text("program"))
            json.key("program")
            json.string(event.text("program"))
            json.key("line")
            json.string(event.raw)
            if String(validating: event.raw, as: UTF8.self) == nil {
                json.key("line_b64")
                json.string(Data(event.raw).base64EncodedString())
            }
            json.key("expected")
            json.object { json in
                if hasHeader {
                    json.key("host.name")
                    json.string(event.text("host"))
                }
                json.key("message")
                json.string(event.text("message"))
            }
        }
        json.endLine()
        return json.bytes
    }
}

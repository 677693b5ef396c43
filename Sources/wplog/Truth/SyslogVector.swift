import Parse
import Query

/// Rows of `syslog_vectors.ndjson`: a frame, and how its origin parsed the header.
enum SyslogVector {
    /// Compares the parts of the header.
    static func compare(
        _ expected: [String: TruthRow.Value], _ event: FoundEvent, _ verdict: inout TruthCheck.Verdict
    ) {
        for (key, value) in expected.sorted(by: { $0.key < $1.key }) {
            guard let found = found(key, event) else {
                verdict.skipped.append(key)
                continue
            }
            var wanted: String
            switch value {
            case .null: wanted = ""
            case .text(let text): wanted = text == "<local hostname>" ? "" : text
            default: wanted = value.shown
            }
            if key == "facility" || key == "severity" { wanted = value.shown }
            if found != wanted {
                verdict.differences.append("\(key): expected \(value.shown), got \(found.debugDescription)")
            }
        }
        compareTime(expected, event, &verdict)
    }

    /// The part of the header that a key stands for; nil for a key that stands for none.
    private static func found(_ key: String, _ event: FoundEvent) -> String? {
        func text(_ name: String) -> String {
            event.value(name).map { String(decoding: $0, as: UTF8.self) } ?? ""
        }
        let priority = event.value("pri").flatMap { Int(String(decoding: $0, as: UTF8.self)) } ?? 13
        switch key {
        case "pri": return text("pri").isEmpty ? "13" : text("pri")
        case "facility": return String((priority <= 191 ? priority : 13) / 8)
        case "severity": return String((priority <= 191 ? priority : 13) % 8)
        case "hostname": return text("host")
        case "appname": return text("program")
        case "procid": return text("header_pid").isEmpty ? text("pid") : text("header_pid")
        case "msgid": return text("msgid")
        case "message": return message(event)
        default: return nil
        }
    }

    /// The message of the header, also where its own format takes another text for the message.
    private static func message(_ event: FoundEvent) -> String {
        guard let message = event.value("message") else { return "" }
        return String(decoding: message, as: UTF8.self)
    }

    /// Origins took a clock some hours east of UTC, in their own year, where a line does not say: what counts is
    /// the minute and second.
    private static func compareTime(
        _ expected: [String: TruthRow.Value], _ event: FoundEvent, _ verdict: inout TruthCheck.Verdict
    ) {
        guard case .number(let epoch)? = expected["epoch"], epoch > 1, event.value("header_time") == nil
        else { return }
        let distance = event.time / 1_000_000_000 - Int64(epoch)
        if distance % 3_600 != 0 { verdict.differences.append("epoch: \(distance) s off") }
    }
}

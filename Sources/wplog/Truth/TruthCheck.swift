import FoundationEssentials
import Parse
import Query

/// Compares events with what rows say of them.
struct TruthCheck: ~Copyable {
    /// What became of one row.
    struct Verdict {
        /// One text each: `key: expected …, got …`.
        var differences: [String] = []
        /// Keys that stand for no field.
        var skipped: [String] = []
        /// Whether nothing of the row was compared, so that it is neither right nor wrong.
        var isRowSkipped = false
    }

    /// 2026-11-22T12:00:00Z: when all lines are received.
    static let received: Int64 = 1_795_348_800_000_000_000

    private let formats: FormatSet

    init(_ formats: FormatSet) { self.formats = formats }

    /// Checks one row.
    mutating func check(_ row: TruthRow) throws -> Verdict {
        guard let line = row.bytes else {
            return row.streamBase64 == nil
                ? Verdict(differences: ["the row has no line"])
                : Verdict(skipped: ["(a stream of frames)"], isRowSkipped: true)
        }
        // A frame that its origin refuses has nothing to compare, but must be kept all the same.
        guard let expected = row.expected ?? (row.kind == nil ? nil : [:]) else {
            return Verdict(skipped: ["(no expectation)"], isRowSkipped: true)
        }
        let source =
            row.kind == nil
            ? LineSource(program: row.program ?? "", isMessage: row.isBodyOnly ?? false) : nil
        // Vectors are about the header: what a format makes of the message is looked at elsewhere.
        let formats = row.kind == nil ? formats : .none
        var reader = LineReader(formats: formats, zone: row.zone ?? .utc, received: Self.received)
        let events = try reader.read([line], from: source)
        guard let event = events.first else { return Verdict(differences: ["no event came of the line"]) }
        var verdict = Verdict()
        if event.raw != line { verdict.differences.append("the raw line is not what was read") }
        if row.kind != nil {
            SyslogVector.compare(row, expected, event, &verdict)
        } else {
            compare(expected, row, event, &verdict)
        }
        return verdict
    }

    private func compare(
        _ expected: [String: TruthRow.Value], _ row: TruthRow, _ event: FoundEvent, _ verdict: inout Verdict
    ) {
        let ecs = ECSEvent(event, formats: formats)
        for (key, value) in expected.sorted(by: { $0.key < $1.key }) {
            if key == "wmf.expected_events" {
                compareWikimedia(value, row, event, ecs, &verdict)
            } else if case .object(let members) = value {
                var flat: [(String, TruthRow.Value)] = []
                Self.flatten(members, key + ".", &flat)
                for (name, value) in flat { Self.check(name, value, event, ecs, &verdict) }
            } else if Self.isSkipped(key) {
                verdict.skipped.append(key)
            } else if key == "timestamp.raw", case .text(let text) = value,
                Self.isTimeRead(text, event)
            {
                continue
            } else {
                Self.check(key, value, event, ecs, &verdict)
            }
        }
    }

    /// Compares the values of a key.
    ///
    /// Rows of access lines have values as they are written; fields have them as they are meant. Where the one is the
    /// other with its escapes undone both are right, and the list of what is skipped names the key.
    private static func check(
        _ key: String, _ expected: TruthRow.Value, _ event: FoundEvent, _ ecs: ECSEvent,
        _ verdict: inout Verdict
    ) {
        guard let difference = difference(key, expected, event, ecs) else { return }
        let found = values(key, event, ecs)
        if case .text(let written) = expected, written.utf8.contains(UInt8(ascii: "\\")), found.count == 1,
            String(decoding: event.raw, as: UTF8.self).contains(written),
            case .text(let value) = found[0], Escapes.backslash.undone(Array(written.utf8)) == value
        {
            verdict.skipped.append("\(key) (as it is meant, not as it is written)")
        } else {
            verdict.differences.append(difference)
        }
    }

    /// Keys that no field of wplog stands for; `parse` is a remark of the row.
    private static func isSkipped(_ key: String) -> Bool {
        key.hasPrefix("crowdsec.") || key.hasSuffix(".remote_ip_list")
            || ["network.community_id", "event.action", "message.full", "parse"].contains(key)
    }

    /// Whether the event took its time from a text that the line begins with: a time that was read is kept as
    /// such, and is no text any more.
    private static func isTimeRead(_ text: String, _ event: FoundEvent) -> Bool {
        guard event.value("header_time") == nil, event.value("log_time") == nil, event.time != received else {
            return false
        }
        let behind = event.raw.first == UInt8(ascii: "<") ? event.raw.firstIndex(of: UInt8(ascii: ">")) : nil
        return event.raw[(behind.map { $0 + 1 } ?? 0)...].starts(with: text.utf8)
    }

    /// What is wrong with the values of a key; nil where they are right.
    static func difference(
        _ key: String, _ expected: TruthRow.Value, _ event: FoundEvent, _ ecs: ECSEvent
    ) -> String? {
        if key == "message.startswith" || key == "message.suffix", case .text(let part) = expected {
            let message = event.value("message") ?? []
            let isRight =
                key == "message.suffix"
                ? message.hasSuffix(Array(part.utf8)) : message.starts(with: part.utf8)
            return isRight ? nil : shown(key, expected, [.text(message)])
        }
        var actual = values(key, event, ecs)
        // A time whose text can be made again is a column: the line has the text.
        if key == "timestamp.raw", actual.isEmpty, event.time != received, case .text(let text) = expected,
            String(decoding: event.raw, as: UTF8.self).contains(text)
        {
            actual = [.text(Array(text.utf8))]
        }
        return matches(key, expected, actual) ? nil : shown(key, expected, actual)
    }

    /// The values under a name: that of the schema, or that of a field or of one of its aliases.
    static func values(_ key: String, _ event: FoundEvent, _ ecs: ECSEvent) -> [ECSEvent.Value] {
        if key == "timestamp.raw" {
            return [event.value("header_time") ?? event.value("log_time")].compactMap { $0.map { .text($0) } }
        }
        // Wikimedia's `level` is the word of the line, not the one of eight that it counts as.
        if let values = ecs[key == "level" ? "log.level" : key] { return values }
        let name = Fields.definition(of: key)?.name ?? key
        if name == "time" { return [.time(event.time)] }
        return event.fields.filter { $0.name == name }.map { .text($0.value) }
    }

    private static func matches(
        _ key: String, _ expected: TruthRow.Value, _ actual: [ECSEvent.Value]
    ) -> Bool {
        switch expected {
        case .null: return actual.isEmpty
        case .list(let list):
            return list.count == actual.count && zip(list, actual).allSatisfy { matches(key, $0, [$1]) }
        case .object: return false
        default: break
        }
        guard actual.count == 1 else { return false }
        switch (expected, actual[0]) {
        case (.text(let text), .time(let time)): return isSame(text, time)
        case (.text(let text), .text(let value)), (.text(let text), .number(let value)):
            return String(decoding: value, as: UTF8.self) == text
        case (.number(let number), .text(let value)), (.number(let number), .number(let value)):
            guard let found = Double(String(decoding: value, as: UTF8.self)) else { return false }
            return abs(found - number) <= abs(number) * 1e-9
        case (.boolean(let truth), .text(let value)), (.boolean(let truth), .number(let value)):
            return Array((truth ? "true" : "false").utf8) == value
        default: return false
        }
    }

    /// Whether a time is the expected one, to the digits that are given.
    private static func isSame(_ text: String, _ time: Int64) -> Bool {
        guard
            let wanted = TimeReading.rfc3339(Array(text.utf8))
                ?? TimeReading.rfc3339(Array((text + "Z").utf8))
        else { return false }
        var unit: Int64 = 1
        for _ in min(wanted.digits, 9)..<9 { unit *= 10 }
        return wanted.nanoseconds / unit == time / unit
    }

    static func shown(
        _ key: String, _ expected: TruthRow.Value, _ actual: [ECSEvent.Value]
    ) -> String {
        let texts = actual.map { $0.text.debugDescription }
        let found = texts.isEmpty ? "nothing" : texts.joined(separator: ", ")
        return "\(key): expected \(expected.shown), got \(found)"
    }
}

extension [UInt8] {
    fileprivate func hasSuffix(_ other: [UInt8]) -> Bool {
        count >= other.count && suffix(other.count) == other[...]
    }
}

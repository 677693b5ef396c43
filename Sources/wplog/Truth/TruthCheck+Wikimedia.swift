import Parse
import Query

/// Rows that say what Wikimedia's filters make of an event.
extension TruthCheck {
    /// Compares with the event that Wikimedia's filters make.
    ///
    /// Its members that are fields of wplog are looked at; the others are made up by those filters, and
    /// skipped.
    func compareWikimedia(
        _ value: TruthRow.Value, _ row: TruthRow, _ event: FoundEvent, _ ecs: ECSEvent,
        _ verdict: inout Verdict
    ) {
        guard let flat = Self.expectedEvent(value, event) else {
            return verdict.skipped.append("wmf.expected_events (none)")
        }
        for (key, value) in flat {
            let isKnown = ecs[key] != nil || Fields.definition(of: key) != nil
            if key == "__target_index" || !isKnown || Self.isOfFilters(key, value, row) {
                verdict.skipped.append("wmf:\(key)")
            } else if key == "log.level" || key == "level", case .text(let level) = value {
                // The filters write levels in capitals.
                let found = Self.values(key, event, ecs).map { $0.text.lowercased() }
                if found != [level.lowercased()] {
                    verdict.differences.append(Self.shown(key, value, Self.values(key, event, ecs)))
                }
            } else if let difference = Self.difference(key, value, event, ecs) {
                verdict.differences.append(difference)
            }
        }
    }

    /// The members of the listed event with this event's message; of the first one where none has it.
    private static func expectedEvent(
        _ value: TruthRow.Value, _ event: FoundEvent
    ) -> [(String, TruthRow.Value)]? {
        guard case .list(let list) = value else { return nil }
        let message = event.value("message").map { String(decoding: $0, as: UTF8.self) }
        var first: [(String, TruthRow.Value)]?
        for case .object(let members) in list {
            var flat: [(String, TruthRow.Value)] = []
            flatten(members, "", &flat)
            if let message, members["message"] == .text(message) { return flat }
            first = first ?? flat
        }
        return first
    }

    /// Whether a value is not of the line: the filters made it up or took something out, or it came beside the line
    /// with its syslog header.
    private static func isOfFilters(_ key: String, _ value: TruthRow.Value, _ row: TruthRow) -> Bool {
        if case .text(let text) = value, text == "NOTSET" || text.contains("redacted") { return true }
        guard row.header != nil else { return false }
        return key.hasPrefix("log.syslog.")
            || headerKeys.contains(key) && beside(row).contains(value.lowercased)
    }

    /// The keys that a header brings.
    private static let headerKeys: Set<String> = [
        "host", "host.name", "level", "log.level", "facility", "severity", "program", "logsource",
    ]

    /// What came beside the line.
    private static func beside(_ row: TruthRow) -> Set<String> {
        Set(row.header?.values.map(\.lowercased) ?? [])
    }

    static func flatten(
        _ members: [String: TruthRow.Value], _ prefix: String, _ flat: inout [(String, TruthRow.Value)]
    ) {
        for (key, value) in members.sorted(by: { $0.key < $1.key }) {
            if case .object(let inner) = value {
                flatten(inner, prefix + key + ".", &flat)
            } else {
                flat.append((prefix + key, value))
            }
        }
    }
}

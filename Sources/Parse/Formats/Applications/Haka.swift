extension Fields {
    /// Of Haka.
    static let haka: [FieldDefinition] = [
        FieldDefinition("alert_id", .keyword, ["rule.id"]),
        FieldDefinition("alert_severity", .keyword), FieldDefinition("confidence", .keyword),
        FieldDefinition("completion", .keyword), FieldDefinition("alert_method", .text),
        FieldDefinition("alert_refs", .keyword), FieldDefinition("source_service", .keyword),
        FieldDefinition("target_service", .keyword),
    ]
}

extension FormatDefinition {
    /// Alerts of Haka: as text (`alert/file`, `alert/syslog`), and as objects (`alert/elasticsearch`).
    static let haka: [FormatDefinition] = [
        FormatDefinition(
            name: "haka", programs: hakaPrograms, check: .prefix("alert"), body: .code(HakaAlert.read),
            lines: .several()),
        FormatDefinition(name: "haka-json", programs: hakaPrograms, check: .json, body: .json(hakaKeys)),
    ]

    private static let hakaPrograms = ProgramRule(names: [], prefixes: ["haka"])

    private static let hakaKeys = KeyRules(
        [
            "time": .time([.slashed]), "start time": .field("start_time"), "end time": .field("end_time"),
            "id": .field("alert_id"), "severity": .code(HakaAlert.readSeverity),
            "description": .field("message"), "method.description": .field("alert_method"),
            "method.ref": .field("alert_refs"), "sources.address": .field("client_ip"),
            "sources.services": .field("source_service"), "targets.address": .field("dst_ip"),
            "targets.services": .field("target_service"),
        ])
}

/// `alert: id = 7`, and behind it `name = value` by name in a fixed order: each in a line with a tab before
/// it, or all in one line (lib/haka/alert.c, alert_tostring; modules/alert/file).
///
/// An update names the alert that it is about by its number.
enum HakaAlert {
    private static let severity = FieldID(named: "alert_severity"), action = FieldID(named: "action")
    private static let client = FieldID(named: "client_ip"), target = FieldID(named: "dst_ip")
    private static let sourceService = FieldID(named: "source_service")
    private static let targetService = FieldID(named: "target_service")

    private enum Value {
        case text(FieldID)
        case time
        case severity
        case sources
        case targets
    }

    /// In the order in which they are written.
    private static let keys: [(name: StaticString, value: Value)] = [
        ("id = ", .text(FieldID(named: "alert_id"))), ("time = ", .time),
        ("start time = ", .text(FieldID(named: "start_time"))),
        ("end time = ", .text(FieldID(named: "end_time"))),
        ("severity = ", .severity), ("confidence = ", .text(FieldID(named: "confidence"))),
        ("completion = ", .text(FieldID(named: "completion"))), ("description = ", .text(.message)),
        ("method = ", .text(FieldID(named: "alert_method"))), ("sources = ", .sources),
        ("targets = ", .targets), ("refs = ", .text(FieldID(named: "alert_refs"))),
    ]

    private static let times: [TimeFormat] = [
        .slashed, .sql, .iso, TimeFormat("%a %b %d %H:%M:%S%f %Y"), TimeFormat("%d/%m/%Y %H:%M:%S%f"),
    ]

    @Sendable
    static func read(_ bytes: Span<UInt8>, _ range: Range<Int>, _ event: inout EventWriter) -> Bool {
        event.read(bytes, range, unescaping: .octal) { bytes, range, event in
            var at = range.lowerBound
            let end = range.upperBound
            guard bytes.has("alert", at: at, to: end) else { return false }
            at &+= 5
            // `alert: update id = 7` or `alert update: id = 7`
            var update: Int?
            if bytes.has(" update", at: at, to: end) {
                update = at &+ 1
                at &+= 7
            }
            guard bytes.has(": ", at: at, to: end) else { return false }
            at = skip(bytes, at &+ 2, end)
            if bytes.has("update ", at: at, to: end) {
                update = at
                at = skip(bytes, at &+ 7, end)
            }
            guard bytes.has("id = ", at: at, to: end) else { return false }
            if let update { event.add(action, bytes, update..<update &+ 6) }
            addFields(bytes, at, end, &event)
            return true
        }
    }

    /// Reads the severity of an alert: also the level of the event.
    @Sendable
    static func readSeverity(_ bytes: Span<UInt8>, _ range: Range<Int>, _ event: inout EventWriter) -> Bool {
        if bytes.has("low", at: range.lowerBound, to: range.upperBound) { event.event.severity = 5 }
        if bytes.has("medium", at: range.lowerBound, to: range.upperBound) { event.event.severity = 4 }
        if bytes.has("high", at: range.lowerBound, to: range.upperBound) { event.event.severity = 3 }
        event.add(severity, bytes, range)
        return true
    }

    private static func addFields(_ bytes: Span<UInt8>, _ start: Int, _ end: Int, _ event: inout EventWriter)
    {
        var at = start
        var index = 0
        while index < keys.count {
            let value = at &+ keys[index].name.utf8CodeUnitCount
            // The next name that is there ends this value.
            var next = index &+ 1
            var stop = end
            var nextAt = end
            while next < keys.count {
                if let found = find(keys[next].name, bytes, value, end) {
                    nextAt = found
                    stop = found
                    break
                }
                next &+= 1
            }
            while stop > value, isSpace(bytes[stop &- 1]) || bytes[stop &- 1] == UInt8(ascii: ",") {
                stop &-= 1
            }
            add(keys[index].value, bytes, min(value, stop)..<stop, &event)
            at = nextAt
            index = next
        }
    }

    private static func add(
        _ value: Value, _ bytes: Span<UInt8>, _ range: Range<Int>, _ event: inout EventWriter
    ) {
        switch value {
        case .text(let field): event.add(field, bytes, range)
        case .time:
            if !event.setTime(bytes, range, times) {
                event.event.reasons.insert(.badTime)
                event.add(.logTime, bytes, range)
            }
        case .severity: _ = readSeverity(bytes, range, &event)
        case .sources: addNodes(bytes, range, client, sourceService, &event)
        case .targets: addNodes(bytes, range, target, targetService, &event)
        }
    }

    /// Adds the values of `{ address: 10.0.0.1, 10.0.0.2 service: tcp/80 }`.
    private static func addNodes(
        _ bytes: Span<UInt8>, _ range: Range<Int>, _ address: FieldID, _ service: FieldID,
        _ event: inout EventWriter
    ) {
        var field: FieldID?
        var at = range.lowerBound
        while at < range.upperBound {
            guard !isSpace(bytes[at]), !isMark(bytes[at]) else {
                at &+= 1
                continue
            }
            let start = at
            while at < range.upperBound, !isSpace(bytes[at]), bytes[at] != UInt8(ascii: ","),
                bytes[at] != UInt8(ascii: "}")
            {
                at &+= 1
            }
            if bytes.has("address:", at: start, to: at) {
                field = address
            } else if bytes.has("service:", at: start, to: at) {
                field = service
            } else if let field {
                event.add(field, bytes, start..<at)
            }
        }
    }

    /// The offset of a name that begins a word.
    private static func find(_ name: StaticString, _ bytes: Span<UInt8>, _ from: Int, _ end: Int) -> Int? {
        var at = from
        while let found = bytes.find(name, from: at, to: end) {
            if found > 0, isSpace(bytes[found &- 1]) { return found }
            at = found &+ 1
        }
        return nil
    }

    private static func skip(_ bytes: Span<UInt8>, _ from: Int, _ end: Int) -> Int {
        var at = from
        while at < end, isSpace(bytes[at]) { at &+= 1 }
        return at
    }

    private static func isMark(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "{") || byte == UInt8(ascii: "}") || byte == UInt8(ascii: ",")
    }

    private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte >= 0x09 && byte <= 0x0D }
}

import Parse
import TestSupport

extension NaiveEvent {
    /// RFC 5424 §6.2.1 facilities, by number.
    private static let facilities = [
        "kern", "user", "mail", "daemon", "auth", "syslog", "lpr", "news", "uucp", "cron", "authpriv", "ftp",
        "ntp",
        "security", "console", "solaris-cron", "local0", "local1", "local2", "local3", "local4", "local5",
        "local6",
        "local7",
    ]

    /// An event as its parser left it: nothing here has been through a block.
    init(_ event: Event, in batch: EventBatch) {
        self.init(raw: Array(batch.bytes[event.raw.range]), time: event.time)
        received = batch.received
        if event.severity != Event.unknown { severity = Int(event.severity) }
        func add(_ name: String, _ value: String) { fields[name, default: []].append(Array(value.utf8)) }
        if event.facility != Event.unknown { add("facility", Self.facilities[Int(event.facility)]) }
        add("parser", Formats.names.name(of: event.format))
        add("parse", event.outcome.name)
        if !event.reasons.isEmpty { add("reason", event.reasons.descriptions.joined(separator: " ")) }
        add("peer", batch.peers[Int(event.peer)].address)
        add("listener", batch.peers[Int(event.peer)].listener.name)
        for field in batch.fields(of: event) {
            fields[Fields.table.name(of: field.field.rawValue), default: []].append(
                Array(batch.bytes(of: field)))
        }
        // The two that a block may hold as a time alone, which no query can name.
        fields["header_time"] = nil
        fields["log_time"] = nil
    }
}

/// What there is to ask about some events: their words, phrases, values, and things that look like parts of times.
struct AskedWords {
    static func vocabulary(of events: [NaiveEvent], _ random: inout SeededRandom) -> RandomQuery.Vocabulary {
        var texts = [
            "21", "2026", "500", "123456", "10", "nov", "11:00", "+0000", "00", "z", "t", "utc", "nowhere",
            "x-y",
        ]
        texts += ["10.0.0.7", "0.0.7", "1.2.3.4", "a1b2c3d4e5f6", "GET", "\"GET", "HTTP/1.1\" 200", "naïve"]
        for _ in 0..<120 {
            guard let event = events.randomElement(using: &random) else { continue }
            let source =
                random.once(in: 3)
                ? event.fields.values.randomElement(using: &random)?.first ?? [] : event.raw
            if let text = part(of: source, &random) { texts.append(text) }
        }
        var fields: [(name: String, kind: FieldKind, values: [String])] = [
            ("missing_field", .open, ["x", "7"])
        ]
        let names = Set(events.flatMap(\.fields.keys)).sorted()
        for name in names {
            var values: [String] = []
            for event in events.shuffled(using: &random).prefix(40) {
                for value in event.fields[name] ?? [] {
                    guard let text = String(validating: value, as: UTF8.self), !text.contains("\0") else {
                        continue
                    }
                    values.append(text)
                    if let text = part(of: value, &random) { values.append(text) }
                }
            }
            if values.isEmpty { values = ["-"] }
            fields.append((name, Fields.definition(of: name)?.kind ?? .open, values))
        }
        fields.append(("level", .level, ["3", "5", "0"]))
        let times = events.shuffled(using: &random).prefix(20).map { String($0.time) }
        fields.append(("time", .time, times))
        fields.append(("received", .time, events.prefix(1).map { String($0.received) }))
        return RandomQuery.Vocabulary(texts: texts, fields: fields)
    }

    private static func isEdge(_ place: Int, _ text: [UInt8]) -> Bool {
        place == 0 || place == text.count
            || !(Token.isTokenByte(text[place - 1]) && Token.isTokenByte(text[place]))
    }

    /// A part of a text, mostly from one token edge to another.
    private static func part(of text: [UInt8], _ random: inout SeededRandom) -> String? {
        let isEdged = !random.once(in: 5)
        let places = (0...text.count).filter { !isEdged || isEdge($0, text) }
        let start = random.below(places.count)
        let end = min(places.count - 1, start + 1 + random.below(random.once(in: 3) ? 12 : 3))
        guard end > start else { return nil }
        return String(validating: text[places[start]..<places[end]], as: UTF8.self)
    }
}

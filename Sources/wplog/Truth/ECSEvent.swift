import Parse
import Query

/// An event under the names of the Elastic Common Schema, and of Beats and Wikimedia where that has none.
struct ECSEvent {
    enum Value {
        case text([UInt8])
        case number([UInt8])
        case time(Int64)
    }

    /// Values by name, in the order of the line.
    ///
    /// A field with several values has several.
    private(set) var values: [(name: String, values: [Value])] = []

    init(_ event: FoundEvent, formats: FormatSet) {
        add("@timestamp", .time(event.time))
        let format = event.value("parser").map { String(decoding: $0, as: UTF8.self) } ?? ""
        let own = formats.ecsNames(ofFormat: format)
        for (name, value) in event.fields where name != "raw" && !(name == "peer" && value.isEmpty) {
            let definition = Fields.definition(of: name)
            guard definition?.isHidden != true else { continue }
            // The level as the line writes it says more than the one of eight that it counts as.
            if name == "level", event.value("level_text") != nil { continue }
            let isNumber = definition?.kind == .number || Self.numbers.contains(name)
            for ecs in own[name] ?? [definition?.ecsName ?? name] {
                add(ecs, isNumber ? .number(value) : .text(value))
            }
        }
        if let level = event.value("level_text") { add("log.level", .text(level)) }
        derive(event)
    }

    /// The values of a name.
    subscript(_ name: String) -> [Value]? { values.first { $0.name == name }?.values }

    private mutating func add(_ name: String, _ value: Value) {
        if let index = values.firstIndex(where: { $0.name == name }) {
            values[index].values.append(value)
        } else {
            values.append((name, [value]))
        }
    }

    /// What the schema keeps beside what a line says.
    private mutating func derive(_ event: FoundEvent) {
        if let path = event.value("path") {
            let parts = path.split(
                separator: UInt8(ascii: "?"), maxSplits: 1, omittingEmptySubsequences: false)
            if self["url.path"] == nil { add("url.path", .text(Array(parts[0]))) }
            if parts.count > 1, self["url.query"] == nil { add("url.query", .text(Array(parts[1]))) }
        }
        if self["event.outcome"] == nil, let status = event.value("status"), status.count == 3 {
            add("event.outcome", .text(Array((status[0] < UInt8(ascii: "4") ? "success" : "failure").utf8)))
        }
    }

    /// Fields that are names to wplog and numbers to the schema.
    private static let numbers: Set<String> = ["pid", "tid", "connection_id"]

    /// Appends the event as one JSON object.
    func append(to json: inout JSONText) {
        json.object { json in
            for (name, values) in values {
                json.key(name)
                if values.count == 1 {
                    Self.append(values[0], to: &json)
                } else {
                    json.array { json in
                        for value in values { Self.append(value, to: &json) }
                    }
                }
            }
        }
    }

    private static func append(_ value: Value, to json: inout JSONText) {
        switch value {
        case .text(let text): json.string(text)
        case .number(let text): json.number(text: text)
        case .time(let time): json.string(TimeText.utc(time))
        }
    }
}

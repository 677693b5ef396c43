/// How the fields of events are written as JSON, by their names.
///
/// Kept, as most events have the names of one before.
struct EventLayouts: Sendable {
    /// One key of the event.
    struct Field: Sendable {
        /// The key, as it is written.
        let key: [UInt8]
        /// Which of the event's fields it is, and which others have the same name.
        let place: Int
        let others: [Int]
        let traits: FieldTraits
    }

    private var known: [(names: [String], fields: [Field])] = []
    /// The layout of the last event.
    private var last = 0

    /// Layouts that are kept.
    private static let most = 16

    /// What is written of an event, in its order.
    mutating func layout(of event: FoundEvent) -> [Field] {
        if last < known.count, Self.isSame(known[last].names, event) { return known[last].fields }
        if let found = known.firstIndex(where: { Self.isSame($0.names, event) }) {
            last = found
        } else {
            if known.count >= Self.most { known.removeFirst() }
            last = known.count
            known.append((event.fields.map(\.name), Self.fields(of: event)))
        }
        return known[last].fields
    }

    private static func isSame(_ names: [String], _ event: FoundEvent) -> Bool {
        guard names.count == event.fields.count else { return false }
        for index in names.indices where names[index] != event.fields[index].name { return false }
        return true
    }

    private static func fields(of event: FoundEvent) -> [Field] {
        event.fields.enumerated().compactMap { place, field in
            let traits = FieldTraits.of(field.name)
            if traits.isHidden { return nil }
            let others = event.fields.indices.filter { $0 != place && event.fields[$0].name == field.name }
            if let first = others.first, first < place { return nil }
            let key = JSONText.encodedKey(traits.isOwn ? "field.\(field.name)" : field.name)
            return Field(key: key, place: place, others: others, traits: traits)
        }
    }
}

/// What `fields` stages make of events that are handed on one by one.
struct EventShape: Sendable {
    /// The form of the output, with the columns that were asked for.
    private(set) var form: OutputForm
    private var without: [String] = []

    init(_ form: OutputForm, _ stages: [Stage]) {
        self.form = form
        for stage in stages {
            switch stage {
            case .fields(let fields): self.form.fields = fields
            case .without(let fields): without += fields
            default: continue
            }
        }
    }

    /// The event as it is shown.
    func shaped(_ event: FoundEvent) -> FoundEvent {
        if without.isEmpty { return event }
        var event = event
        event.fields.removeAll { without.contains($0.name) }
        return event
    }
}

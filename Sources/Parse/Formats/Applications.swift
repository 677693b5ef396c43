extension Fields {
    /// Of other applications.
    static let applications: [FieldDefinition] = []
}

extension FormatDefinition {
    /// Of other applications.
    static let applications: [FormatDefinition] = []
}

extension Fields {
    /// Of Postfix.
    static let mail: [FieldDefinition] = []
}

extension FormatDefinition {
    /// Of Postfix.
    static let mail: [FormatDefinition] = []
}

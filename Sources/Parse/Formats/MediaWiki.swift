extension Fields {
    /// Of MediaWiki.
    static let mediaWiki: [FieldDefinition] = []
}

extension FormatDefinition {
    /// Of MediaWiki.
    static let mediaWiki: [FormatDefinition] = []
}

extension Fields {
    /// Of PHP: php-fpm and its error log.
    static let php: [FieldDefinition] = []
}

extension FormatDefinition {
    /// Of PHP: php-fpm and its error log.
    static let php: [FormatDefinition] = []
}

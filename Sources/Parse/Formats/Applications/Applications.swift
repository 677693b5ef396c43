extension Fields {
    /// Of other applications.
    static let applications: [FieldDefinition] =
        [
            FieldDefinition("jid", .keyword)
        ] + node + rails + haka + wikimedia
}

extension FormatDefinition {
    /// Of other applications.
    static let applications: [FormatDefinition] = node + salt + rails + gluster + haka + wikimedia
}

/// A message that nothing more is read of.
enum PlainMessage {
    /// Adds the rest as the message; an empty one where the pattern has the message.
    @Sendable
    static func read(_ bytes: Span<UInt8>, _ range: Range<Int>, _ event: inout EventWriter) -> Bool {
        if !range.isEmpty { event.add(.message, bytes, range, unescaping: .octal) }
        return true
    }
}

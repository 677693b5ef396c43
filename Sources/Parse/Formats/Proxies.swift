extension Fields {
    /// Of proxies: Varnish, Fastly, HAProxy.
    static let proxies: [FieldDefinition] = []
}

extension FormatDefinition {
    /// Of proxies: Varnish, Fastly, HAProxy.
    static let proxies: [FormatDefinition] = []
}

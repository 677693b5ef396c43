extension Fields {
    /// Of the services of the system: sshd, sudo, cron, systemd, kernel.
    static let system: [FieldDefinition] = []
}

extension FormatDefinition {
    /// Of the services of the system: sshd, sudo, cron, systemd, kernel.
    static let system: [FormatDefinition] = []
}

extension Fields {
    /// Of the services of the system: sshd, sudo, su, cron, systemd, kernel, Monit.
    static let system: [FieldDefinition] =
        [
            FieldDefinition("repeated", .number),
            FieldDefinition("transport", .keyword, ["network.transport"]),
            FieldDefinition("outcome", .keyword, ["event.outcome"]),
            FieldDefinition("process", .keyword, ["process.executable"]),
            // Of people and groups.
            FieldDefinition("effective_user", .keyword, ["user.effective.name", "system.auth.sudo.user"]),
            FieldDefinition("effective_user_id", .keyword, ["user.effective.id"]),
            FieldDefinition("group", .keyword, ["group.name"]),
            FieldDefinition("group_id", .keyword, ["group.id"]),
            FieldDefinition("home", .keyword, ["system.auth.useradd.home"]),
            FieldDefinition("shell", .keyword, ["system.auth.useradd.shell"]),
            FieldDefinition("tty", .keyword, ["system.auth.sudo.tty"]),
            FieldDefinition("cwd", .keyword, ["process.working_directory", "system.auth.sudo.pwd"]),
            FieldDefinition("sudo_error", .text, ["system.auth.sudo.error"]),
            FieldDefinition("logname", .keyword),
            FieldDefinition("ruser", .keyword),
            FieldDefinition("uid", .keyword),
            FieldDefinition("euid", .keyword),
            FieldDefinition("pam_module", .keyword),
            FieldDefinition("pam_service", .keyword),
            FieldDefinition("pam_type", .keyword),
            // Of sshd.
            FieldDefinition("ssh_event", .keyword, ["system.auth.ssh.event"]),
            FieldDefinition("auth_method", .keyword, ["system.auth.ssh.method"]),
            FieldDefinition("signature", .text, ["system.auth.ssh.signature"]),
            FieldDefinition("dropped_ip", .address, ["system.auth.ssh.dropped_ip"]),
            // Of systemd and Monit.
            FieldDefinition("unit", .keyword, ["systemd.unit"]),
            // Of the kernel.
            FieldDefinition("object", .keyword),
        ] + firewall
}

extension FormatDefinition {
    /// Of the services of the system: sshd, sudo, su, cron, systemd, kernel, Monit.
    static let system: [FormatDefinition] = [
        FormatDefinition(name: "sshd", programs: sshd, body: .code(SSHDaemon.read)),
        FormatDefinition(
            name: "sudo", programs: ProgramRule(names: ["sudo"]), body: .code(SystemSudo.read)),
        FormatDefinition(
            name: "su", programs: ProgramRule(names: ["su"]), body: .code(SystemSudo.readSwitch)),
        FormatDefinition(
            name: "cron",
            programs: ProgramRule(
                names: ["cron", "CRON", "crond", "CROND", "anacron", "crontab"],
                suffixes: ["/cron", "/CRON", "/crond", "/crontab"]),
            body: .code(SystemServices.readCron)),
        FormatDefinition(
            name: "accounts",
            programs: ProgramRule(names: [
                "useradd", "userdel", "usermod", "groupadd", "groupdel", "groupmod", "adduser", "addgroup",
                "gpasswd", "passwd", "chage", "chfn", "chsh", "newusers", "chpasswd", "groupmems",
            ]), body: .code(SystemAccounts.read)),
        FormatDefinition(
            name: "systemd", programs: ProgramRule(names: ["systemd", "systemd-logind"]),
            body: .code(SystemServices.readSystemd)),
        FormatDefinition(
            name: "ulogd-json", programs: ProgramRule(names: ["ulogd", "ulogd2"]), check: .json,
            body: .json(
                KeyRules([
                    "message": .code(KernelFirewall.read), "timestamp": .time([.iso]),
                    "@timestamp": .time([.iso]),
                ])), ecs: firewallNames),
        FormatDefinition(
            name: "iptables", programs: firewallPrograms, body: .code(KernelFirewall.read), ecs: firewallNames
        ),
        FormatDefinition(
            name: "kernel", programs: ProgramRule(names: ["kernel"]), body: .code(Kernel.read)),
        FormatDefinition(
            name: "pam", programs: ProgramRule(names: [], suffixes: ["(pam_unix)"]),
            body: .code(SystemPAM.readTagged)),
        FormatDefinition(
            name: "monit", programs: ProgramRule(names: ["monit"]), patterns: ["%{MONITLINE}"],
            time: TimeCapture("log_time", .iso, TimeFormat("%Z %b %d %H:%M:%S"), .bsd),
            rest: ("rest", .code(Monit.read)), lines: .code(Monit.place)),
    ]

    /// What any program may write.
    static let anyProgram: [FormatDefinition] = [
        FormatDefinition(name: "pam", programs: .any, check: .prefix("pam_"), body: .code(SystemPAM.read)),
        FormatDefinition(
            name: "iptables", programs: .any, check: .prefix("IN="), body: .code(KernelFirewall.read),
            ecs: firewallNames),
        FormatDefinition(
            name: "trace", programs: .any, check: .thrown, body: .code(ThrownTrace.read)),
    ]

    private static let sshd = ProgramRule(names: ["sshd", "sshd-session", "sshd-auth"])
    private static let firewallPrograms = ProgramRule(names: ["kernel", "ulogd", "ulogd2", "iptables"])
    private static let firewallNames: [String: [String]] = [
        "host": ["host.name", "observer.name"], "mark": ["iptables.mark"],
    ]
}

extension EventWriter {
    /// Adds a text that varies between lines and is no field: found by its words, and not shown.
    mutating func addUnnamed(_ bytes: Span<UInt8>, _ range: Range<Int>) {
        if !range.isEmpty { add(.escaped, bytes, range) }
    }

    /// Takes a text that has no parts as the message; true, so that readers can end with it.
    mutating func addPlain(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Bool {
        add(.message, bytes, range, unescaping: .octal)
        return true
    }
}

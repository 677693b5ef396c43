import Parse

/// The texts of what events hold as numbers: levels, facilities, outcomes, reasons and formats.
enum FixedValues {
    /// RFC 5424 §6.2.1 severities, by number, under the names of syslog.conf.
    private static let levels = ["emerg", "alert", "crit", "err", "warning", "notice", "info", "debug"]

    /// RFC 5424 §6.2.1 facilities, by number.
    private static let facilities = [
        "kern", "user", "mail", "daemon", "auth", "syslog", "lpr", "news", "uucp", "cron", "authpriv", "ftp",
        "ntp", "security", "console", "solaris-cron", "local0", "local1", "local2", "local3", "local4",
        "local5",
        "local6", "local7",
    ]

    static func level(_ number: UInt32) -> [UInt8] { Array(levels[min(Int(number), 7)].utf8) }

    static func facility(_ number: UInt32) -> [UInt8] { Array(facilities[min(Int(number), 23)].utf8) }

    static func outcome(_ number: UInt32) -> [UInt8] {
        Array((ParseOutcome(rawValue: UInt8(truncatingIfNeeded: number)) ?? .failed).name.utf8)
    }

    /// All reasons, separated by blanks, so that each is found as a word.
    static func reasons(_ bits: UInt32) -> [UInt8] {
        Array(ParseReasons(rawValue: bits).descriptions.joined(separator: " ").utf8)
    }

    static func format(_ number: UInt32) -> [UInt8] {
        Array(Formats.names.name(of: UInt16(truncatingIfNeeded: number)).utf8)
    }
}

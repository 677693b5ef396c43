extension Fields {
    /// Of PHP: php-fpm, its error log, what runs on it.
    static let php: [FieldDefinition] = [
        // Of errors.
        FieldDefinition("php_level", .keyword, ["php.level"]),
        FieldDefinition("frames", .number, ["error.stack.frames"]),
        FieldDefinition("caller", .text),
        FieldDefinition("timezone", .keyword, ["event.timezone"]),
        // Of php-fpm.
        FieldDefinition("pool", .keyword, ["php_fpm.pool"]),
        FieldDefinition("source_line", .number),
        FieldDefinition("script", .keyword, ["php_fpm.script"]),
        FieldDefinition("signal_name", .keyword, ["php_fpm.child.signal_name"]),
        FieldDefinition("memory", .number, unit: "bytes", ["php_fpm.memory.bytes"]),
        FieldDefinition("memory_kb", .number, ["php_fpm.memory.kb"]),
        FieldDefinition("cpu", .number, ["php_fpm.cpu.pct"]),
    ]
}

extension FieldID {
    static let phpLevel = FieldID(named: "php_level"), exception = FieldID(named: "exception")
    static let errorMessage = FieldID(named: "error_message"), file = FieldID(named: "file")
    static let fileLine = FieldID(named: "file_line"), stackTrace = FieldID(named: "stack_trace")
    static let query = FieldID(named: "query"), caller = FieldID(named: "caller")
}

extension FormatDefinition {
    /// PHP: php-fpm's log, access lines and slow requests, PHP's error log, and the logs of what runs on it.
    ///
    /// One program writes several of them: the first that can tell its line by its beginning has it.
    static let php: [FormatDefinition] = [
        FormatDefinition(
            name: "php-fpm", programs: fpm, body: .code(PHPFPM.read), lines: .code(PHPFPM.place),
            ecs: ["duration": ["event.duration.seconds"]]),
        FormatDefinition(
            name: "php-fpm-json", programs: fpm, check: .json, body: .json(PHPFPMAccess.keys)),
        FormatDefinition(
            name: "php-fpm-slow", programs: fpm, check: .shape("[99-aaa-9999 99:99:99"),
            body: .code(PHPFPMSlow.read), lines: .code(PHPFPMSlow.place),
            ecs: [
                "function": ["error.stack.head.function"], "file": ["error.stack.head.file"],
                "file_line": ["error.stack.head.line"],
            ]),
        FormatDefinition(
            name: "php-errorlog", programs: anyPHP, check: .shape("[99-aaa-9999 99:99:99"),
            body: .code(PHPErrorLog.read), lines: .several()),
        FormatDefinition(
            name: "php-message", programs: anyPHP, check: .prefix("PHP "), body: .code(PHPMessage.read),
            lines: .several(rest: .traces)),
        FormatDefinition(
            name: "wordpress-message", programs: anyPHP, check: .prefix("WordPress "),
            body: .code(PHPMessage.read), lines: .several(rest: .traces)),
        FormatDefinition(
            name: "wordpress-login", programs: wordPress, body: .code(WordPressLogin.read)),
        // What scripts say with syslog() and error_log() is any text.
        FormatDefinition(
            name: "php-text", programs: ProgramRule(names: ["php", "php-cli"]), body: .code(PlainMessage.read)
        ),
        FormatDefinition(
            name: "php-fpm-access", programs: fpm, patterns: ["%{PHPFPMACCESS}"],
            time: TimeCapture("log_time", .http, .iso), rest: ("rest", .code(PHPFPMAccess.readRest)),
            lines: .code(PHPFPMAccess.place)),
        FormatDefinition(
            name: "php-fpm-access", programs: fpm, patterns: ["%{PHPFPMACCESSCUT}"],
            time: TimeCapture("log_time", .http, .iso), rest: ("rest", .code(PHPFPMAccess.readCut)),
            lines: .code(PHPFPMAccess.place)),
        FormatDefinition(
            name: "matomo", programs: ProgramRule(names: [], prefixes: ["matomo", "piwik"]),
            patterns: ["%{MATOMOLOG}"], time: TimeCapture("log_time", .sql, Matomo.time, isUTC: true),
            rest: ("rest", .code(Matomo.readRest)), lines: .code(Matomo.place)),
    ]

    /// Such as `php-fpm`, `php8.2-fpm`, `php-fpm7.4`, `fpm-www.slow`.
    private static let fpm = ProgramRule(names: [], prefixes: ["php", "fpm"], word: "fpm")

    /// The tag of plug-ins that log to syslog: `wordpress(example.org)`.
    private static let wordPress = ProgramRule(names: [], prefixes: ["wordpress", "wp-", "wp("])

    /// Such as `php`, `php8.2`, `php-cli`, `php_errors`, and programs whose log is PHP's.
    private static let anyPHP = ProgramRule(
        names: ["php", "fpm"],
        prefixes: [
            "php-", "php_", "php.", "php5", "php7", "php8", "phpfpm", "fpm-", "fpm_", "wordpress", "wp-",
            "matomo", "piwik", "thebuggenie", "buggenie",
        ])
}

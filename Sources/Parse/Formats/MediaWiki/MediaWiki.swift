extension Fields {
    /// Of MediaWiki.
    static let mediaWiki: [FieldDefinition] = [
        FieldDefinition("wiki", .keyword, ["mediawiki.wiki", "labels.wiki"]),
        FieldDefinition("channel", .keyword, ["mediawiki.channel", "labels.channel"]),
        FieldDefinition("mwversion", .keyword, ["service.version"]),
        FieldDefinition("caught_by", .keyword, ["mediawiki.caught_by", "labels.caught_by"]),
        FieldDefinition("feature", .keyword, ["mediawiki.feature"]),
        FieldDefinition("job", .keyword, ["mediawiki.job", "job_type"]),
        FieldDefinition("outcome_text", .text),
        FieldDefinition("db_host", .keyword, ["db_server"]),
        FieldDefinition("db_user", .keyword),
    ]
}

extension FormatDefinition {
    /// MediaWiki 1.19 and later: Monolog's Logstash objects and lines, the text of LegacyLogger, the log of
    /// database errors, groups sent to `udp://`, and the debug log.
    static let mediaWiki: [FormatDefinition] = [
        FormatDefinition(
            name: "mediawiki-json", programs: mediaWikiPrograms, check: .json,
            body: .json(MediaWikiKeys.logstash), lines: .code(MediaWikiLines.object),
            ecs: mediaWikiECS(url: ["url.path_and_query"])),
        FormatDefinition(
            name: "mediawiki", programs: mediaWikiPrograms, check: .shape("9999-99-99 99:99:99 "),
            patterns: ["%{MEDIAWIKILEGACY}"], time: TimeCapture("log_time", .sql, isUTC: true),
            rest: ("text", .code(MediaWikiText.read)), lines: .code(MediaWikiLines.legacy),
            ecs: mediaWikiECS(url: ["url.original"])),
        FormatDefinition(
            name: "mediawiki-line", programs: mediaWikiPrograms, check: .shape("9999-99-99"),
            patterns: ["%{MEDIAWIKILINE}"], time: TimeCapture("log_time", .sql, .iso),
            rest: ("text", .code(MediaWikiMonolog.read)), lines: .code(MediaWikiLines.line),
            ecs: mediaWikiECS(url: ["url.original"])),
        FormatDefinition(
            name: "mediawiki-dberror", programs: mediaWikiPrograms, check: .shape("aaa aaa "),
            patterns: ["%{MEDIAWIKIDBERROR}"], time: TimeCapture("log_time", .phpOffset, .phpZone),
            rest: ("text", .code(MediaWikiText.readDatabaseError)), lines: .code(MediaWikiLines.database),
            ecs: mediaWikiECS(url: ["url.original"])),
        FormatDefinition(
            name: "mediawiki-monolog", programs: mediaWikiPrograms, check: .shape("[9999-99-99"),
            patterns: ["%{MONOLOGLINE}"], time: TimeCapture("log_time", .iso, .sql),
            rest: ("text", .code(MediaWikiMonolog.read)), lines: .several(),
            ecs: mediaWikiECS(url: ["url.original"])),
        mediaWikiTagged,
        FormatDefinition(
            name: "mediawiki-udp", programs: mediaWikiOrNone, patterns: ["%{MEDIAWIKIUDP}"],
            time: TimeCapture("log_time", .sql, .phpOffset, .phpZone, isUTC: true),
            rest: ("text", .code(MediaWikiText.readGroup)), lines: .code(MediaWikiLines.group),
            ecs: mediaWikiECS(url: ["url.original"])),
        FormatDefinition(
            name: "mediawiki-debug", programs: mediaWikiPrograms, body: .code(MediaWikiDebug.read),
            lines: .code(MediaWikiLines.debug), ecs: mediaWikiECS(url: ["url.original"])),
    ]

    /// A datagram of a group as a log daemon reads it: the channel for the host, the day for the program.
    private static let mediaWikiTagged: FormatDefinition = {
        var format = FormatDefinition(
            name: "mediawiki-tagged", programs: ProgramRule(names: [], prefixes: ["20"], word: "-"),
            check: .shape("99:99:99 "), body: .code(MediaWikiText.readMistaken),
            ecs: mediaWikiECS(url: ["url.original"]))
        format.readsHeader = true
        return format
    }()

    /// The identity that sites give MediaWiki: its name, the name of a wiki as farms form it, or `mw-` and a
    /// group.
    private static let mediaWikiPrograms = ProgramRule(
        names: ["MediaWiki", "mediawiki"], prefixes: ["mediawiki-", "mediawiki_", "mw-", "mw_"],
        suffixes: ["wiki"])
    /// A datagram of a group has no header.
    private static let mediaWikiOrNone = ProgramRule(
        names: mediaWikiPrograms.names + [""], prefixes: mediaWikiPrograms.prefixes,
        suffixes: mediaWikiPrograms.suffixes)

    private static func mediaWikiECS(url: [String]) -> [String: [String]] {
        [
            "request_id": ["trace.id"], "url": url, "server": ["url.domain"], "type": ["service.type"],
            "duration": ["event.duration.seconds"],
        ]
    }
}

extension TimeFormat {
    /// `D M j G:i:s T Y` of PHP: `Sun Nov 22 5:58:24 EST 2026`; a zone without a name is its offset.
    fileprivate static let phpZone = TimeFormat("%a %b %d %H:%M:%S %Z %Y")
    fileprivate static let phpOffset = TimeFormat("%a %b %d %H:%M:%S %z %Y")
}

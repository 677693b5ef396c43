import ArgumentParser

/// The command wplog serve.
struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Receive syslog, store it, and answer queries.",
        discussion: """
            wplog serve --data ./data
            wplog serve --syslog-udp :514 --syslog-tcp :514      all addresses
            wplog serve --syslog-udp off                         TCP alone

            SIGHUP reads patterns and formats anew; where they are wrong, those that hold go on.
            Every option is also a variable (WPLOG_SYSLOG_UDP) and a key of the settings file (syslog_udp).
            """)

    @OptionGroup var place: PlaceOptions

    @Option(
        name: .customLong("syslog-udp"),
        help: ArgumentHelp("Syslog over UDP, or off.", valueName: "HOST:PORT"))
    var syslogUDP: String?

    @Option(
        name: .customLong("syslog-tcp"),
        help: ArgumentHelp("Syslog over TCP, or off.", valueName: "HOST:PORT"))
    var syslogTCP: String?

    @Option(help: ArgumentHelp("The HTTP interface.", valueName: "HOST:PORT"))
    var http: String?

    @Option(help: ArgumentHelp("The zone of times in lines that carry none.", valueName: "NAME"))
    var zone: String?

    @Option(help: ArgumentHelp("A folder of grok patterns besides the built-in ones.", valueName: "DIR"))
    var patterns: String?

    @Option(
        help: ArgumentHelp(
            "Room on the disk that stays free: auto (200 MiB or 2 %), 500MB, 2%, or off.", valueName: "SIZE"))
    var diskReserve: String?

    @Option(
        help: ArgumentHelp(
            "A file that takes room, and is let go of when the disk is full: 64MiB, or off.",
            valueName: "SIZE"))
    var diskBallast: String?

    @OptionGroup var retention: RetentionOptions

    mutating func run() async throws {
        let own = [
            Setting.syslogUDP.key: syslogUDP, Setting.syslogTCP.key: syslogTCP, Setting.http.key: http,
            Setting.zone.key: zone, Setting.patterns.key: patterns,
            Setting.diskReserve.key: diskReserve, Setting.diskBallast.key: diskBallast,
        ]
        let flags = own.merging(retention.flags) { first, _ in first }
        let (data, config) = (place.data, place.config)
        let read: @Sendable () throws -> Settings = { try PlaceOptions.settings(flags, data, config) }
        try await Server(settings: try read(), reread: read).run()
    }
}

import ArgumentParser

/// Which stretch of time is looked at.
struct WindowOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp("From when: 15m, 2h, today, 2026-11-21, 2026-11-21T10:00.", valueName: "TIME"))
    var since: String?

    @Option(help: ArgumentHelp("Until when. Default: now.", valueName: "TIME"))
    var until: String?
}

/// The same for commands that look at more than a day.
struct WideWindowOptions: ParsableArguments {
    @Option(help: ArgumentHelp("From when: 15m, 2h, today, 2026-11-21.", valueName: "TIME"))
    var since = "7d"

    @Option(help: ArgumentHelp("Until when. Default: now.", valueName: "TIME"))
    var until: String?
}

/// Who is asked.
struct SourceOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Ask this server, and no other.", valueName: "URL"))
    var server: String?

    @OptionGroup var place: PlaceOptions

    func source() throws -> Source { try Source(server: server, place: place) }
}

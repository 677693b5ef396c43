import ArgumentParser

/// The options that say how long events are kept.
struct RetentionOptions: ParsableArguments {
    @Option(
        name: .customLong("hot-days"),
        help: ArgumentHelp("Days in the store; older ones are archived.", valueName: "DAYS"))
    var hotDays: String?

    @Option(
        name: .customLong("hot-size"),
        help: ArgumentHelp(
            "Size of the store beyond which days are archived early: 200GB, or off.", valueName: "SIZE"))
    var hotSize: String?

    @Option(
        name: .customLong("archive-keep"),
        help: ArgumentHelp("How long archived days are kept: 3y, 400d, or off.", valueName: "DAYS"))
    var archiveKeep: String?

    /// What the command line says, by setting.
    var flags: [String: String?] {
        [
            Setting.hotDays.key: hotDays, Setting.hotSize.key: hotSize,
            Setting.archiveKeep.key: archiveKeep,
        ]
    }
}

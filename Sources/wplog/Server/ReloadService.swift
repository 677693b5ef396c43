import Parse
import ServiceLifecycle
import UnixSignals

/// SIGHUP: reads patterns, formats and what is said of hosts anew.
///
/// Where they are wrong, those that hold go on. Addresses and the data directory need a restart.
struct ReloadService: Service {
    let rules: RuleSource
    /// Reads the settings as they are now.
    let settings: @Sendable () throws -> Settings
    let own: OwnEvents

    func run() async throws {
        for await _ in await UnixSignalsSequence(trapping: .sighup).cancelOnGracefulShutdown() { reload() }
    }

    private func reload() {
        do {
            rules.replace(with: try settings().reading())
            Output.note("patterns, formats and hosts read anew")
            own.store(level: 5, id: "reload", "patterns, formats and hosts read anew")
        } catch {
            let reason = (error as? ExitCode)?.message ?? "\(error)"
            Output.note("patterns, formats and hosts stay as they were: \(reason)")
            own.store(level: 3, id: "reload", "patterns, formats and hosts stay as they were: \(reason)")
        }
    }
}

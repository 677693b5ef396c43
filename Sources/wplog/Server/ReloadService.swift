import Parse
import ServiceLifecycle
import UnixSignals

/// SIGHUP: reads patterns and formats anew.
///
/// Where they are wrong, those that hold go on. Addresses and the data directory need a restart.
struct ReloadService: Service {
    let formats: FormatSource
    /// Reads the settings as they are now.
    let settings: @Sendable () throws -> Settings
    let own: OwnEvents

    func run() async throws {
        for await _ in await UnixSignalsSequence(trapping: .sighup).cancelOnGracefulShutdown() { reload() }
    }

    private func reload() {
        do {
            formats.replace(with: try settings().formats())
            Output.note("patterns and formats read anew")
            own.store(level: 5, id: "reload", "patterns and formats read anew")
        } catch {
            let reason = (error as? ExitCode)?.message ?? "\(error)"
            Output.note("patterns and formats stay as they were: \(reason)")
            own.store(level: 3, id: "reload", "patterns and formats stay as they were: \(reason)")
        }
    }
}

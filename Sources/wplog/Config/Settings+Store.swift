import Index
import Parse
import Query

/// What every command that opens a data directory itself has in common.
extension Settings {
    /// Makes parsers with the formats of the settings.
    func parser() throws -> @Sendable () -> LineParser {
        let rules = try reading()
        return parser { rules }
    }

    /// Makes parsers with the rules that hold when it is called.
    func parser(_ rules: @escaping @Sendable () -> ReadingRules) -> @Sendable () -> LineParser {
        let zone = zone
        return {
            let rules = rules()
            return LineParser(
                formats: rules.formats, zone: zone, zones: { Zones.find($0) }, hosts: rules.hosts.zones)
        }
    }

    /// Answers queries over a store as the settings are now.
    func engine(_ store: Store) -> QueryEngine {
        let hosts = hosts
        return QueryEngine(store, saved: savedQueries, hosts: { hosts })
    }

    /// Opens the data directory.
    func openStore(_ parser: @Sendable () -> LineParser, isReadOnly: Bool = false) throws -> Store {
        do {
            return try Store(directory: data, isReadOnly: isReadOnly, parser: parser, clock: Clock.now)
        } catch let error as StoreError {
            if case .locked = error { throw ExitCode.locked("\(error)") }
            throw ExitCode.unreachable("\(error)")
        }
    }
}

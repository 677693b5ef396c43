import Index
import Parse

/// What every command that opens a data directory itself has in common.
extension Settings {
    /// Makes parsers with the formats of the settings.
    func parser() throws -> @Sendable () -> LineParser {
        let formats = try formats()
        return parser { formats }
    }

    /// Makes parsers with the formats that hold when it is called.
    func parser(_ formats: @escaping @Sendable () -> FormatSet) -> @Sendable () -> LineParser {
        let zone = zone
        return { LineParser(formats: formats(), zone: zone, zones: { Zones.find($0) }) }
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

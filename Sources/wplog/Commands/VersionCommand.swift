import ArgumentParser

/// The command wplog version.
struct VersionCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "version", abstract: "The version of this build.")

    mutating func run() throws { try Output.write(Array("wplog \(Version.text)\n".utf8)) }
}

import ArgumentParser
import FoundationEssentials
import Index
import Query

struct ArchiveListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "The years of the archive: days, events, sizes, hosts.",
        discussion: "wplog archive list --json is for programs.")

    @Flag(help: "As one JSON object.")
    var json = false

    @OptionGroup var place: ArchivePlace

    private struct List: Decodable {
        var directory: String
        var volumes: [Volume]
    }

    private struct Volume: Decodable {
        var volume: String
        var sealed: Bool
        var days: UInt64
        var members: UInt64
        var events: UInt64
        var rawBytes: UInt64
        var linesBytes: UInt64
        var indexBytes: UInt64
        var first: String?
        var last: String?
        var hosts: [String: UInt64]
        var unread: [String]
    }

    mutating func run() async throws {
        let settings = try place.place.settings()
        let bytes: [UInt8]
        if let url = settings.server(named: place.server) {
            bytes = try await ServerConnection(url).get("/api/v1/archive")
        } else {
            guard StoreLayout.isStore(settings.data) else {
                throw ExitCode.unreachable("there is no wplog data in \(settings.data)")
            }
            bytes = ArchiveOrder.list(try settings.openStore(try settings.parser(), isReadOnly: true))
        }
        if json { return try Output.write(bytes) }
        guard let list = try? ArchiveProgress.decoder.decode(List.self, from: Data(bytes)) else {
            throw ExitCode.unreachable("the server's list of archives cannot be read: another version?")
        }
        try Output.write(Array(Self.text(list).utf8))
        for volume in list.volumes { for what in volume.unread { Output.note(what) } }
        if list.volumes.contains(where: { !$0.unread.isEmpty }) {
            throw ExitCode.partial("some days have no index, and no query sees them")
        }
    }

    private static func text(_ list: List) -> String {
        if list.volumes.isEmpty { return "nothing is archived in \(list.directory) yet: wplog archive run\n" }
        var text = "\(list.directory)\n\n"
        text +=
            "YEAR     STATE   DAYS         EVENTS      LINES    ARCHIVE  RATIO  FROM … TO                  HOSTS\n"
        for volume in list.volumes {
            let bytes = volume.linesBytes + volume.indexBytes
            let ratio = bytes == 0 ? 0 : Double(volume.rawBytes) / Double(bytes)
            let hosts = volume.hosts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map(\.key)
            let more = hosts.count > 3 ? " +\(hosts.count - 3)" : ""
            text += Words.padded(volume.volume, 8) + " " + (volume.sealed ? "sealed" : "open  ")
            text += Words.right(Words.grouped(volume.days), 6) + Words.right(Words.grouped(volume.events), 15)
            text += Words.right(Words.size(volume.rawBytes), 11) + Words.right(Words.size(bytes), 11)
            text += Words.right(Words.rate(ratio), 7)
            text += "  \(volume.first?.prefix(10) ?? "") … \(volume.last?.prefix(10) ?? "")  "
            text += hosts.prefix(3).joined(separator: " ") + more + "\n"
        }
        return text
    }
}

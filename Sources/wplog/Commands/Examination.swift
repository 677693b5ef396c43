import FoundationEssentials
import Glibc
import Index
import Ingest
import Query

/// What `wplog doctor` looks at.
struct Examination {
    private let options: SourceOptions

    init(_ options: SourceOptions) { self.options = options }

    /// Everything that can be known, in the order in which a person would look.
    func findings() async -> [Finding] {
        let settings: Settings
        let source: Source
        do {
            settings = try options.place.settings()
            source = try options.source()
        } catch {
            return [Finding(.error, "settings", Self.words(error), fix: "wplog config check")]
        }
        var findings = [Self.sqlite(SQLiteBuild.current.version, SQLiteBuild.current.hasFTS5)]
        var directory = DataDirectory(settings.data)
        if case .server(let url) = source {
            do {
                let status = try ServerStatus(try await source.status(), from: url)
                let isHere = Self.isHere(url)
                findings += ServerExamination(status, url, isHere: isHere).findings()
                directory = DataDirectory(
                    isHere ? status.data ?? settings.data : nil, isDiskKnown: status.disk != nil)
            } catch {
                findings.append(
                    Finding(
                        .error, "server", Self.words(error), fix: "wplog serve --data \(settings.data)"))
                return findings + DataDirectory(settings.data).findings()
            }
        } else {
            findings.append(
                Finding(
                    .error, "server", "nobody serves \(settings.data): nothing is received",
                    fix: "wplog serve --data \(settings.data)"))
        }
        findings += directory.findings()
        findings += await EventExamination(source, settings, file: options.place.settingsFile).findings()
        return findings
    }

    /// Whether an address is one of this machine that says so itself.
    private static func isHere(_ url: String) -> Bool {
        ["127.0.0.1", "[::1]", "localhost", "[::]", "0.0.0.0"].contains { url.hasPrefix("http://\($0):") }
    }

    static func words(_ error: any Error) -> String { (error as? ExitCode)?.message ?? "\(error)" }

    private static func sqlite(_ version: String, _ hasFTS5: Bool) -> Finding {
        hasFTS5
            ? Finding(.ok, "sqlite", "SQLite \(version) with FTS5")
            : Finding(
                .error, "sqlite", "SQLite \(version) has no FTS5, so no segment can be read",
                fix: "apt-get install --reinstall libsqlite3-0")
    }
}

/// What the server says of itself, and what the kernel says of its sockets.
struct ServerExamination {
    private let status: ServerStatus
    private let url: String
    private let isHere: Bool

    init(_ status: ServerStatus, _ url: String, isHere: Bool) {
        (self.status, self.url, self.isHere) = (status, url, isHere)
    }

    func findings() -> [Finding] {
        var findings = [server, clock, listeners]
        if status.listeners?.contains(where: { $0.listener == "udp" }) ?? true {
            findings += [drops, buffer]
        }
        findings += [commits, journal, status.disk?.finding(status.forecast, data: status.data)]
        return findings.compactMap { $0 }
    }

    private var server: Finding {
        guard let failure = status.failure else {
            return Finding(.ok, "server", "\(url) is ready, wplog \(status.version)")
        }
        return Finding(.error, "server", "takes no events: \(failure)", fix: "systemctl restart wplog")
    }

    private var clock: Finding? {
        guard let there = ServerStatus.nanoseconds(status.now) else { return nil }
        let seconds = Double(there - Clock.now()) / 1e9
        if abs(seconds) < 2 { return Finding(.ok, "clock", "the server's clock is that of this machine") }
        let text = "the server's clock is \(Words.rate(abs(seconds))) s \(seconds > 0 ? "ahead" : "behind")"
        return Finding(abs(seconds) < 60 ? .warning : .error, "clock", text, fix: "timedatectl set-ntp true")
    }

    private var listeners: Finding? {
        guard let listeners = status.listeners else { return nil }
        let words = listeners.map { "\($0.listener) \($0.address)" }.joined(separator: ", ")
        return listeners.isEmpty
            ? Finding(.warning, "listeners", "no syslog listener is open", fix: "wplog config show")
            : Finding(.ok, "listeners", words)
    }

    private var drops: Finding {
        guard status.udpDropped > 0 else {
            return Finding(.ok, "udp drops", "the kernel has dropped no datagram since the start")
        }
        let all = status.udpDropped + (status.eventsReceived["udp"] ?? 0)
        let share = Double(status.udpDropped) / Double(max(1, all)) * 100
        return Finding(
            .warning, "udp drops",
            "the kernel has dropped \(Words.count(status.udpDropped, "datagram")) since the start, "
                + "\(Words.rate(share)) %; send over TCP what must not be lost",
            fix: "wplog search 'program:wplog msgid:udp-drops' --since 7d")
    }

    /// The kernel says twice of what it takes in.
    private var buffer: Finding? {
        guard let bytes = status.udpBufferBytes else { return nil }
        let granted = UInt64(max(0, bytes)) / 2
        let wanted = UInt64(IngestLimits.receiveBufferBytes)
        if granted >= wanted { return Finding(.ok, "udp buffer", "\(Words.size(granted)), as asked for") }
        return Finding(
            .warning, "udp buffer",
            "the kernel grants \(Words.size(granted)) of \(Words.size(wanted)): bursts may be dropped",
            fix: "sysctl -w net.core.rmem_max=\(wanted) && systemctl restart wplog")
    }

    private var commits: Finding {
        guard status.commitsFailed > 0 else { return Finding(.ok, "commits", "none has failed") }
        let reason = status.lastCommitFailure.map { ": \($0)" } ?? ""
        return Finding(
            .warning, "commits",
            "\(Words.count(status.commitsFailed, "commit")) failed and were tried again\(reason)",
            fix: "df -h \(status.data ?? "")")
    }

    private var journal: Finding {
        let most = UInt64(2 * IndexLimits.journalFiles)
        let text =
            "\(Words.count(status.journalFiles, "journal file")), "
            + "\(Words.count(status.blocksPending, "block")) waiting"
        guard status.journalFiles > most else { return Finding(.ok, "journal", text) }
        return Finding(
            .warning, "journal", "\(text): the disk does not keep up with what comes in", fix: "iostat -x 1 3"
        )
    }
}

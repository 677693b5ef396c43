import FoundationEssentials
import Parse
import Query

/// How a search went: the last line of an answer.
struct SearchMeta: Decodable {
    var matched: UInt64 = 0
    var blocks: Int?
    var blocksRead: Int?
    var truncated: Bool?
    /// Why the answer is not whole.
    var reason: String?
    var from: String?
    var to: String?
    /// Whether nobody named the window's end.
    var endsNow: Bool?
    /// What matches and lies ahead of now.
    var ahead: EventsAhead?
    var query: String?
    var tookMilliseconds: Int?
    var notes: [String]?
    /// The volumes of the archive that were searched.
    var archives: [String]?
    /// Why nothing was found.
    var reasons: [String]?

    private enum CodingKeys: String, CodingKey {
        case matched, blocks, truncated, reason, from, to, ahead, query, notes, archives, reasons
        case endsNow = "ends_now"
        case blocksRead = "blocks_read"
        case tookMilliseconds = "took_ms"
    }

    private struct Line: Decodable {
        var _meta: SearchMeta
    }

    private struct Failure: Decodable {
        var error: String
    }

    /// Reads the last line of an answer; throws what it says went wrong.
    init(line: [UInt8], from name: String) throws {
        let data = Data(line)
        if let line = try? JSONDecoder().decode(Line.self, from: data) {
            self = line._meta
        } else if let failure = try? JSONDecoder().decode(Failure.self, from: data) {
            throw ExitCode.unreachable("\(name): \(failure.error)")
        } else {
            throw ExitCode.partial("the answer of \(name) has no end")
        }
    }

    /// In one line: `2026-11-21 18:00:00 … now: 1,234 events, 3 of 200 blocks read, 12 ms`.
    func summary(zone: ZoneRule) -> String {
        var summary = "\(window(zone)): \(Words.grouped(matched))\(truncated == true ? " or more" : "")"
        summary += matched == 1 ? " event" : " events"
        if let blocksRead, let blocks { summary += ", \(blocksRead) of \(blocks) blocks read" }
        if let archives { summary += ", archive \(archives.joined(separator: " "))" }
        if let tookMilliseconds { summary += ", \(tookMilliseconds) ms" }
        return summary
    }

    /// The window on the clocks of a zone: `2026-11-21 18:00:00 … now`.
    func window(_ zone: ZoneRule) -> String {
        func local(_ text: String?) -> String? {
            guard let text else { return nil }
            let times = TimeExpression(now: 0) { _ in 0 }
            return (try? times.span(of: text)).map { TimeText.local($0.earliest, zone) }
        }
        let end = endsNow == true ? "now" : local(to) ?? "the last event"
        return "\(local(from) ?? "the first event") … \(end)"
    }
}

import FoundationEssentials

/// What a run of purge or retention says of itself, line by line.
struct PurgeProgress {
    private struct Line: Decodable {
        var done: Int?
        var all: Int?
        var day: String?
        var error: String?
        var result: Result?
    }

    /// What came of it.
    struct Result: Decodable {
        var whole: Bool
        var events: Int
        var days: [Day]
        var parts: [Part]
        var unread: [String]
        var stillRead: Int
        var journalEmpty: Bool
        /// Of a retention: days that are to be archived, and why it stopped.
        var archive: [String]?
        var brake: String?

        struct Day: Decodable {
            var day: String
            var place: String
            var events: Int
        }

        struct Part: Decodable {
            var old: String
            var new: String?
        }

        private enum CodingKeys: String, CodingKey {
            case whole, events, days, parts, unread, archive, brake
            case stillRead = "still_read"
            case journalEmpty = "journal_empty"
        }
    }

    private var result: Result?
    private var error: String?
    private var bar = ProgressBar()

    /// Takes one line of JSON.
    mutating func take(_ bytes: [UInt8]) {
        guard let line = try? JSONDecoder().decode(Line.self, from: Data(bytes)) else { return }
        if let result = line.result { self.result = result }
        if let error = line.error { self.error = error }
        guard let done = line.done, let all = line.all, all > 0 else { return }
        bar.show("", share: Double(done) / Double(all), "\(line.day ?? ""), \(done) of \(all)")
    }

    /// What came of it; throws where it did not come to an end.
    func end() throws -> Result {
        bar.end()
        if let error { throw ExitCode.partial("stopped: \(error). Run it again to do the rest") }
        guard let result else {
            throw ExitCode.partial("the server stopped before it was done. Run it again to do the rest")
        }
        return result
    }
}

extension PurgeProgress.Result {
    /// A table of days and places, with a sum.
    func table(_ summary: String) -> String {
        var text = ""
        for day in days {
            let count = Words.grouped(UInt64(max(0, day.events)))
            text += Words.padded(day.day, 12) + Words.padded(day.place, 9)
            text += String(repeating: " ", count: max(0, 14 - count.count)) + count + "\n"
        }
        return text + "\(Words.count(UInt64(max(0, events)), "event")) \(summary)\n"
    }

    /// Throws where something was left.
    func check() throws {
        var left = unread
        if !whole { left.append("it was ended before its end") }
        if !journalEmpty { left.append("lines that wait for others keep a journal file") }
        guard !left.isEmpty else { return }
        throw ExitCode.partial("not all was done: \(left.joined(separator: "; ")). Run it again for the rest")
    }
}

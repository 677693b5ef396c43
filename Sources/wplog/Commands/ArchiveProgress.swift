import FoundationEssentials

/// What a job on the archive says of itself, line by line.
struct ArchiveProgress {
    private struct Line: Decodable {
        var done: Int?
        var all: Int?
        var what: String?
        var error: String?
        var damage: String?
        var day: Day?
        var volume: Volume?
        var result: Result?
    }

    private struct Day: Decodable {
        var day: String
        var part: String?
        var events: UInt64?
        var rawBytes: UInt64?
        var segmentBytes: UInt64?
        var linesBytes: UInt64?
        var indexBytes: UInt64?
    }

    private struct Volume: Decodable {
        var volume: String
        var sealed: Bool
        var parts: UInt64
        var members: UInt64
        var events: UInt64
        var bytes: UInt64
        var damaged: Int
    }

    struct Result: Decodable {
        var whole: Bool?
        var days: Int?
        var parts: Int?
        var events: UInt64?
        var known: Int?
        var damaged: Int?
    }

    private(set) var result: Result?
    private var error: String?
    private var damage: [String] = []
    private var days: [Day] = []
    private var volumes: [Volume] = []
    private var bar = ProgressBar()

    /// Keys are written with underscores.
    static let decoder: JSONDecoder = {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return decoder
    }()

    /// Takes one line of JSON.
    mutating func take(_ bytes: [UInt8]) {
        guard let line = try? Self.decoder.decode(Line.self, from: Data(bytes)) else { return }
        if let result = line.result { self.result = result }
        if let error = line.error { self.error = error }
        if let damage = line.damage { self.damage.append(damage) }
        if let day = line.day { days.append(day) }
        if let volume = line.volume { volumes.append(volume) }
        guard let done = line.done, let all = line.all, all > 0 else { return }
        bar.show("\(line.what ?? "") ", share: Double(done) / Double(all), "")
    }

    /// Takes the bar away, and throws what ended the job early.
    func end() throws {
        bar.end()
        for text in damage { Output.note(text) }
        if let error { throw ExitCode.partial("stopped: \(error)") }
        guard let result else {
            throw ExitCode.partial("the server stopped before it was done; run it again")
        }
        if result.whole == false {
            throw ExitCode.partial("stopped before its end; run it again to do the rest")
        }
    }

    func failIfDamaged() throws {
        let count = max(result?.damaged ?? 0, damage.count)
        if count > 0 { throw ExitCode.partial("\(count) damaged; what is good was taken") }
    }

    var events: String { Words.count(result?.events ?? 0, "event") }

    func sayDays(isDry: Bool) throws {
        var text = ""
        for day in days {
            text += day.day
            if let events = day.events, let raw = day.rawBytes, let lines = day.linesBytes {
                let bytes = lines + (day.indexBytes ?? 0)
                text +=
                    "  \(Words.count(events, "event")), \(Words.size(raw)) of lines in \(Words.size(bytes))"
                if events > 0 { text += " (\(Words.rate(Double(bytes) / Double(events))) B an event)" }
            }
            text += "\n"
        }
        let count = Words.count(UInt64(days.count), "day")
        text += "\(count) \(isDry ? "would go into the archive" : "archived")\n"
        for volume in volumes where volume.sealed { text += "\(volume.volume) is sealed\n" }
        try Output.write(Array(text.utf8))
        if !damage.isEmpty { throw ExitCode.partial("\(damage.count) damaged; see wplog archive verify") }
    }

    func sayVolumes() throws {
        var text = ""
        for volume in volumes {
            text += "\(Words.padded(volume.volume, 8)) \(volume.sealed ? "sealed" : "open  ")  "
            text += "\(Words.count(volume.parts, "part")), \(Words.count(volume.members, "member")), "
            text += "\(Words.count(volume.events, "event")), \(Words.size(volume.bytes))"
            text += volume.damaged == 0 ? ": whole\n" : ": \(volume.damaged) damaged\n"
        }
        try Output.write(Array(text.utf8))
        let count = volumes.reduce(0) { $0 + $1.damaged }
        if count > 0 { throw ExitCode.partial("\(count) damaged") }
    }
}

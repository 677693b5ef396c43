import Foundation

/// The table.
struct Report {
    private struct Row {
        var what: String
        var figure: String
        var target: String
        var isMissed: Bool
    }

    private let load: Load
    private let events: Int
    /// How busy the machine was before the first measurement.
    private let busy: String
    private var rows: [Row] = []

    init(load: Load, events: Int) {
        self.load = load
        self.events = events
        busy = Machine.busy
    }

    /// A figure and what it should be at least (`least`) or at most (`most`).
    mutating func add(
        _ what: String, _ value: Double, _ unit: String, digits: Int = 0, more: String = "",
        least: Double? = nil,
        most: Double? = nil
    ) {
        let figure = "\(Self.number(value, digits)) \(unit)" + (more.isEmpty ? "" : ", " + more)
        var target = ""
        if let least { target = "≥ \(Self.number(least)) \(unit)" }
        if let most { target = "≤ \(Self.number(most)) \(unit)" }
        let isMissed = (least.map { value < $0 } ?? false) || (most.map { value > $0 } ?? false)
        rows.append(Row(what: what, figure: figure, target: target, isMissed: isMissed))
        Console.note("\(what): \(figure)\(isMissed ? "  (target \(target))" : "")")
    }

    /// Bytes an event of all files of a data directory.
    ///
    /// The newest journal file stays, whatever it holds.
    mutating func addDisk(_ what: String, _ directory: String, events: Int, most: Double? = nil) {
        let journal = TemporaryFolder.size(of: directory + "/journal")
        let segments = TemporaryFolder.size(of: directory) - journal
        add(
            what, Double(segments + journal) / Double(events), "bytes/event", digits: 1,
            more: "\(Self.number(Double(segments) / Double(events), 1)) in the day's file, "
                + "\(Self.number(Double(journal) / 1e6, 1)) MB in the newest journal file",
            most: most)
    }

    /// Digits in groups of three, and as many behind the point as asked for, or as there are.
    static func number(_ value: Double, _ digits: Int? = nil) -> String {
        let text = digits.map { String(format: "%.\($0)f", value) } ?? String(format: "%g", value)
        guard digits != nil || value < 1e6 else { return number(value, 0) }
        let parts = (digits == nil && value >= 1_000 ? String(format: "%.0f", value) : text).split(
            separator: ".")
        var whole = ""
        for (index, digit) in parts[0].reversed().enumerated() {
            if index > 0, index % 3 == 0, digit != "-" { whole.append(",") }
            whole.append(digit)
        }
        return String(whole.reversed()) + (parts.count > 1 ? "." + parts[1] : "")
    }

    var markdown: String {
        var text = "Machine: \(Machine.description); \(busy)\n\n"
        text += "Load: \(Self.number(Double(events))) events from \(load.name)\n\n"
        text += "Command: `\(command)`\n\n"
        text += "| what | figure | target |\n|---|---|---|\n"
        for row in rows {
            text +=
                "| \(row.what.replacing("|", with: "\\|")) | \(row.figure) | \(row.target)\(row.isMissed ? " **missed**" : "") |\n"
        }
        return text
    }

    var text: String {
        var text = "\(Machine.description); \(busy)\n"
        text += "\(Self.number(Double(events))) events from \(load.name)\n\n"
        let width = rows.map(\.what.count).max() ?? 0
        let figureWidth = rows.map(\.figure.count).max() ?? 0
        for row in rows {
            text += row.what.padding(toLength: width + 2, withPad: " ", startingAt: 0)
            text += row.figure.padding(toLength: figureWidth + 2, withPad: " ", startingAt: 0)
            text += row.target + (row.isMissed ? "  missed" : "") + "\n"
        }
        return text
    }

    private var command: String {
        (["wplog-bench"] + CommandLine.arguments.dropFirst()).joined(separator: " ")
    }
}

/// What the figures were measured on.
enum Machine {
    static var description: String {
        let info = ProcessInfo.processInfo
        let memory = Double(info.physicalMemory) / 1_073_741_824
        return [
            value("model name", in: "/proc/cpuinfo", ":") ?? "unknown processor",
            "\(info.activeProcessorCount) cores", String(format: "%.1f GiB memory", memory),
            "Linux " + (line("/proc/sys/kernel/osrelease") ?? "?"),
            value("PRETTY_NAME", in: "/etc/os-release", "=") ?? "unknown system", swiftVersion,
        ].joined(separator: ", ")
    }

    /// How many programs run besides: on a quiet machine 0.
    static var busy: String {
        "load average \(line("/proc/loadavg")?.split(separator: " ").first ?? "?") before"
    }

    private static var swiftVersion: String {
        #if compiler(>=6.4)
            "Swift 6.4 or newer"
        #elseif compiler(>=6.3)
            "Swift 6.3"
        #else
            "Swift 6.2"
        #endif
    }

    private static func text(_ path: String) -> String {
        (try? Data(contentsOf: URL(fileURLWithPath: path))).map { String(decoding: $0, as: UTF8.self) } ?? ""
    }

    private static func line(_ path: String) -> String? {
        text(path).split(separator: "\n").first.map { String($0) }
    }

    private static func value(_ key: String, in path: String, _ divider: Character) -> String? {
        let line = text(path).split(separator: "\n").first { $0.hasPrefix(key) }
        return line?.split(separator: divider, maxSplits: 1).dropFirst().first
            .map { $0.trimmingCharacters(in: CharacterSet(charactersIn: " \t\"")) }
    }
}

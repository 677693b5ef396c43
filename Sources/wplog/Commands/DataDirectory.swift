import FoundationEssentials
import Glibc
import Index

/// The data directory as it lies on this machine's disk.
struct DataDirectory {
    /// Nil where it is on another machine.
    private let path: String?
    /// Whether the server has said how much room there is.
    private let isDiskKnown: Bool

    init(_ path: String?, isDiskKnown: Bool = false) { (self.path, self.isDiskKnown) = (path, isDiskKnown) }

    /// Days that the average is taken over.
    private static let pastDays = 7

    func findings() -> [Finding] {
        guard let path else { return [] }
        var state = stat()
        guard unsafe stat(path, &state) == 0 else {
            // Who may not look knows nothing.
            guard errno == ENOENT else { return [] }
            return [Finding(.error, "data", "there is no \(path)", fix: "wplog serve --data \(path)")]
        }
        return [rights(path, state.st_mode), isDiskKnown ? nil : disk(path)].compactMap { $0 }
    }

    private func rights(_ path: String, _ mode: mode_t) -> Finding {
        let rights = String(mode & 0o777, radix: 8)
        return mode & 0o077 == 0
            ? Finding(.ok, "data", "\(path), for its owner alone (\(rights))")
            : Finding(.warning, "data", "\(path) is open to others (\(rights))", fix: "chmod 700 \(path)")
    }

    private func disk(_ path: String) -> Finding? {
        var state = statvfs()
        guard unsafe statvfs(path, &state) == 0, state.f_blocks > 0 else { return nil }
        let free = UInt64(state.f_bavail) * UInt64(state.f_frsize)
        let share = Double(state.f_bavail) / Double(state.f_blocks) * 100
        var text = "\(Words.size(free)) free, \(Words.rate(share)) %"
        let days = daily(path).map { Double(free) / Double($0) }
        if let days {
            text += days > 3_650 ? "; enough for years" : ", about \(Int(days)) days at the last days' rate"
        }
        let severity: Finding.Severity =
            days.map { $0 < 2 } ?? false || share < 2
            ? .error
            : days.map { $0 < 7 } ?? false || share < 10
                ? .warning : .ok
        return Finding(severity, "disk", text, fix: "du -h \(path)/days | sort -h | tail -n 20")
    }

    /// Bytes of the average day, of the latest whole ones; nil where there is none yet.
    private func daily(_ path: String) -> UInt64? {
        let layout = StoreLayout(directory: path)
        let today = Day(containing: Clock.now())
        let names = (try? FileManager.default.contentsOfDirectory(atPath: layout.days)) ?? []
        let past = names.compactMap { layout.day(ofSegmentFile: $0) }.filter { $0 < today }
        let sizes = past.sorted().suffix(Self.pastDays).compactMap { day -> UInt64? in
            var state = stat()
            guard unsafe stat(layout.segment(day), &state) == 0 else { return nil }
            return UInt64(max(0, state.st_size))
        }
        let sum = sizes.reduce(0, +)
        return sum == 0 ? nil : max(1, sum / UInt64(sizes.count))
    }
}

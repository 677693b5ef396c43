import Foundation

/// Some measurements of one thing.
struct Samples {
    private var sorted: [Double] = []

    mutating func add(_ value: Double) {
        sorted.insert(value, at: sorted.firstIndex { $0 > value } ?? sorted.count)
    }

    /// The value that a share of all does not exceed; with few samples the last ones stand for the highest shares.
    func percentile(_ share: Double) -> Double {
        guard !sorted.isEmpty else { return .nan }
        return sorted[min(sorted.count - 1, max(0, Int((share * Double(sorted.count)).rounded(.up)) - 1))]
    }

    var median: Double { percentile(0.5) }
    var count: Int { sorted.count }
}

enum Clocks {
    /// Seconds since some moment.
    static var wall: Double { seconds(CLOCK_MONOTONIC) }
    /// Seconds of work of this thread.
    static var thread: Double { seconds(CLOCK_THREAD_CPUTIME_ID) }
    /// Seconds of work of all threads of this process.
    static var process: Double { seconds(CLOCK_PROCESS_CPUTIME_ID) }

    private static func seconds(_ clock: clockid_t) -> Double {
        var time = timespec()
        unsafe clock_gettime(clock, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}

/// What the kernel says about a process.
struct ProcessFigures {
    /// User and system time.
    ///
    /// Seconds.
    let cpu: Double
    /// Memory in use, and the most that ever was.
    ///
    /// Bytes.
    let resident: Double
    let peak: Double

    init(_ pid: Int32) throws {
        let stat = String(
            decoding: try Data(contentsOf: URL(fileURLWithPath: "/proc/\(pid)/stat")), as: UTF8.self)
        // The name stands in parentheses and may hold anything; utime and stime are fields 14 and 15.
        guard let end = stat.lastIndex(of: ")") else { throw Failure("/proc/\(pid)/stat is not as expected") }
        let fields = stat[end...].split(separator: " ")
        guard fields.count > 13, let user = Double(fields[12]), let system = Double(fields[13]) else {
            throw Failure("/proc/\(pid)/stat is not as expected")
        }
        cpu = (user + system) / Double(sysconf(Int32(_SC_CLK_TCK)))
        let status = String(
            decoding: try Data(contentsOf: URL(fileURLWithPath: "/proc/\(pid)/status")), as: UTF8.self)
        func kilobytes(_ key: String) -> Double {
            let line = status.split(separator: "\n").first { $0.hasPrefix(key) }
            return line?.split(whereSeparator: { $0 == " " || $0 == "\t" }).dropFirst().first.flatMap {
                Double($0)
            } ?? .nan
        }
        resident = kilobytes("VmRSS:") * 1_024
        peak = kilobytes("VmHWM:") * 1_024
    }
}

/// A folder that goes away with the program.
struct TemporaryFolder {
    let path: String

    init() throws {
        path = FileManager.default.temporaryDirectory.appendingPathComponent("wplog-bench-\(getpid())").path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    func remove() { try? FileManager.default.removeItem(atPath: path) }

    /// Bytes of all files below a folder.
    static func size(of folder: String, suffix: String = "") -> Int {
        let files = FileManager.default
        guard let names = files.enumerator(atPath: folder) else { return 0 }
        var total = 0
        for case let name as String in names where name.hasSuffix(suffix) {
            let attributes = try? files.attributesOfItem(atPath: folder + "/" + name)
            if attributes?[.type] as? FileAttributeType == .typeRegular {
                total += attributes?[.size] as? Int ?? 0
            }
        }
        return total
    }
}

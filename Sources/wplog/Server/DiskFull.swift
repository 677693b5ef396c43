import Index

/// Nothing may be taken: the disk is full.
struct DiskFull: Error, CustomStringConvertible {
    let description: String

    /// - `directory`: the data directory.
    init(_ report: DiskReport, _ directory: String) {
        description = "the disk of \(directory) is full: \(DiskWords.reason(report))"
    }
}

/// The state of the disk in words.
enum DiskWords {
    /// What was seen, which limit it breaks, and the way out; nothing more than the numbers in the state ok.
    static func reason(_ report: DiskReport) -> String {
        let space = report.space
        let free =
            space.map { "\(Words.size($0.free)) of \(Words.size($0.total)) are free" } ?? "a write failed"
        let size = Words.size(report.reserve)
        let reserve = "the reserve is \(size)"
        let wayOut = "delete or move files"
        switch report.cause {
        case nil: return "\(free), \(reserve)"
        case .bytes where report.state == .full && report.reserve == 0: return "\(free); \(wayOut)"
        case .bytes where report.state == .full:
            let missing = report.wantedBallast - min(report.ballast, report.wantedBallast)
            let ballast = missing > 0 ? " and \(Words.size(missing)) of ballast" : ""
            return "\(free), and \(reserve)\(ballast); \(wayOut), or lower disk_reserve"
        case .bytes: return "\(free), less than twice the reserve of \(size); \(wayOut)"
        case .inodes:
            return
                "\(Words.grouped(space?.freeInodes ?? 0)) of \(Words.grouped(space?.inodes ?? 0)) inodes are free, "
                + "and \(Words.grouped(report.inodeReserve)) are the reserve; delete small files"
        // Too little for one batch.
        case .shortWrite where space.map({ $0.free < 1 << 20 }) ?? true:
            return "a write found no room, \(free); \(wayOut)"
        case .shortWrite:
            return "a write found no room, though \(free): is there a quota? \(wayOut), or raise the limit"
        case .forecast:
            let hours = (report.daysLeft ?? 0) * 24
            return
                "\(free), and the reserve of \(size) is reached in about \(Words.rate(hours)) hours; \(wayOut)"
        }
    }
}

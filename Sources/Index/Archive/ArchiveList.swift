/// What an archived part holds, as its index says.
package struct PartSummary: Sendable {
    package let part: ArchivePart
    package let events: Int
    package let rawBytes: Int
    /// Bytes of the lines, and of the index.
    package let lines: Int
    package let index: Int
    /// Nanoseconds since the Unix epoch.
    package let firstTime: Int64
    package let lastTime: Int64
    package let members: Int
    /// Events by host.
    package let hosts: [String: Int]
}

/// What a volume holds.
package struct VolumeSummary: Sendable {
    package let volume: ArchiveVolume
    package let isSealed: Bool
    package var parts: [PartSummary] = []
    /// Parts whose index is gone or unreadable: no query sees them.
    package var unread: [ArchiveDamage] = []

    package var events: Int { parts.reduce(0) { $0 + $1.events } }
    package var rawBytes: Int { parts.reduce(0) { $0 + $1.rawBytes } }
    package var lines: Int { parts.reduce(0) { $0 + $1.lines } }
    package var index: Int { parts.reduce(0) { $0 + $1.index } }
    package var firstTime: Int64? { parts.map(\.firstTime).min() }
    package var lastTime: Int64? { parts.map(\.lastTime).max() }
    /// Events by host.
    package var hosts: [String: Int] {
        parts.reduce(into: [:]) { $0.merge($1.hosts) { $0 + $1 } }
    }
}

extension ArchiveLayout {
    /// What each volume holds, oldest year first.
    package func summaries() -> [VolumeSummary] {
        volumes().map { volume in
            var summary = VolumeSummary(volume: volume, isSealed: isSealed(volume))
            for part in parts(of: volume) {
                do {
                    guard hasIndex(part) else { throw StoreError.damaged("the index is gone") }
                    summary.parts.append(try self.summary(of: part))
                } catch {
                    summary.unread.append(
                        ArchiveDamage(
                            path: index(part), member: nil,
                            what: "\(error): wplog archive rebuild-index \(part.day)"))
                }
            }
            return summary
        }
    }

    func summary(of part: ArchivePart) throws -> PartSummary {
        let segment = Segment(part, in: self)
        let blocks = try segment.blocks()
        let (members, hosts) = try segment.read { view in
            (try ArchiveIndex.members(in: view.database).count, try ArchiveIndex.hosts(in: view.database))
        }
        return PartSummary(
            part: part, events: blocks.reduce(0) { $0 + $1.events },
            rawBytes: blocks.reduce(0) { $0 + $1.rawBytes }, lines: FileBytes.size(lines(part)),
            index: FileBytes.size(index(part)), firstTime: blocks.map(\.firstTime).min() ?? 0,
            lastTime: blocks.map(\.lastTime).max() ?? 0, members: members, hosts: hosts)
    }
}

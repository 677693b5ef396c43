import GRDB
import Glibc

/// What was found in a volume, and what is wrong with it.
package struct VolumeReport: Sendable {
    package let volume: ArchiveVolume
    package let isSealed: Bool
    package var parts = 0
    package var members = 0
    package var events = 0
    package var bytes = 0
    package var damage: [ArchiveDamage] = []
}

extension ArchiveLayout {
    /// Reads every byte of a volume, and compares it with all that says what it should be: the sums of its files, the
    /// checks of each member, the index, and the seal.
    ///
    /// - `progress`: is called after each part with the parts done and all there are; false ends it.
    package func verify(
        _ volume: ArchiveVolume, progress: (_ done: Int, _ all: Int) -> Bool = { _, _ in true }
    ) throws -> VolumeReport {
        var report = VolumeReport(volume: volume, isSealed: isSealed(volume))
        var sums: [String: String] = [:]
        do { sums = try VolumeSums(self, volume).sums } catch {
            report.damage.append(ArchiveDamage(path: self.sums(volume), member: nil, what: "\(error)"))
        }
        if report.isSealed { report.damage += sealDamage(volume) }
        let parts = parts(of: volume)
        for (number, part) in parts.enumerated() {
            try verify(part, sums, &report)
            guard progress(number + 1, parts.count) else { break }
        }
        let present = Set(parts.flatMap { [$0.name + ".ndjson.gz", $0.name + ".sqlite"] })
        for name in sums.keys.sorted() where !present.contains(name) {
            report.damage.append(
                ArchiveDamage(path: "\(path(volume))/\(name)", member: nil, what: "it is gone"))
        }
        return report
    }

    private func verify(
        _ part: ArchivePart, _ sums: [String: String], _ report: inout VolumeReport
    ) throws {
        report.parts += 1
        let lines = lines(part)
        func note(_ path: String, _ what: String) {
            report.damage.append(ArchiveDamage(path: path, member: nil, what: what))
        }
        do {
            let file = try ArchiveFile(lines)
            var walk = MemberWalk(file)
            let expander = DeflateExpander()
            var found: [ArchiveMember] = []
            while let (member, text) = try walk.next(expander) {
                found.append(member)
                report.members += 1
                report.events += member.events
                if let flaw = Self.flaw(of: text) {
                    report.damage.append(
                        ArchiveDamage(path: lines, member: (report.members, member.offset), what: flaw))
                }
            }
            report.damage += walk.damage
            report.bytes += file.size
            if walk.damage.isEmpty { try compare(found, part, &report) }
        } catch let error as StoreError { note(lines, "\(error)") }
        if hasIndex(part) {
            report.bytes += FileBytes.size(index(part))
            do {
                for error in try Segment(part, in: self).integrityErrors() { note(index(part), error) }
            } catch {
                note(index(part), "it cannot be read: wplog archive rebuild-index \(part.day)")
            }
        } else {
            note(index(part), "the index is gone: wplog archive rebuild-index \(part.day)")
        }
        for (name, path) in [(part.name + ".ndjson.gz", lines), (part.name + ".sqlite", index(part))]
        where unsafe access(path, F_OK) == 0 {
            guard let sum = sums[name] else {
                note(path, "SHA256SUMS does not name it: wplog archive run adds it")
                continue
            }
            if try FileDigest.ofFile(path) != sum { note(path, "its SHA-256 is not that of SHA256SUMS") }
        }
    }

    /// Compares the members of a file with those that its index names.
    private func compare(
        _ found: [ArchiveMember], _ part: ArchivePart, _ report: inout VolumeReport
    ) throws {
        guard hasIndex(part) else { return }
        do {
            let known = try Segment(part, in: self).read { try ArchiveIndex.members(in: $0.database) }
            let isSame = known.elementsEqual(found) {
                $0.offset == $1.offset && $0.bytes == $1.bytes && $0.events == $1.events
                    && $0.textBytes == $1.textBytes && $0.beginsBlock == $1.beginsBlock
            }
            if !isSame {
                report.damage.append(
                    ArchiveDamage(
                        path: index(part), member: nil, what: "it does not name the members of its lines"))
            }
        } catch {
            report.damage.append(ArchiveDamage(path: index(part), member: nil, what: "\(error)"))
        }
    }

    /// What is wrong with the lines of a member, which are as they were written.
    private static func flaw(of text: [UInt8]) -> String? {
        var start = 0
        var raw: [UInt8] = []
        while start < text.count {
            guard let end = text[start...].firstIndex(of: 0x0A) else { return "its last line has no end" }
            raw.removeAll(keepingCapacity: true)
            guard EventLine.parts(of: text, start..<end, &raw) != nil else {
                return "a line of it is no event"
            }
            start = end + 1
        }
        return nil
    }
}

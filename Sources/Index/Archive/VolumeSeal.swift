import FoundationEssentials
import Glibc
import Parse

/// What says that a volume is complete: the SHA-256 of its SHA256SUMS, and what it holds.
///
/// The file is one JSON object.
struct VolumeSeal: Codable {
    var format = 1
    var volume: String
    /// RFC 3339.
    var sealed: String
    var parts: Int
    var events: Int
    /// SHA-256 of SHA256SUMS.
    var sums: String
}

extension ArchiveLayout {
    /// Seals a volume: it is verified, and from then on nobody writes to it.
    ///
    /// Late events of the year go into a volume of their own. Throws what is damaged, and seals nothing then.
    /// - `now`: nanoseconds since the Unix epoch.
    package func seal(
        _ volume: ArchiveVolume, now: Int64, progress: (_ done: Int, _ all: Int) -> Bool = { _, _ in true }
    ) throws -> VolumeReport {
        guard !isSealed(volume) else { throw StoreError.refused("\(volume) is sealed already") }
        try VolumeSums.update(self, volume)
        var isWhole = true
        let report = try verify(volume) { done, all in
            isWhole = progress(done, all)
            return isWhole
        }
        guard isWhole else {
            throw StoreError.refused("\(volume) was not verified to its end, and is not sealed")
        }
        guard report.damage.isEmpty, report.parts > 0 else { return report }
        try writeSeal(volume, report, now: now)
        return report
    }

    /// Gives a seal the sums that hold now.
    func updateSeal(_ volume: ArchiveVolume, events: Int? = nil) throws {
        var seal = try JSONDecoder().decode(
            VolumeSeal.self, from: Data(try FileBytes.read(self.seal(volume))))
        seal.sums = try FileDigest.ofFile(sums(volume))
        seal.parts = parts(of: volume).count
        if let events { seal.events = events }
        try write(seal, volume)
    }

    private func write(_ seal: VolumeSeal, _ volume: ArchiveVolume) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        try FileBytes.replace(self.seal(volume), with: [UInt8](try encoder.encode(seal)) + [0x0A])
    }

    func writeSeal(_ volume: ArchiveVolume, _ report: VolumeReport, now: Int64) throws {
        let seal = VolumeSeal(
            volume: "\(volume)", sealed: Self.text(now), parts: report.parts, events: report.events,
            sums: try FileDigest.ofFile(sums(volume)))
        try write(seal, volume)
        protect(volume, isProtected: true)
    }

    /// Takes the right to write from the files of a volume, or gives it back.
    func protect(_ volume: ArchiveVolume, isProtected: Bool) {
        for name in FileBytes.names(in: path(volume)) {
            _ = unsafe chmod("\(path(volume))/\(name)", isProtected ? 0o400 : 0o600)
        }
        _ = unsafe chmod(path(volume), isProtected ? 0o500 : 0o700)
    }

    /// What is wrong with the seal itself.
    func sealDamage(_ volume: ArchiveVolume) -> [ArchiveDamage] {
        do {
            let seal = try JSONDecoder().decode(
                VolumeSeal.self, from: Data(try FileBytes.read(self.seal(volume))))
            let sum = try FileDigest.ofFile(sums(volume))
            if seal.volume == "\(volume)", seal.sums == sum { return [] }
            return [
                ArchiveDamage(
                    path: sums(volume), member: nil, what: "it is not the file that \(volume) was sealed with"
                )
            ]
        } catch {
            return [ArchiveDamage(path: self.seal(volume), member: nil, what: "\(error)")]
        }
    }

    private static func text(_ time: Int64) -> String {
        var bytes: [UInt8] = []
        TimeLayout.utc(time / 1_000_000_000 * 1_000_000_000).render(time, into: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }
}

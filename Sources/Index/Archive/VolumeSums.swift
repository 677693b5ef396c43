import Glibc

/// The SHA-256 sums of a volume's files, in the form of `sha256sum`.
///
/// Files do not change once they have their names: each is summed once.
struct VolumeSums {
    /// By file name.
    private(set) var sums: [String: String] = [:]

    /// Reads the sums of a volume; none where there are none yet.
    init(_ layout: ArchiveLayout, _ volume: ArchiveVolume) throws(StoreError) {
        let path = layout.sums(volume)
        guard unsafe access(path, F_OK) == 0 else { return }
        for line in String(decoding: try FileBytes.read(path), as: UTF8.self).split(separator: "\n") {
            let parts = line.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2, parts[0].count == 64, parts[1].first == " " || parts[1].first == "*",
                !parts[1].contains("/")
            else { throw .damaged("\(path) holds a line that is none: \(line.prefix(100))") }
            sums[String(parts[1].dropFirst())] = String(parts[0])
        }
    }

    /// Adds the files of the volume's parts that have no sum, and takes out files that are gone.
    static func update(_ layout: ArchiveLayout, _ volume: ArchiveVolume) throws(StoreError) {
        var known = try VolumeSums(layout, volume)
        let before = known.sums
        let parts = layout.parts(of: volume)
        var sums: [String: String] = [:]
        for part in parts {
            for (name, path) in [
                (part.name + ".ndjson.gz", layout.lines(part)), (part.name + ".sqlite", layout.index(part)),
            ] where unsafe access(path, F_OK) == 0 {
                sums[name] = if let sum = known.sums[name] { sum } else { try FileDigest.ofFile(path) }
            }
        }
        known.sums = sums
        if sums != before { try known.write(layout, volume) }
    }

    /// Forgets the sums of files that were made anew.
    static func forget(_ names: [String], _ layout: ArchiveLayout, _ volume: ArchiveVolume) throws(StoreError)
    {
        var known = try VolumeSums(layout, volume)
        for name in names { known.sums[name] = nil }
        try known.write(layout, volume)
    }

    /// The file's bytes.
    var text: [UInt8] {
        sums.sorted { $0.key < $1.key }.flatMap { Array("\($0.value)  \($0.key)\n".utf8) }
    }

    private func write(_ layout: ArchiveLayout, _ volume: ArchiveVolume) throws(StoreError) {
        try FileBytes.replace(layout.sums(volume), with: text)
    }
}

extension ArchiveLayout {
    /// Adds the sums of a volume's files that have none: a stop may have come before they were written.
    package func completeSums(_ volume: ArchiveVolume) throws(StoreError) {
        try VolumeSums.update(self, volume)
    }

    /// When the files of a volume last changed: nanoseconds since the Unix epoch; nil where that is not known.
    package func lastChange(of volume: ArchiveVolume) -> Int64? {
        var status = stat()
        guard unsafe stat(sums(volume), &status) == 0 else { return nil }
        let (time, overflow) = Int64(status.st_mtim.tv_sec).multipliedReportingOverflow(by: 1_000_000_000)
        return overflow ? nil : time
    }

    /// Whether queries can use the index of a part.
    package func hasReadableIndex(_ part: ArchivePart) -> Bool {
        hasIndex(part) && (try? Segment(part, in: self).blocks()) != nil
    }
}

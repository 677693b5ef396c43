import Glibc

/// The days of a data directory and of its archive, as a start finds them.
///
/// A stop while a day was archived can leave it in both places: its lines have got their name, and its segment is still
/// there. Then the archive counts. A day that was restored is in both places, too: its segment says so, and counts.
struct StoredDays {
    private(set) var segments: [Day: Segment] = [:]
    private(set) var archives: [Day: [Segment]] = [:]

    /// - `isReadOnly`: leaves everything on the disk as it is.
    init(_ layout: StoreLayout, _ archive: ArchiveLayout, isReadOnly: Bool) throws {
        for volume in archive.volumes() {
            if !isReadOnly { Self.removeLeftovers(archive.path(volume)) }
            for part in archive.currentParts(of: volume, isReadOnly: isReadOnly) where archive.hasIndex(part)
            {
                archives[part.day, default: []].append(Segment(part, in: archive))
            }
            if !isReadOnly, archive.isChanging(volume) { try archive.endChange(volume) }
        }
        if !isReadOnly { Self.removeLeftovers(layout.days, isArchive: false) }
        var files: [Day: [String]] = [:]
        for name in FileBytes.names(in: layout.days) {
            guard let day = layout.day(ofSegmentFile: name) else { continue }
            files[day, default: []].append(name)
        }
        for (day, names) in files {
            let found = try SegmentClaims.current(
                names.sorted().map {
                    Segment(day: day, path: "\(layout.days)/\($0)", isReadOnly: isReadOnly)
                }, isReadOnly: isReadOnly)
            try take(found, of: day, isReadOnly: isReadOnly)
        }
    }

    /// Chooses among the files of a day; what another place holds as well is taken away by who writes.
    private mutating func take(_ found: [Segment], of day: Day, isReadOnly: Bool) throws {
        var left = found
        // A restored segment holds all that an older file has.
        if found.count > 1, let restored = try found.first(where: { try !$0.restoredParts().isEmpty }) {
            if !isReadOnly { for segment in found where segment !== restored { segment.drop() } }
            left = [restored]
        }
        for segment in left {
            if archives[day] != nil, try isArchived(segment) {
                if !isReadOnly { segment.drop() }
                continue
            }
            guard segments[day] == nil else {
                throw StoreError.damaged(
                    "\(segment.path) holds a day that another file holds as well, and no archive; move one of them away"
                )
            }
            segments[day] = segment
        }
    }

    /// Whether every event of a segment is archived; else what is archived is hidden in one of the two places.
    private mutating func isArchived(_ segment: Segment) throws -> Bool {
        let restored = try segment.restoredParts()
        var parts = archives[segment.day] ?? []
        parts.removeAll { restored.contains($0.part?.description ?? "") }
        archives[segment.day] = parts.isEmpty ? nil : parts
        // A part whose index cannot be read is not seen, and hides nothing.
        guard let last = parts.compactMap({ try? $0.lastSequence() }).max() else { return false }
        // An empty segment is one whose first commit never came: late events are on their way into it.
        let wasEmpty = try segment.blocks().isEmpty
        segment.hide(through: last)
        return try !wasEmpty && segment.blocks().isEmpty
    }

    /// Takes away what a stop left unfinished: files without their final names, and indexes without lines.
    ///
    /// - `isArchive`: whether the folder is a volume.
    private static func removeLeftovers(_ folder: String, isArchive: Bool = true) {
        let names = Set(FileBytes.names(in: folder))
        for name in names {
            let base = isArchive && name.hasSuffix(".sqlite") ? String(name.dropLast(7)) : nil
            let isUnfinished =
                name.contains(PartWriter.temporarySuffix)
                || base.map { !names.contains($0 + ".ndjson.gz") } ?? false
            if isUnfinished { _ = unsafe unlink("\(folder)/\(name)") }
        }
    }
}

import Glibc

/// The names of an archive's files.
///
///     ARCHIVE/2012/                        a volume: the days of a year
///     ARCHIVE/2012/2012-05-12.ndjson.gz    the events of a day
///     ARCHIVE/2012/2012-05-12.sqlite       its index
///     ARCHIVE/2012/2012-05-12.2.ndjson.gz  events of the day that came after it was archived
///     ARCHIVE/2012/SHA256SUMS              the sums of the volume's files, as `sha256sum -c` reads them
///     ARCHIVE/2012/SEALED                  the volume is complete; nothing in it changes any more
///     ARCHIVE/2012.2/                      what came after the volume was sealed
package struct ArchiveLayout: Sendable {
    package let directory: String

    package init(directory: String) { self.directory = directory }

    package func path(_ volume: ArchiveVolume) -> String { "\(directory)/\(volume)" }
    package func sums(_ volume: ArchiveVolume) -> String { "\(path(volume))/SHA256SUMS" }
    package func seal(_ volume: ArchiveVolume) -> String { "\(path(volume))/SEALED" }
    package func lines(_ part: ArchivePart) -> String { "\(path(part.volume))/\(part.name).ndjson.gz" }
    package func index(_ part: ArchivePart) -> String { "\(path(part.volume))/\(part.name).sqlite" }

    /// The volumes, oldest year first; folders of other names are left alone.
    package func volumes() -> [ArchiveVolume] {
        FileBytes.names(in: directory).compactMap { ArchiveVolume($0) }
            .filter { Self.isFolder(path($0)) }.sorted()
    }

    /// The parts of a volume that have their lines, oldest day first.
    package func parts(of volume: ArchiveVolume) -> [ArchivePart] {
        FileBytes.names(in: path(volume)).compactMap { name in
            name.hasSuffix(".ndjson.gz") ? ArchivePart(volume, String(name.dropLast(10))) : nil
        }.sorted()
    }

    package func isSealed(_ volume: ArchiveVolume) -> Bool { unsafe access(seal(volume), F_OK) == 0 }
    package func hasIndex(_ part: ArchivePart) -> Bool { unsafe access(index(part), F_OK) == 0 }

    /// Whether a path is a folder itself, and not a link to one.
    private static func isFolder(_ path: String) -> Bool {
        var status = stat()
        return unsafe lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }
}

/// A folder of archived days of one year.
///
/// Prints as `2012`, and `2012.2` for the one that was begun when the first was sealed.
package struct ArchiveVolume: Hashable, Comparable, Sendable, CustomStringConvertible {
    package let year: Int
    package let number: Int

    package init(year: Int, number: Int = 1) {
        self.year = year
        self.number = number
    }

    /// Reads a folder's name; nil for any other.
    package init?(_ name: String) {
        let parts = name.split(separator: ".", omittingEmptySubsequences: false)
        guard let year = Int(parts[0]), parts.count == 1 || parts.count == 2 else { return nil }
        self.init(year: year, number: parts.count == 1 ? 1 : Int(parts[1]) ?? 0)
        guard description == name else { return nil }
    }

    package static func < (left: Self, right: Self) -> Bool {
        (left.year, left.number) < (right.year, right.number)
    }

    package var description: String {
        let digits = String(year)
        let padded = String(repeating: "0", count: max(0, 4 - digits.count)) + digits
        return number == 1 ? padded : "\(padded).\(number)"
    }
}

/// Events of one day that were archived together: a file of lines and its index.
package struct ArchivePart: Hashable, Comparable, Sendable, CustomStringConvertible {
    package let volume: ArchiveVolume
    package let day: Day
    package let number: Int

    package init(_ volume: ArchiveVolume, _ day: Day, number: Int = 1) {
        self.volume = volume
        self.day = day
        self.number = number
    }

    /// Reads the name of a file without its suffixes; nil for any other, and for a day of another year.
    package init?(_ volume: ArchiveVolume, _ name: String) {
        let parts = name.split(separator: ".", omittingEmptySubsequences: false)
        guard let day = Day(String(parts[0])), day.year == volume.year, parts.count <= 2 else { return nil }
        self.init(volume, day, number: parts.count == 1 ? 1 : Int(parts[1]) ?? 0)
        guard self.name == name else { return nil }
    }

    /// As its files are named.
    package var name: String { number == 1 ? "\(day)" : "\(day).\(number)" }
    package var description: String { "\(volume)/\(name)" }

    package static func < (left: Self, right: Self) -> Bool {
        (left.day, left.volume, left.number) < (right.day, right.volume, right.number)
    }
}

extension Day {
    /// Its year in the Gregorian calendar.
    package var year: Int { Int(description.prefix { $0 != "-" }) ?? 0 }
}

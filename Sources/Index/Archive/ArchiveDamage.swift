/// Something that is wrong with an archive.
package struct ArchiveDamage: Hashable, Sendable, CustomStringConvertible {
    /// The file.
    package let path: String
    /// Which of its members, counted from 1, and where it begins; nil where it is of the whole file.
    package let member: (number: Int, offset: Int)?
    package let what: String

    package var description: String {
        guard let member else { return "\(path): \(what)" }
        return "\(path): member \(member.number), at byte \(member.offset): \(what)"
    }

    package static func == (left: Self, right: Self) -> Bool { left.description == right.description }
    package func hash(into hasher: inout Hasher) { hasher.combine(description) }
}

/// Goes through the members of a file without an index, from its beginning to its end.
///
/// Where bytes are no member, it goes on with the next that is one.
struct MemberWalk {
    private let file: ArchiveFile
    private var offset = 0
    private var number = 0
    /// What it could not read.
    private(set) var damage: [ArchiveDamage] = []

    /// Bytes that one look for the next member takes in.
    private static let step = 1 << 20

    init(_ file: ArchiveFile) { self.file = file }

    /// The next member with its text; nil at the end of the file.
    mutating func next(_ expander: DeflateExpander) throws(StoreError) -> (
        member: ArchiveMember, text: [UInt8]
    )? {
        while offset < file.size {
            number += 1
            let start = offset
            let head = try file.bytes(start..<start + ArchiveMember.headerBytes)
            guard let member = ArchiveMember(header: head[...], at: start), start + member.bytes <= file.size
            else {
                note(start, "its header says what cannot be, or the file ends in it")
                offset = try nextMember(from: start + 1)
                continue
            }
            let bytes = try file.bytes(start..<start + member.bytes)
            do throws(StoreError) {
                let text = try member.text(of: bytes, expander, isThorough: true)
                let lines = text.reduce(0) { $1 == 0x0A ? $0 + 1 : $0 }
                guard lines == member.events, text.last == 0x0A else {
                    throw .damaged("it has \(lines) lines for \(member.events) events")
                }
                offset = start + member.bytes
                return (member, text)
            } catch {
                guard case .damaged(let what) = error else { throw error }
                note(start, what)
                // Where the length is what is wrong, another member begins before its end.
                let end = start + member.bytes
                let following = end < file.size ? try file.bytes(end..<end + ArchiveMember.headerBytes) : []
                let isPlausible = end == file.size || ArchiveMember(header: following[...], at: end) != nil
                offset = isPlausible ? end : try nextMember(from: start + 1)
            }
        }
        return nil
    }

    private mutating func note(_ start: Int, _ what: String) {
        damage.append(ArchiveDamage(path: file.path, member: (number, start), what: what))
    }

    /// Where the next header that can be stands, or the end of the file.
    private func nextMember(from start: Int) throws(StoreError) -> Int {
        var place = start
        while place < file.size {
            let bytes = try file.bytes(place..<place + Self.step + ArchiveMember.headerBytes)
            for index in 0..<min(Self.step, bytes.count) where bytes[index] == 0x1F {
                if ArchiveMember(header: bytes[index...], at: place + index) != nil { return place + index }
            }
            place += Self.step
        }
        return file.size
    }
}

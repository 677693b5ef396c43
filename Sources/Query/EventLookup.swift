import Index
import Parse

extension QueryEngine {
    /// The event of an id (`2026-11-22-4711`: its day and its number); nil where there is none.
    ///
    /// Throws where the day's segment cannot be read.
    package func event(id: String) throws -> FoundEvent? {
        let parts = id.split(separator: "-")
        guard parts.count == 4, let sequence = UInt64(parts[3]),
            let day = Day(parts[..<3].joined(separator: "-"))
        else { return nil }
        let snapshot = snapshot()
        for block in snapshot.memory where block.day == day {
            if let row = block.sequences.firstIndex(of: sequence) { return try BlockReader(block).event(row) }
        }
        for segment in snapshot.segments where segment.day == day {
            let infos = try snapshot.blocks(of: segment).filter {
                $0.firstSequence <= sequence && sequence <= $0.lastSequence
            }
            for info in infos {
                let found: FoundEvent? = try segment.read { reader in
                    let block = try reader.block(info.id)
                    guard let row = try block.sequences().firstIndex(of: sequence) else { return nil }
                    return try block.event(row)
                }
                if let found { return found }
            }
        }
        return nil
    }
}

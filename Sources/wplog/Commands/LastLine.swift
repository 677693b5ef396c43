/// Keeps the last line of a stream back.
struct LastLine {
    private(set) var bytes: [UInt8] = []

    /// Takes some bytes, and gives those that are before the last line so far.
    mutating func take(_ part: [UInt8]) -> [UInt8] {
        bytes += part
        // A line end at the very end belongs to the last line.
        guard let end = bytes.dropLast().lastIndex(of: 0x0A) else { return [] }
        let before = Array(bytes[...end])
        bytes.removeSubrange(...end)
        return before
    }
}

/// A piece of pattern text, and where a person finds it.
struct GrokSource: Sendable {
    /// The file, or what stands for it.
    let file: String
    /// The line of the first byte of `text` in the file, from 1.
    let line: Int
    /// The whole line of a pattern file, or a whole pattern that stands in no file.
    let text: [UInt8]
    /// Where in `text` the regular expression begins.
    let start: Int

    /// Line and column (both from 1, column in bytes) of an offset into `text`, and the bytes of that line.
    func place(of offset: Int) -> (line: Int, column: Int, text: ArraySlice<UInt8>) {
        let offset = min(max(0, offset), text.count)
        let before = text[..<offset]
        let lineStart = before.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
        let lineEnd = text[offset...].firstIndex(of: UInt8(ascii: "\n")) ?? text.count
        let lines = before.count { $0 == UInt8(ascii: "\n") }
        return (line + lines, offset - lineStart + 1, text[lineStart..<lineEnd])
    }
}

/// A line of a worker's output as php-fpm frames it: `child N said into stderr: "TEXT"`, perhaps with
/// `, pipe is closed` behind it (sapi/fpm/fpm/fpm_stdio.c).
///
/// One line of the output makes one line of the log, and blank lines are lost. The text is not escaped: the
/// last quote of the line ends it. A line of the log that would be longer than `log_limit` is split, and the
/// text goes on in the frame of the next.
struct PHPFPMFrame {
    let child: Range<Int>
    /// `stderr` or `stdout`.
    let stream: Range<Int>
    let text: Range<Int>
    /// Whether the text goes on in the next frame, within its line.
    let isSplit: Bool
    /// Whether the closing quote is missing: the line was longer than old versions write.
    let isCut: Bool

    /// `start` is where the words of the line begin that `line` is all of.
    init?(_ bytes: Span<UInt8>, _ line: Range<Int>, from start: Int) {
        let end = line.upperBound
        guard bytes.has("child ", at: start, to: end) else { return nil }
        child = bytes.digits(from: start &+ 6, to: end)
        let said = child.upperBound
        guard !child.isEmpty, bytes.has(" said into std", at: said, to: end), end &- said >= 20,
            bytes.has("err: \"", at: said &+ 14, to: end) || bytes.has("out: \"", at: said &+ 14, to: end)
        else { return nil }
        stream = said &+ 11..<said &+ 17
        let from = said &+ 20
        var close = end
        if bytes.has("\", pipe is closed", at: end &- 17, to: end) { close &-= 16 }
        isCut = close <= from || bytes[close &- 1] != UInt8(ascii: "\"")
        text = from..<(isCut ? max(from, close) : close &- 1)
        // Since 7.3 a split line is one byte short of `log_limit`, which is 1,024 and in practice another
        // power of two; before, the master read 1,023 bytes at a time.
        isSplit = !isCut && (Self.isOneShortOfPower(line.count) || text.count == 1_023)
    }

    private static func isOneShortOfPower(_ count: Int) -> Bool {
        count >= 1_023 && count & (count &+ 1) == 0
    }
}

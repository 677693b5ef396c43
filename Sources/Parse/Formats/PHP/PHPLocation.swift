/// Where in the source something happened, as PHP writes it at the end of a text.
///
/// ` in FILE:LINE` stands behind an exception (Exception::__toString), ` in FILE on line LINE` behind an
/// error (main/main.c, php_error_cb). A message may hold such words itself, and a path may hold blanks.
struct PHPLocation {
    enum Style {
        /// `FILE:LINE`
        case colon
        /// `FILE on line LINE`
        case onLine
    }

    /// The offset of ` in `.
    let start: Int
    let file: Range<Int>
    let line: Range<Int>

    /// Bytes of a path (PATH_MAX): the search goes no farther back.
    private static let longestFile = 4_096

    /// What stands in place of a file (php_cli.c, main.c).
    private static let noFiles: [StaticString] = [
        "Unknown", "Command line", "Standard input", "php shell code",
    ]

    /// Reads the location that ends at `end`, not before `from`.
    ///
    /// Nil where there is none.
    init?(_ bytes: Span<UInt8>, from: Int, endingAt end: Int, _ style: Style) {
        var at = end
        while at > from, end &- at <= 10, isDigit(bytes[at &- 1]) { at &-= 1 }
        guard at < end, end &- at <= 10 else { return nil }
        line = at..<end
        let between = style == .colon ? 1 : 9
        guard at &- from >= between else { return nil }
        at &-= between
        guard style == .colon ? bytes[at] == UInt8(ascii: ":") : bytes.has(" on line ", at: at, to: end),
            let start = Self.preposition(bytes, from: max(from, at &- Self.longestFile), to: at)
        else { return nil }
        self.start = start
        file = start &+ 4..<at
    }

    /// The last ` in ` before something that looks like a file; else the last before a single word.
    private static func preposition(_ bytes: Span<UInt8>, from: Int, to fileEnd: Int) -> Int? {
        var word: Int?
        var end = fileEnd
        while let at = bytes.findLast(" in ", from: from, to: end), at &+ 4 < fileEnd {
            if isFile(bytes, at &+ 4, to: fileEnd) { return at }
            if word == nil, bytes.find(UInt8(ascii: " "), from: at &+ 4, to: fileEnd) == fileEnd { word = at }
            end = at &+ 3
        }
        return word
    }

    /// Whether what begins at `at` is how a file begins: a path from the root, a drive, an address such as
    /// `phar://`, or what PHP writes where there is no file.
    private static func isFile(_ bytes: Span<UInt8>, _ at: Int, to end: Int) -> Bool {
        if bytes[at] == UInt8(ascii: "/") { return true }
        var letters = at
        while letters < end, isLetter(bytes[letters]) { letters &+= 1 }
        if bytes.has("://", at: letters, to: end) { return letters > at }
        if bytes.has(":\\", at: letters, to: end) || bytes.has(":/", at: letters, to: end) {
            return letters == at &+ 1
        }
        for index in noFiles.indices where bytes.has(noFiles[index], at: at, to: end) { return true }
        return false
    }
}

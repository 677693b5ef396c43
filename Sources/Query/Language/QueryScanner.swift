import Parse

/// The bytes of a query and what its characters mean: blanks, words, quotes.
///
/// Knows no grammar.
struct QueryScanner {
    let bytes: [UInt8]
    var place = 0

    init(_ text: String) { bytes = Array(text.utf8) }

    /// The byte at an offset; nil at the end.
    func byte(_ offset: Int) -> UInt8? { offset >= 0 && offset < bytes.count ? bytes[offset] : nil }

    var current: UInt8? { byte(place) }

    func text(_ range: Range<Int>) -> String {
        String(decoding: bytes[range.clamped(to: bytes.indices)], as: UTF8.self)
    }

    /// Length of the blank at an offset: ASCII white space, or a no-break space out of a copied text.
    func blank(at offset: Int) -> Int? {
        guard let byte = byte(offset) else { return nil }
        if byte == 0x20 || byte &- 0x09 < 5 { return 1 }
        return byte == 0xC2 && self.byte(offset + 1) == 0xA0 ? 2 : nil
    }

    func afterBlanks(_ offset: Int) -> Int {
        var offset = offset
        while let length = blank(at: offset) { offset += length }
        return offset
    }

    mutating func skipBlanks() { place = afterBlanks(place) }

    /// Whether no word can go on at an offset: end, blank, parenthesis or bar.
    func isBoundary(_ offset: Int) -> Bool {
        guard let byte = byte(offset) else { return true }
        return byte == 0x28 || byte == 0x29 || byte == 0x7C || blank(at: offset) != nil
    }

    // MARK: Quotes

    struct Quote {
        /// Bytes of the opening character, and of the closing one.
        var length: Int
        /// Offset of the closing character; nil if there is none.
        var close: Int?
        /// `'…'`: no escapes, and without a partner just an apostrophe.
        var isSingle: Bool
    }

    /// The quote that opens at an offset.
    ///
    /// Curly quotes are quotes.
    func quote(at offset: Int) -> Quote? {
        guard let length = quoteLength(offset) else { return nil }
        let isSingle = byte(offset) == 0x27 || isCurly(offset, 0x98...0x99)
        let start = offset + length
        let close = closing(from: start, escapes: !isSingle) { place in
            if length == 1 && byte(place) != byte(offset) { return false }
            if length == 3 && !isCurly(place, isSingle ? 0x99...0x99 : 0x9C...0x9F) { return false }
            // A single quote between two letters is an apostrophe, not the end: 'don't stop'.
            return !isSingle || !(place > start && isToken(place - 1) && isToken(place + length))
        }
        return Quote(length: length, close: close, isSingle: isSingle)
    }

    /// Bytes of the quote character at an offset; nil if there is none.
    private func quoteLength(_ offset: Int) -> Int? {
        switch byte(offset) {
        case 0x22, 0x27: 1
        case 0xE2: isCurly(offset, 0x98...0x99) || isCurly(offset, 0x9C...0x9F) ? 3 : nil
        default: nil
        }
    }

    /// Whether one of U+2018 … U+201F stands at an offset, by the last of its three bytes.
    private func isCurly(_ offset: Int, _ last: ClosedRange<UInt8>) -> Bool {
        guard byte(offset) == 0xE2, byte(offset + 1) == 0x80, let third = byte(offset + 2) else {
            return false
        }
        return last.contains(third)
    }

    private func closing(from start: Int, escapes: Bool, _ isEnd: (Int) -> Bool) -> Int? {
        var offset = start
        while offset < bytes.count {
            if isEnd(offset) { return offset }
            offset += escapes && isEscape(offset) ? 2 : 1
        }
        return nil
    }

    private func isEscape(_ offset: Int) -> Bool {
        byte(offset) == 0x5C && (byte(offset + 1) == 0x22 || byte(offset + 1) == 0x5C)
    }

    private func isToken(_ offset: Int) -> Bool {
        guard let byte = byte(offset), !isCurly(offset, 0x98...0x9F), !isCurly(offset - 2, 0x98...0x9F) else {
            return false
        }
        return Token.isTokenByte(byte)
    }

    /// What stands between the quotes, with `\"` and `\\` resolved; any other backslash is itself.
    func content(of quote: Quote, at offset: Int, close: Int) -> String {
        var content: [UInt8] = []
        var index = offset + quote.length
        while index < close {
            if !quote.isSingle, isEscape(index) { index += 1 }
            content.append(bytes[index])
            index += 1
        }
        return String(decoding: content, as: UTF8.self)
    }

    // MARK: Words

    /// The end of the word that begins at `start`: the next blank, parenthesis, bar or quote.
    ///
    /// A single quote behind a letter is an apostrophe; the first character belongs to the word in any case.
    func wordEnd(_ start: Int) -> Int {
        guard byte(start) != nil else { return start }
        var offset = start + (quote(at: start)?.length ?? 1)
        while !endsWord(offset) { offset += 1 }
        return offset
    }

    /// Whether a word that has begun before an offset ends there.
    func endsWord(_ offset: Int) -> Bool {
        if isBoundary(offset) { return true }
        guard quoteLength(offset) != nil else { return false }
        let isApostrophe = byte(offset) == 0x27 || isCurly(offset, 0x98...0x99)
        return !(isApostrophe && isToken(offset - 1))
    }

    /// Whether the word at an offset is exactly this one.
    func isWord(_ word: String, at offset: Int) -> Bool {
        let end = offset + word.utf8.count
        return end <= bytes.count && bytes[offset..<end].elementsEqual(word.utf8) && wordEnd(offset) == end
    }
}

/// Why a pattern file or a pattern was refused, and where.
package struct GrokError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What is wrong.
    package enum Reason: Hashable, Sendable {
        /// A line of a pattern file that is no `NAME regex`.
        case badDefinition(String)
        /// `%{NAME}` that no file defines, and a defined name close to it.
        case unknownPattern(String, suggestion: String?)
        /// `%{` that is no reference: no closing brace, no name, or a name of other characters.
        case badReference(String)
        /// A field name that cannot be used, and why.
        case badField(String, String)
        case unknownType(String, suggestion: String?)
        /// Names from the first to its repetition.
        case cycle([String])
        /// More than a limit allows: what, and the limit.
        case tooLarge(String, limit: Int)
        /// Not a regular expression, in our words or in those of PCRE2.
        case badRegex(String)
    }

    package let reason: Reason
    package let file: String
    /// From 1.
    package let line: Int
    /// Of the byte at fault, from 1.
    package let column: Int
    /// The line at fault, cut to a window around the fault.
    package let excerpt: String
    /// Blanks and a caret that stand under `excerpt`.
    package let caret: String

    init(_ reason: Reason, in source: GrokSource, at offset: Int) {
        let place = source.place(of: offset)
        self.reason = reason
        file = source.file
        line = place.line
        column = place.column
        (excerpt, caret) = Self.window(place.text, around: place.column - 1)
    }

    /// `file:line:column: what is wrong`, then the line, then a caret under the fault.
    package var description: String {
        "\(file):\(line):\(column): \(message)\n    \(excerpt)\n    \(caret)"
    }

    /// What is wrong, without the place.
    package var message: String {
        switch reason {
        case .badDefinition(let what): return what
        case .unknownPattern(let name, let suggestion):
            return "no file defines %{\(name)}." + (suggestion.map { " Did you mean %{\($0)}?" } ?? "")
        case .badReference(let what): return what
        case .badField(let name, let why): return "\"\(name)\" cannot be a field name: \(why)"
        case .unknownType(let type, let suggestion):
            let words = GrokType.words.map(\.word).joined(separator: ", ")
            return "\"\(type)\" is no type."
                + (suggestion.map { " Did you mean \($0)?" } ?? " Types are \(words).")
        case .cycle(let names): return "pattern cycle: " + names.map { "%{\($0)}" }.joined(separator: " → ")
        case .tooLarge(let what, let limit): return "\(what); the limit is \(limit)"
        case .badRegex(let what): return what
        }
    }

    /// About 60 bytes before the fault and 40 behind it, printable, and the caret line for it.
    private static func window(_ text: ArraySlice<UInt8>, around column: Int) -> (String, String) {
        let fault = text.startIndex + column
        var from = max(text.startIndex, fault - 60)
        // A character has three bytes at most behind its first; bytes that are no UTF-8 may have many more.
        while from > text.startIndex, from > fault - 63, text[from] & 0xC0 == 0x80 { from -= 1 }
        var to = min(text.endIndex, fault + 40)
        while to < text.endIndex, to < fault + 43, text[to] & 0xC0 == 0x80 { to += 1 }
        let shown = { (part: ArraySlice<UInt8>) in
            String(decoding: part.map { $0 < 0x20 || $0 == 0x7F ? UInt8(ascii: " ") : $0 }, as: UTF8.self)
        }
        let before = (from > text.startIndex ? "…" : "") + shown(text[from..<fault])
        let after = shown(text[fault..<to]) + (to < text.endIndex ? "…" : "")
        return (before + after, String(repeating: " ", count: before.unicodeScalars.count) + "^")
    }
}

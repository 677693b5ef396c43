internal import CEmbedded

/// Named grok patterns, as Logstash pattern files hold them: one `NAME regex` a line, `#` comments, blank
/// lines.
///
/// Files are given as bytes; the library reads no disk. A later definition of a name replaces an earlier one.
package struct PatternLibrary: Sendable {
    private var definitions: [String: GrokSource] = [:]

    /// A library without patterns.
    package init() {}

    /// The patterns of `grok-patterns/`, which are part of the program.
    package static let embedded: PatternLibrary = {
        var library = PatternLibrary()
        for file in embeddedFiles {
            do {
                try library.add(fileName: "grok-patterns/" + file.name, bytes: file.bytes)
            } catch {
                preconditionFailure("an embedded pattern file is not well formed: \(error)")
            }
        }
        return library
    }()

    /// The files of `grok-patterns/` as they were when the program was built.
    package static var embeddedFiles: [(name: String, bytes: [UInt8])] {
        unsafe UnsafeBufferPointer(start: wplog_patterns_table(), count: wplog_patterns_count).map { file in
            unsafe (
                String(cString: file.name), Array(UnsafeBufferPointer(start: file.bytes, count: file.count))
            )
        }
    }

    /// Every name, sorted.
    package var names: [String] { definitions.keys.sorted() }

    /// The regular expression of a name, as its file has it; nil for an unknown name.
    package func text(of name: String) -> String? {
        definitions[name].map { String(decoding: $0.text[$0.start...], as: UTF8.self) }
    }

    func definition(of name: String) -> GrokSource? { definitions[name] }

    /// A copy with the definitions of more files, in the order given.
    ///
    /// The copy is whole or there is none.
    package func adding(_ files: [(fileName: String, bytes: [UInt8])]) throws(GrokError) -> PatternLibrary {
        var library = self
        for file in files { try library.add(fileName: file.fileName, bytes: file.bytes) }
        return library
    }

    /// Adds the definitions of one file.
    ///
    /// `fileName` is for messages only. Refuses a line that is no definition; whether its regex is one shows
    /// when a program uses it.
    package mutating func add(fileName: String, bytes: [UInt8]) throws(GrokError) {
        var line = 0
        for var text in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
            line += 1
            if text.last == UInt8(ascii: "\r") { text.removeLast() }
            guard let first = text.firstIndex(where: { !isBlank($0) }), text[first] != UInt8(ascii: "#")
            else {
                continue
            }
            let nameEnd = text[first...].firstIndex(where: isBlank) ?? text.endIndex
            let regex = text[nameEnd...].firstIndex { !isBlank($0) }
            let source = GrokSource(
                file: fileName, line: line, text: Array(text), start: (regex ?? nameEnd) - text.startIndex)
            if let bad = text[first..<nameEnd].firstIndex(where: { !isNameByte($0) }) {
                let what = "a pattern name has letters, digits and _ only, and a blank behind it"
                throw GrokError(.badDefinition(what), in: source, at: bad - text.startIndex)
            }
            let name = String(decoding: text[first..<nameEnd], as: UTF8.self)
            guard regex != nil else {
                throw GrokError(
                    .badDefinition("\(name) has no regular expression behind it"), in: source,
                    at: source.start)
            }
            definitions[name] = source
        }
    }
}

/// Whether a byte may stand in a pattern's name.
func isNameByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
        true
    default: false
    }
}

private func isBlank(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }

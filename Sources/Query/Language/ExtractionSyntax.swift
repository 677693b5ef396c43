import Parse

/// Reads and writes the patterns of `extract`: `user=<user> from <client>`.
enum ExtractionSyntax {
    /// The parts of a pattern that stands, in quotes, at `range` of the query.
    ///
    /// Throws where no field is named, two texts have nothing between them, or a name is none.
    static func parts(of text: String, at range: Range<Int>) throws(QueryError) -> [Extraction.Part] {
        var parts: [Extraction.Part] = []
        var rest = Array(text.utf8)[...]
        func fail(_ message: String) -> QueryError {
            QueryError(
                .badValue, message, at: range, hint: "for example: extract \"user=<user> from <client>\"")
        }
        guard rest.count <= QueryLimits.pattern else {
            throw fail("the pattern has more than \(QueryLimits.pattern) bytes")
        }
        while let first = rest.first {
            guard first == 0x3C, let end = rest.firstIndex(of: 0x3E),
                isName(rest[(rest.startIndex + 1)..<end])
            else {
                let end = rest.dropFirst().firstIndex(of: 0x3C) ?? rest.endIndex
                let literal = String(decoding: rest[..<end], as: UTF8.self)
                if case .literal(let before) = parts.last {
                    parts[parts.count - 1] = .literal(before + literal)
                } else {
                    parts.append(.literal(literal))
                }
                rest = rest[end...]
                continue
            }
            if case .field = parts.last { throw fail("nothing stands between two of the fields") }
            let name = String(decoding: rest[(rest.startIndex + 1)..<end], as: UTF8.self)
            parts.append(.field(name == "_" ? nil : name))
            rest = rest[(end + 1)...]
        }
        let names = Extraction(parts).fields
        guard !names.isEmpty else { throw fail("the pattern names no field") }
        guard names.count <= QueryLimits.extracted else {
            throw fail("the pattern names more than \(QueryLimits.extracted) fields")
        }
        guard Set(names).count == names.count else { throw fail("the pattern names a field twice") }
        let reserved = names.first { $0 == "raw" || $0 == "time" || $0 == "received" || $0 == "id" }
        if let reserved { throw fail("\(reserved) is what every event has already; choose another name") }
        return parts
    }

    /// The pattern that is read as these parts.
    static func text(of parts: [Extraction.Part]) -> String {
        parts.map { part in
            switch part {
            case .literal(let text): text
            case .field(let name): "<\(name ?? "_")>"
            }
        }.joined()
    }

    private static func isName(_ bytes: ArraySlice<UInt8>) -> Bool {
        !bytes.isEmpty && bytes.count <= 64
            && bytes.allSatisfy { $0 < 0x80 && Token.isTokenByte($0) || $0 == 0x2E }
    }
}

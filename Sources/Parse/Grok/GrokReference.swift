/// `%{NAME}`, `%{NAME:field}` or `%{NAME:field:type}` in a pattern.
struct GrokReference {
    let name: String
    let capture: GrokCapture?
    /// The offset behind the closing brace.
    let end: Int

    /// Reads the reference whose `%` stands at `start`.
    init(_ source: GrokSource, at start: Int) throws(GrokError) {
        let text = source.text
        guard let close = text[start...].firstIndex(of: UInt8(ascii: "}")) else {
            throw GrokError(.badReference("%{ has no closing }"), in: source, at: start)
        }
        let parts = text[(start + 2)..<close].split(
            separator: UInt8(ascii: ":"), maxSplits: 2, omittingEmptySubsequences: false)
        guard !parts[0].isEmpty else {
            throw GrokError(.badReference("%{…} needs a pattern's name"), in: source, at: start + 2)
        }
        if let bad = parts[0].firstIndex(where: { !isNameByte($0) }) {
            let what = "a pattern name has letters, digits and _ only"
            throw GrokError(.badReference(what), in: source, at: bad)
        }
        name = String(decoding: parts[0], as: UTF8.self)
        end = close + 1
        guard parts.count > 1 else {
            capture = nil
            return
        }
        // Stock patterns have `%{POSINT:[error][code]?}`: grok ends a name there.
        let quantifiers: Set<UInt8> = [UInt8(ascii: "?"), UInt8(ascii: "*"), UInt8(ascii: "+")]
        let named = parts[1].last.map { quantifiers.contains($0) } == true ? parts[1].dropLast() : parts[1]
        let field = try Self.fieldName(named, in: source)
        let type = parts.count > 2 ? try Self.type(parts[2], in: source) : nil
        capture = GrokCapture(field: field, type: type)
    }

    private static func type(_ text: ArraySlice<UInt8>, in source: GrokSource) throws(GrokError) -> GrokType {
        let word = String(decoding: text, as: UTF8.self)
        if let known = GrokType.words.first(where: { $0.word == word.lowercased() }) { return known.type }
        let suggestion = closestName(to: word, among: GrokType.words.map(\.word))
        throw GrokError(.unknownType(word, suggestion: suggestion), in: source, at: text.startIndex)
    }

    /// Names that only the event itself has.
    ///
    /// `received`, `reason`, `level`, `facility` and `time` are not among them: stock patterns capture fields
    /// with these names, so whoever stores the values keeps them apart.
    private static let reserved: Set<String> = ["raw", "parser", "parse", "peer"]

    /// The field that `text` names: `[source][ip]` is `source.ip`.
    ///
    /// Refuses what cannot be queried or is ours.
    static func fieldName(_ text: ArraySlice<UInt8>, in source: GrokSource) throws(GrokError) -> String {
        var bytes: [UInt8] = []
        var fault: String?
        for (offset, byte) in text.enumerated() {
            switch byte {
            case UInt8(ascii: "["):
                if offset > 0, text[text.startIndex + offset - 1] != UInt8(ascii: "]") {
                    fault = "[ ] must go around each part"
                }
                if offset > 0 { bytes.append(UInt8(ascii: ".")) }
            case UInt8(ascii: "]"):
                if text.first != UInt8(ascii: "[") { fault = "[ ] must go around each part" }
            case UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "@"): bytes.append(byte)
            case _ where isNameByte(byte): bytes.append(byte)
            default: fault = "it may have letters, digits and _ . - @ only"
            }
        }
        if text.first == UInt8(ascii: "["), text.last != UInt8(ascii: "]") {
            fault = "[ ] must go around each part"
        }
        let name = String(decoding: bytes, as: UTF8.self)
        if bytes.isEmpty { fault = "it is empty" }
        if bytes.count > GrokLimits.fieldNameBytes {
            fault = "it has \(bytes.count) bytes; the limit is \(GrokLimits.fieldNameBytes)"
        }
        if reserved.contains(name) || name.first == "_" {
            fault = "wplog keeps it for the event itself; choose another name"
        }
        guard let fault else { return name }
        let shown = String(decoding: text.prefix(GrokLimits.fieldNameBytes), as: UTF8.self)
        throw GrokError(.badField(shown, fault), in: source, at: text.startIndex)
    }
}

import Parse

/// A line with fields in it: `{time} {host} {status}`.
///
/// `{{` is one brace. A value that is missing is `-`.
package struct OutputTemplate: Sendable {
    enum Part: Equatable, Sendable {
        case text([UInt8])
        /// A name as it was written, and the field's own name.
        case field(String, String)
    }

    private(set) var parts: [Part] = []
    /// As it was written.
    package let text: String

    /// Reads a template.
    ///
    /// - `isField`: whether there is a field, or a column, of a name.
    package init(
        _ text: String, isField: (String) -> Bool = { Self.isKnown($0) }
    ) throws(OutputTemplateError) {
        self.text = text
        var literal: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "{") else {
                literal.append(byte)
                continue
            }
            if rest.first == byte {
                rest.removeFirst()
                literal.append(byte)
                continue
            }
            guard let end = rest.firstIndex(of: UInt8(ascii: "}")) else { throw .unclosed }
            let name = String(decoding: rest[..<end], as: UTF8.self)
            guard !name.isEmpty, name == "id" || isField(name) else { throw .unknown(name) }
            rest = rest[(end + 1)...]
            if !literal.isEmpty { parts.append(.text(literal)) }
            literal = []
            parts.append(Self.part(name))
        }
        if !literal.isEmpty { parts.append(.text(literal)) }
    }

    /// The fields with a space between each two.
    init(fields: [String]) {
        text = fields.map { "{\($0)}" }.joined(separator: " ")
        parts = Array(fields.map { [Self.part($0)] }.joined(separator: [.text([0x20])]))
    }

    /// Whether the catalogue has the field, or a format or a line of this process.
    package static func isKnown(_ name: String) -> Bool {
        Fields.definition(of: name) != nil || Fields.table.existing(name) != nil
    }

    private static func part(_ name: String) -> Part {
        .field(name, Fields.definition(of: name)?.name ?? name)
    }
}

/// Why a text is no template.
package enum OutputTemplateError: Error, Equatable, CustomStringConvertible {
    case unclosed
    case unknown(String)

    package var description: String {
        switch self {
        case .unclosed: "a { of the template has no }; one brace is written {{"
        case .unknown(""): "{} names no field; write {host}, or {{} for the braces"
        case .unknown(let name):
            "the template names {\(QueryExcerpt.safe(name))}, and there is no such field"
                + (Suggestion.field(for: name).map { "; did you mean {\($0)}?" } ?? "")
        }
    }
}

import Parse

/// What the output asks about the name of each field of each event.
///
/// Definitions of the catalogue hold texts, and are slow to copy.
struct FieldTraits {
    /// Results leave the field out.
    var isHidden = false
    /// Its values are numbers.
    var isNumber = false
    /// An event has a key of this name that is no field.
    var isOwn = false

    static func of(_ name: String) -> FieldTraits { special[name] ?? FieldTraits() }

    /// Those that are not all false.
    private static let special: [String: FieldTraits] = {
        var special: [String: FieldTraits] = [:]
        for name in Fields.catalogue.flatMap({ [$0.name] + $0.aliases }) {
            guard let field = Fields.definition(of: name) else { continue }
            let traits = FieldTraits(isHidden: field.isHidden, isNumber: field.kind == .number)
            if traits.isHidden || traits.isNumber { special[name] = traits }
        }
        for name in ["id", "time", "received", "raw", "_context"] {
            special[name, default: FieldTraits()].isOwn = true
        }
        return special
    }()
}

/// Bytes that may be text.
enum UTF8Text {
    static func isValid(_ bytes: [UInt8]) -> Bool { (try? UTF8Span(validating: bytes.span)) != nil }
}

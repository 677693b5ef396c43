/// What becomes of the members of JSON objects and of `key=value` pairs.
///
/// A key without a rule is stored under the catalogue's name where the catalogue knows it, else under its own.
struct KeyRules: Sendable {
    /// Rules by key; nested keys are joined with dots: `exception.class`.
    let keys: [String: KeyRule]
    /// Texts that say that there is no value.
    let nulls: NullTexts
    /// What stands before the name of a key whose own name is taken: `body.host`.
    let prefix: String
    /// Objects whose members are read as if they stood one level higher: `@fields`.
    let transparent: [String]
    /// Whether a backslash in a quoted value of a pair begins an escape.
    ///
    /// JSON always unescapes.
    let unescapes: Bool
    /// Whether a time that has no zone is UTC.
    let isUTC: Bool
    /// Of members with the same key only the last counts.
    let keepsLast: Bool
    /// Whether `-` in quotes is the value of a pair, where `-` without is none.
    let keepsQuotedDash: Bool
    /// The field whose value stands before the name of a key whose value is not of its field's type:
    /// `authevents.status` in a log of channels.
    let group: FieldID?

    init(
        _ keys: [String: KeyRule] = [:], nulls: NullTexts = .none, prefix: String = "body",
        transparent: [String] = [], unescapes: Bool = true, isUTC: Bool = false, keepsLast: Bool = true,
        keepsQuotedDash: Bool = false, group: FieldID? = nil
    ) {
        self.group = group
        self.keepsQuotedDash = keepsQuotedDash
        self.keys = keys
        self.nulls = nulls
        self.prefix = prefix
        self.transparent = transparent
        self.unescapes = unescapes
        self.isUTC = isUTC
        self.keepsLast = keepsLast
    }
}

/// Which texts stand for "no value".
enum NullTexts: Sendable {
    case none
    /// `-`
    case dash
    /// `-` and the empty text.
    case dashOrEmpty
    /// These, and `(null)`, as Fastly writes a header that was not sent.
    case dashEmptyOrNull
}

/// What becomes of one member.
enum KeyRule: Sendable {
    /// Stored in this field; a name or alias of the catalogue, or a new name.
    case field(String)
    /// When it happened.
    ///
    /// A value that is no time is kept as text, and the parse is partial.
    case time([TimeFormat])
    /// As `time`, but a value that is no time is an ordinary value of that key.
    case timeIfReadable([TimeFormat])
    /// The level, as word or number.
    ///
    /// A value that is no level is an ordinary value of that key.
    case level(LevelScale)
    /// `GET /path HTTP/1.1`
    case requestLine
    /// Swift code, which gets the value without quotes and escapes.
    ///
    /// False keeps it as an ordinary value.
    case code(BodyReader)
    /// Left in the raw line, where words are found, and in no field.
    case ignored
}

/// The rules of one format as one thread applies them: keys by their bytes.
struct KeyTable {
    struct Entry {
        var field: FieldID
        /// What the catalogue asks of the field's values.
        var values = ValueType.any
        /// Where the value goes when another key has taken `field`, or it is of another type.
        var spare: FieldID
        /// Index in `rules`, −1 for none.
        var rule: Int
        var isTransparent: Bool
    }

    let options: KeyRules
    private(set) var rules: [KeyRule] = []
    private(set) var entries: [Entry] = []
    private var known = ByteKeyMap(capacity: ParseLimits.rememberedKeys)
    /// The entry of keys that can have no name: too long, or one name too many.
    private let unnamed = 0

    init(_ options: KeyRules) {
        self.options = options
        entries.append(Entry(field: .other, spare: .other, rule: -1, isTransparent: false))
        for (name, rule) in options.keys {
            let key = Array(name.utf8)
            let entry = add(name, rule)
            known.remember(UInt16(truncatingIfNeeded: entry), for: key.span, 0..<key.count)
        }
        for name in options.transparent {
            let key = Array(name.utf8)
            entries.append(Entry(field: .other, spare: .other, rule: -1, isTransparent: true))
            known.remember(UInt16(truncatingIfNeeded: entries.count - 1), for: key.span, 0..<key.count)
        }
    }

    /// The entry (index in `entries`) of the key that `bytes` holds in `range`.
    mutating func entry(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Int {
        if let known = known.value(bytes, range) { return Int(known) }
        guard !range.isEmpty, range.count <= ParseLimits.fieldNameBytes,
            entries.count < ParseLimits.rememberedKeys
        else { return unnamed }
        var name: [UInt8] = []
        for index in range { name.append(bytes[index]) }
        let entry = add(String(decoding: name, as: UTF8.self), nil)
        known.remember(UInt16(truncatingIfNeeded: entry), for: bytes, range)
        return entry
    }

    /// Whether an object under this key is one value for a rule's code.
    func isValue(_ entry: Int) -> Bool {
        let rule = entries[entry].rule
        guard rule >= 0, rule < rules.count else { return false }
        switch rules[rule] {
        case .code, .ignored: return true
        case .field, .time, .timeIfReadable, .level, .requestLine: return false
        }
    }

    private mutating func add(_ name: String, _ rule: KeyRule?) -> Int {
        var stored = name
        var index = -1
        switch rule {
        case .field(let field): stored = field
        case .some(let rule):
            rules.append(rule)
            index = rules.count - 1
        case .none: break
        }
        let field = FieldNaming.field(key: stored, prefix: options.prefix)
        let spare = FieldNaming.field(spare: name, prefix: options.prefix) ?? .other
        guard let field else { return unnamed }
        entries.append(
            Entry(
                field: field, values: ValueType(of: field), spare: spare, rule: index, isTransparent: false))
        return entries.count - 1
    }
}

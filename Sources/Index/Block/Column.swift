import Parse

/// The values of one field for the events of a block: a table of the values, and per event the number of its value.
///
///     values   docs│blog│www            codes   1 1 3 2 1 0 1 …        0: the event has no value here
///
/// Values are distinct where they repeat; in a column of ids, where hardly any does, each event has its own. A
/// reader must not rely on either.
package struct Column: Sendable {
    package let values: ByteTable
    /// One code an event: the value's number plus one, or 0.
    ///
    /// Events behind the end have no value.
    package let codes: [UInt16]

    /// The number of the value of event `row`, nil where it has none.
    @inlinable package func value(at row: Int) -> Int? {
        guard row < codes.count else { return nil }
        let code = codes[row]
        return code == 0 ? nil : Int(code) - 1
    }
}

/// What a column of a block holds.
package struct ColumnName: Hashable, Sendable {
    /// The field's short name.
    package let name: String
    /// 0 for the first value of the field in an event, 1 for a second one in the same event, and so on.
    package let occurrence: UInt8
    /// Whether the field of some events is a stretch of the line around other fields, and not a value here.
    package var isSpan = false
    /// Which bytes the tokens of the values are made of.
    package var alphabet = Alphabet.any
}

/// Kinds of bytes that tokens are made of.
///
/// A word of letters is not in a column of numbers.
package struct Alphabet: OptionSet, Hashable, Sendable {
    package let rawValue: UInt8

    package init(rawValue: UInt8) { self.rawValue = rawValue }

    package static let digits = Alphabet(rawValue: 1)
    /// `a` to `f`, which hex numbers have as well.
    package static let hexLetters = Alphabet(rawValue: 2)
    package static let otherLetters = Alphabet(rawValue: 4)
    package static let any: Alphabet = [.digits, .hexLetters, .otherLetters]

    /// The kinds that occur in some bytes, in either case.
    package init(_ bytes: [UInt8]) {
        var found: UInt8 = 0
        for byte in bytes { found |= Self.kinds[Int(byte)] }
        self.init(rawValue: found)
    }

    private static let kinds: [UInt8] = (0...255).map { value -> UInt8 in
        let byte = Token.lowercased(UInt8(value))
        if !Token.isTokenByte(byte) { return 0 }
        return byte >= 0x30 && byte <= 0x39 ? 1 : byte >= 0x61 && byte <= 0x66 ? 2 : 4
    }
}

/// A column under construction.
package struct ColumnBuilder {
    var name: ColumnName
    /// The column for the field's next value in the same event; −1 while there is none.
    var next = -1
    private var dictionary = ByteDictionary()
    private(set) var codes: [UInt16] = []
    private var isDirect = false

    /// After so many values the column decides whether looking for repeats is worth its time.
    private static let sample = 512

    init(_ name: ColumnName) { self.name = name }

    /// A column of values that a query computes.
    package init(of field: String) { self.init(ColumnName(name: field, occurrence: 0)) }

    /// Whether event `row` has a value already.
    func holds(_ row: Int) -> Bool { codes.count > row }

    /// Gives event `row` a value; rows must rise.
    package mutating func add(_ value: Span<UInt8>, row: Int) {
        while codes.count < row { codes.append(0) }
        if isDirect {
            codes.append(dictionary.appendUnchecked(value) &+ 1)
            return
        }
        codes.append(dictionary.code(of: value) &+ 1)
        if dictionary.count == Self.sample, codes.count < Self.sample + Self.sample / 8 { isDirect = true }
    }

    /// Adds a value whose code is known from an earlier `code(of:)`.
    mutating func add(code: UInt16, row: Int) {
        while codes.count < row { codes.append(0) }
        codes.append(code &+ 1)
    }

    mutating func code(of value: Span<UInt8>) -> UInt16 { dictionary.code(of: value) }

    /// The column as it is now.
    ///
    /// Copies, unless it is the last use.
    package var column: Column { Column(values: dictionary.table, codes: codes) }
}

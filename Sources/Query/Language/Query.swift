package import Parse

/// A parsed query: which events, then what to make of them.
package struct Query: Equatable, Sendable {
    package var filter: Filter
    package var stages: [Stage]

    package init(filter: Filter, stages: [Stage] = []) {
        self.filter = filter
        self.stages = stages
    }
}

/// A predicate on one event.
///
/// `and` and `or` hold two or more parts, none of the same case.
package indirect enum Filter: Equatable, Sendable {
    case everything
    case test(Test)
    case not(Filter)
    case and([Filter])
    case or([Filter])
}

/// One condition on one field, or on the raw line.
package struct Test: Equatable, Sendable {
    /// The field's own (short) name; `raw` for words and phrases that name no field.
    package var field: String
    package var kind: FieldKind
    package var condition: Condition

    package init(field: String = "raw", kind: FieldKind = .text, _ condition: Condition) {
        self.field = field
        self.kind = kind
        self.condition = condition
    }
}

/// What a field's value must be.
///
/// Texts are compared as bytes; ASCII letters without regard to case, but in `exactly`.
package enum Condition: Equatable, Sendable {
    /// The value holds this text on token edges, punctuation included.
    case contains(String)
    /// A run of tokens of the value matches this pattern (`*` any text, `?` one byte) on token edges.
    case matches(Glob)
    /// The whole value is this text.
    ///
    /// A host also matches by its first label.
    case equals(String)
    /// The whole value is this text, byte for byte.
    case exactly(String)
    /// The whole value matches this pattern.
    case like(Glob)
    /// The value as a number (in the field's unit), a level, or a time, within bounds.
    case within(Bounds)
    /// A part of the value matches this regular expression, as `ByteRegex` reads it.
    case regex(String)
    /// The value is an address of this network.
    case network(Network)
    /// The event's time, or the time of its receipt, lies in this span.
    ///
    /// An end at the end of `Int64` is open.
    case during(TimeSpan)
    /// The field is there, even if empty.
    case exists
}

/// Lower and upper bound of a comparison; nil is open.
package struct Bounds: Equatable, Sendable {
    package struct Bound: Equatable, Sendable {
        package var value: Double
        package var inclusive: Bool

        package init(_ value: Double, inclusive: Bool) {
            self.value = value
            self.inclusive = inclusive
        }
    }

    package var lower: Bound?
    package var upper: Bound?

    package init(lower: Bound? = nil, upper: Bound? = nil) {
        self.lower = lower
        self.upper = upper
    }

    /// Whether `value` lies within.
    ///
    /// NaN lies in no bounds.
    package func contains(_ value: Double) -> Bool {
        if let lower, !(value > lower.value || (lower.inclusive && value == lower.value)) { return false }
        if let upper, !(value < upper.value || (upper.inclusive && value == upper.value)) { return false }
        return !value.isNaN
    }
}

/// A pattern of literal pieces and wildcards.
package struct Glob: Equatable, Sendable {
    package enum Piece: Equatable, Sendable {
        case literal(String)
        /// `*`: any bytes, or none.
        case any
        /// `?`: one byte.
        case one
    }

    package var pieces: [Piece]

    package init(_ pieces: [Piece]) { self.pieces = pieces }
}

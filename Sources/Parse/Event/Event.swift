/// One event of a batch: where its bytes are, and what does not stand in them as text.
package struct Event: Sendable {
    /// The frame as received, without its delimiter.
    ///
    /// Offsets into `EventBatch.bytes`.
    package var raw: ByteRange
    /// Index of the first of its fields in `EventBatch.fields`.
    package var firstField: UInt32
    package var fieldCount: UInt16
    /// When it happened; when it was received, where no time can be read or believed.
    ///
    /// Nanoseconds since the Unix epoch.
    package var time: Int64
    /// RFC 5424 §6.2.1 severity, 0 (emergency) to 7 (debug); `Event.unknown` where nothing says.
    package var severity: UInt8
    /// RFC 5424 §6.2.1 facility, 0 to 23; `Event.unknown` where nothing says.
    package var facility: UInt8
    package var outcome: ParseOutcome
    package var reasons: ParseReasons
    /// The format that read the message.
    ///
    /// A number of `Formats.names`.
    package var format: UInt16
    /// Index of the sender in `EventBatch.peers`.
    package var peer: UInt16

    /// Stands for "not stated" in `severity` and `facility`.
    package static let unknown: UInt8 = 255

    package init(
        raw: ByteRange, firstField: UInt32, fieldCount: UInt16, time: Int64, severity: UInt8, facility: UInt8,
        outcome: ParseOutcome, reasons: ParseReasons, format: UInt16, peer: UInt16
    ) {
        self.raw = raw
        self.firstField = firstField
        self.fieldCount = fieldCount
        self.time = time
        self.severity = severity
        self.facility = facility
        self.outcome = outcome
        self.reasons = reasons
        self.format = format
        self.peer = peer
    }
}

/// Half-open range of byte offsets, 4 GiB at most.
package struct ByteRange: Hashable, Sendable {
    package var start: UInt32
    package var end: UInt32

    @inlinable package init(start: UInt32, end: UInt32) {
        self.start = start
        self.end = end
    }

    /// `range` must lie within 0 ..< 4 GiB, as every offset into a batch does.
    @inlinable package init(_ range: Range<Int>) {
        start = UInt32(truncatingIfNeeded: range.lowerBound)
        end = UInt32(truncatingIfNeeded: range.upperBound)
    }

    @inlinable package var range: Range<Int> { Int(start)..<Swift.max(Int(start), Int(end)) }
    @inlinable package var count: Int { Swift.max(0, Int(end) - Int(start)) }
}

/// One value of an event, as a range of bytes.
package struct FieldValue: Sendable {
    /// Where the bytes of a value stand, and how they take part in the raw line.
    package enum Role: UInt8, Sendable {
        /// A part of the raw line.
        ///
        /// Holes of one event do not overlap and stand in the order of their offsets.
        case hole
        /// A part of the raw line that contains whole holes, such as the message around its own fields.
        ///
        /// Listed before the holes inside it; spans nest, they do not cross.
        case span
        /// A hole whose text is a time in `layout`.
        ///
        /// Where it says the same as `Event.time`, the block stores the layout alone.
        case time
        /// Not in the raw line: made from it (unescaped, joined, normalised).
        ///
        /// Offsets into `EventBatch.derived`.
        case derived
    }

    package var field: FieldID
    package var role: Role
    package var bytes: ByteRange
    /// For role `time` only.
    package var layout: TimeLayout

    @inlinable package init(_ field: FieldID, _ role: Role, _ bytes: ByteRange, layout: TimeLayout = .none) {
        self.field = field
        self.role = role
        self.bytes = bytes
        self.layout = layout
    }
}

/// How the parse of a line ended.
package enum ParseOutcome: UInt8, Sendable, CaseIterable {
    /// A format of its own read the whole line, or the line needs none.
    case ok
    /// The header was read, and some part of the line was not as its format says.
    case partial
    /// The line's format did not match it.
    ///
    /// Kept raw.
    case failed

    package var name: String {
        switch self {
        case .ok: "ok"
        case .partial: "partial"
        case .failed: "failed"
        }
    }
}

/// Why a parse is not `ok`.
///
/// Names are part of the query language (`reason:bad_pri`) and of the metrics.
package struct ParseReasons: OptionSet, Hashable, Sendable {
    package let rawValue: UInt32
    @inlinable package init(rawValue: UInt32) { self.rawValue = rawValue }

    /// No `<PRI>` at the start of the frame (RFC 5424 §6.2.1).
    package static let noPriority = ParseReasons(rawValue: 1 << 0)
    /// A PRI that is no number from 0 to 191.
    package static let badPriority = ParseReasons(rawValue: 1 << 1)
    /// A time stamp that is no time; the time of receipt stands in.
    package static let badTime = ParseReasons(rawValue: 1 << 2)
    /// Structured data that breaks RFC 5424 §6.3.
    package static let badStructuredData = ParseReasons(rawValue: 1 << 3)
    /// Bytes that are not UTF-8.
    package static let badUTF8 = ParseReasons(rawValue: 1 << 4)
    /// The frame was longer than the line limit; the rest was discarded.
    package static let truncated = ParseReasons(rawValue: 1 << 5)
    /// The connection ended inside the frame.
    package static let unterminated = ParseReasons(rawValue: 1 << 6)
    /// A network event whose time lies outside [received − 30 d, received + 24 h].
    ///
    /// The time of receipt stands in, and the text of the time stays a field.
    package static let timeSuspect = ParseReasons(rawValue: 1 << 7)
    /// The pattern reached its step limit.
    package static let limit = ParseReasons(rawValue: 1 << 8)
    /// The program has formats, and none matched.
    package static let noMatch = ParseReasons(rawValue: 1 << 9)
    /// More fields than an event may have; the rest stays in the raw line.
    package static let tooManyFields = ParseReasons(rawValue: 1 << 10)
    /// A value that is not of the type its pattern gives it; kept as text.
    package static let badType = ParseReasons(rawValue: 1 << 11)
    /// A body that ends too early: JSON without its end, quotes that do not close.
    ///
    /// What was there is read.
    package static let cut = ParseReasons(rawValue: 1 << 12)
    /// A body that breaks its own syntax.
    ///
    /// What stands before is read, the rest is one field.
    package static let malformed = ParseReasons(rawValue: 1 << 13)
    /// Only the general rule could read the date that the line begins with.
    package static let generalTime = ParseReasons(rawValue: 1 << 16)
    /// A line of a file without any date: the time of the line before it stands in, or when the file was changed last.
    package static let noTime = ParseReasons(rawValue: 1 << 17)

    /// Every reason with its name, in the order of the bits.
    package static let names: [(reason: ParseReasons, name: String)] = [
        (.noPriority, "no_pri"), (.badPriority, "bad_pri"), (.badTime, "bad_time"),
        (.badStructuredData, "bad_sd"), (.badUTF8, "bad_utf8"), (.truncated, "truncated"),
        (.unterminated, "unterminated"), (.timeSuspect, "time_suspect"), (.limit, "limit"),
        (.noMatch, "no_match"), (.tooManyFields, "too_many_fields"), (.badType, "bad_type"),
        (.cut, "cut"), (.malformed, "malformed"), (.generalTime, "general_time"), (.noTime, "no_time"),
    ]

    /// The names of the reasons in this set.
    package var descriptions: [String] {
        Self.names.compactMap { contains($0.reason) ? $0.name : nil }
    }
}

/// Turns the captures of a match into the fields of an event: sorted, nested, typed, the tail taken apart.
struct FieldWriter {
    private struct Found {
        var range: Range<Int>
        var capture: Int
    }

    // Of the match at hand; kept for its capacity.
    private var found: [Found] = []
    private var open: [Int] = []
    private var keys = ByteKeyMap(capacity: ParseLimits.rememberedKeys)
    /// Takes what cannot be taken apart. Nil only where the field table is full of other names.
    private let rest = FieldNaming.field(capture: "tail")

    /// Appends the fields of the last match of `matcher`, and returns the time that the line states.
    ///
    /// Holes come out in the order of their offsets and do not overlap; spans nest. A capture that breaks
    /// this (look- ahead, `\K`) is left out. `first` is the index of the event's first field; `tail` is the
    /// whole tail.
    mutating func write(
        _ bytes: Span<UInt8>, _ format: Format, _ matcher: borrowing GrokMatcher, tail: Range<Int>,
        first: Int,
        times: inout TimeReader, reasons: inout ParseReasons, _ out: inout [FieldValue]
    ) -> TimeReading? {
        collect(format, matcher, tail: tail)
        open.removeAll(keepingCapacity: true)
        var time: TimeReading?
        var cursor = 0
        for index in found.indices {
            let range = found[index].range
            let capture = found[index].capture
            while let end = open.last, end <= range.lowerBound { open.removeLast() }
            guard range.lowerBound >= cursor, open.last.map({ range.upperBound <= $0 }) ?? true else {
                continue
            }
            if capture == format.tailCapture {
                writeTail(bytes, tail, first: first, reasons: &reasons, &out)
                cursor = tail.upperBound
                continue
            }
            guard let field = format.fields[capture] else { continue }
            guard out.count &- first < ParseLimits.fields else {
                reasons.insert(.tooManyFields)
                break
            }
            if holdsNext(index) {
                out.append(FieldValue(field, .span, ByteRange(range)))
                open.append(range.upperBound)
                cursor = range.lowerBound
                continue
            }
            cursor = range.upperBound
            guard capture == format.timeCapture else {
                out.append(FieldValue(field, .hole, ByteRange(range)))
                continue
            }
            time = Self.read(bytes, range, format.timeStyle, &times)
            if time == nil { reasons.insert(.badTime) }
            let layout = time.map { $0.fits ? $0.layout : .none } ?? .none
            let role: FieldValue.Role = layout.style == .none ? .hole : .time
            out.append(FieldValue(field, role, ByteRange(range), layout: layout))
        }
        return time
    }

    /// Gathers the captures that were set, by offset; of two that begin together the outer one first.
    private mutating func collect(_ format: Format, _ matcher: borrowing GrokMatcher, tail: Range<Int>) {
        found.removeAll(keepingCapacity: true)
        for capture in format.fields.indices {
            guard let range = matcher.range(of: capture)?.range else { continue }
            let item = Found(range: capture == format.tailCapture ? tail : range, capture: capture)
            // Patterns mostly name their captures in the order of the line: this moves little.
            var at = found.count
            while at > 0, Self.precedes(item.range, found[at &- 1].range) { at &-= 1 }
            if at == found.count { found.append(item) } else { found.insert(item, at: at) }
        }
    }

    private static func precedes(_ one: Range<Int>, _ other: Range<Int>) -> Bool {
        one.lowerBound < other.lowerBound
            || one.lowerBound == other.lowerBound && one.upperBound > other.upperBound && !other.isEmpty
    }

    /// Whether the capture at `index` holds the one after it, and so is no hole itself.
    private func holdsNext(_ index: Int) -> Bool {
        guard index &+ 1 < found.count else { return false }
        let next = found[index &+ 1].range
        let own = found[index].range
        return next.lowerBound < own.upperBound && next.upperBound <= own.upperBound && !own.isEmpty
    }

    private static func read(
        _ bytes: Span<UInt8>, _ range: Range<Int>, _ style: TimeLayout.Style, _ times: inout TimeReader
    ) -> TimeReading? {
        let reading: TimeReading? =
            switch style {
            case .none: nil
            case .iso: times.iso(bytes, at: range.lowerBound, to: range.upperBound)
            case .bsd: times.bsd(bytes, at: range.lowerBound, to: range.upperBound)
            case .http: times.http(bytes, at: range.lowerBound, to: range.upperBound)
            }
        return reading?.end == range.upperBound ? reading : nil
    }

    /// Appends a field for each `key=value`. From the first part that is none on, the text is one field.
    private mutating func writeTail(
        _ bytes: Span<UInt8>, _ tail: Range<Int>, first: Int, reasons: inout ParseReasons,
        _ out: inout [FieldValue]
    ) {
        var at = tail.lowerBound
        while at < tail.upperBound {
            // One place is kept for the rest.
            let isRoom = out.count &- first < ParseLimits.fields &- 1
            if !isRoom { reasons.insert(.tooManyFields) }
            guard isRoom, let item = TailItem(bytes, from: at, to: tail.upperBound),
                let field = field(bytes, item)
            else { break }
            if !item.isNull(bytes) { out.append(FieldValue(field, .hole, ByteRange(item.value))) }
            at = item.end
        }
        at = bytes.skipBlanks(from: at, to: tail.upperBound)
        guard at < tail.upperBound, let rest else { return }
        out.append(FieldValue(rest, .hole, ByteRange(at..<tail.upperBound)))
    }

    /// The field of an item; nil where the field table takes no more names.
    private mutating func field(_ bytes: Span<UInt8>, _ item: TailItem) -> FieldID? {
        if let known = keys.value(bytes, item.key) { return FieldID(known) }
        var name: [UInt8] = []
        for index in item.key { name.append(bytes[index]) }
        guard let field = FieldNaming.field(key: String(decoding: name, as: UTF8.self)) else { return nil }
        keys.remember(field.rawValue, for: bytes, item.key)
        return field
    }
}

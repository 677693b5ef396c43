/// Takes the fields of one event as they are found, and keeps the rules of `FieldValue.Role`.
///
/// One for each thread. What a format's code sees of it: the `add…`, `set…` and `read…` functions. Values are
/// added in the order of their offsets; one that stands before the value added last is left out.
struct EventWriter {
    var event: Event
    var fields: [FieldValue] = []
    private(set) var derived: [UInt8] = []
    var times: TimeReader
    /// The time that the message states.
    var ownTime: TimeReading?

    /// Index in `fields` of the first field of the event, and of the first that the message brought.
    private(set) var first = 0
    private(set) var body = 0
    private var firstDerived = 0
    /// Index of the span that is the whole message; −1 where the message is another field.
    var messageSpan = -1
    var hasMessage = false
    var hasTime = false
    /// Values end before this offset.
    private var cursor = 0
    /// Whether code reads a text that is not the line: its values are copied.
    private(set) var isDerived = false
    /// Whether the captures of the line hold escapes that its format undoes.
    var hasEscapes = false

    // Kept for their capacity.
    var found: [Found] = []
    var open: [Int] = []
    var path: [UInt8] = []
    private var scratch: [UInt8] = []
    /// Per field the key that brought it, in which event.
    var claims = [Claim](repeating: Claim(), count: Fields.limit)
    private(set) var generation: UInt32 = 0
    /// Of all formats, by the number of their rules.
    var tables: [KeyTable]

    /// A field that a match found: its bytes, and its index in the captures of the pattern.
    struct Found {
        var range: Range<Int>
        var capture: Int
    }

    struct Claim {
        var generation: UInt32 = 0
        var entry: UInt32 = 0
    }

    init(tables: [KeyTable], times: TimeReader) {
        self.tables = tables
        self.times = times
        event = Event(
            raw: ByteRange(start: 0, end: 0), firstField: 0, fieldCount: 0, time: 0, severity: 0, facility: 0,
            outcome: .ok, reasons: [], format: Formats.raw, peer: 0)
    }

    // MARK: An event

    /// Begins an event: its fields go behind those of `batch`, which the writer has until `end(_:)`.
    @inline(__always)
    mutating func begin(_ event: Event, _ batch: inout EventBatch) {
        self.event = event
        swap(&fields, &batch.fields)
        swap(&derived, &batch.derived)
        first = fields.count
        firstDerived = derived.count
        body = first
        messageSpan = -1
        hasMessage = false
        hasTime = false
        cursor = Int(event.raw.start)
        ownTime = nil
        isDerived = false
    }

    /// Ends the event and gives the batch its fields back.
    @inline(__always)
    mutating func end(_ batch: inout EventBatch) {
        event.fieldCount = UInt16(truncatingIfNeeded: fields.count - first)
        swap(&fields, &batch.fields)
        swap(&derived, &batch.derived)
        batch.events.append(event)
    }

    /// Takes back all of the event, and gives the batch its fields back.
    mutating func abandon(_ batch: inout EventBatch) {
        fields.removeLast(max(0, fields.count - first))
        derived.removeLast(max(0, derived.count - firstDerived))
        swap(&fields, &batch.fields)
        swap(&derived, &batch.derived)
    }

    /// Adds a field of the header, without a look at what was added before.
    @inline(__always)
    mutating func addHeader(_ value: FieldValue) {
        fields.append(value)
        if value.role != .derived { cursor = Int(value.bytes.end) }
        body = fields.count
    }

    mutating func addHeader(_ field: FieldID, text: some Sequence<UInt8>) {
        let start = derived.count
        derived.append(contentsOf: text)
        addHeader(FieldValue(field, .derived, ByteRange(start..<derived.count)))
    }

    /// Begins with a text that is not the line: what is added next are ranges of it, until `endText`.
    mutating func beginText() -> Int {
        cursor = 0
        return fields.count
    }

    /// Copies the values that were added since `beginText` out of `text`, which they are ranges of.
    mutating func endText(_ start: Int, _ text: Span<UInt8>) {
        for index in start..<max(start, fields.count) where fields[index].role != .derived {
            let from = derived.count
            derived.append(text, fields[index].bytes.range)
            fields[index] = FieldValue(fields[index].field, .derived, ByteRange(from..<derived.count))
        }
        messageSpan = -1
        cursor = Int(event.raw.end)
    }

    /// Another header was found inside the message of the one read so far, whose fields become those of a relay.
    mutating func coverHeader(host: Bool) {
        for index in first..<max(first, fields.count) {
            switch fields[index].field {
            case .host where host: fields[index].field = .relayHost
            case .pri, .headerTime, .program, .pid, .msgid: fields[index].field = .outer
            default: break
            }
        }
    }

    /// What `rewind(to:)` needs to take back all that was added since.
    struct Mark {
        fileprivate var event: Event
        fileprivate var fields: Int
        fileprivate var derived: Int
        fileprivate var cursor: Int
    }

    var mark: Mark { Mark(event: event, fields: fields.count, derived: derived.count, cursor: cursor) }

    /// Takes back what a format added that turned out not to be the line's.
    mutating func rewind(to mark: Mark) {
        event = mark.event
        takeBack(mark)
        messageSpan = -1
        hasMessage = false
        hasTime = false
        ownTime = nil
        isDerived = false
        times.isUTC = false
        restoreHeader()
    }

    /// Begins the fields of a message that some format reads.
    ///
    /// The whole is the field `message` until one of the fields takes that name.
    @inline(__always)
    mutating func beginMessage(_ range: ByteRange) {
        generation &+= 1
        hasEscapes = false
        messageSpan = fields.count
        fields.append(FieldValue(.message, .span, range))
    }

    /// Whether one more field has room.
    var hasRoom: Bool { fields.count &- first < ParseLimits.fields }

    /// Fields that still have room.
    var places: Int { ParseLimits.fields &- (fields.count &- first) }

    /// All values so far, without the span that stands for the whole message.
    var valueCount: Int { fields.count &- (messageSpan >= 0 ? 1 : 0) }

    // MARK: Values

    /// Adds the bytes `range` as a value: a hole in the raw line, or a copy where code reads another text.
    mutating func add(_ field: FieldID, _ bytes: Span<UInt8>, _ range: Range<Int>) {
        if isDerived { return addDerived(field, bytes, range) }
        add(field, .hole, range)
    }

    /// Adds the bytes `range` of the line.
    @inline(__always)
    mutating func add(
        _ field: FieldID, _ role: FieldValue.Role, _ range: Range<Int>, layout: TimeLayout = .none
    ) {
        guard range.lowerBound >= cursor, fields.count &- first < ParseLimits.fields else {
            return refuse(range)
        }
        cursor = role == .span ? range.lowerBound : range.upperBound
        let name = field.rawValue <= FieldID.syslogLevel.rawValue ? claim(headerField: field) : field
        fields.append(FieldValue(name, role, ByteRange(range), layout: layout))
    }

    /// Adds a value that does not stand in the line: `bytes` of any text.
    mutating func addDerived(_ field: FieldID, _ bytes: Span<UInt8>, _ range: Range<Int>) {
        guard hasRoom else { return event.reasons.formUnion(.tooManyFields) }
        let start = derived.count
        derived.append(bytes, range)
        appendDerived(field, from: start)
    }

    /// Adds a value that was made from the line.
    mutating func addDerived(_ field: FieldID, _ text: some Sequence<UInt8>) {
        guard hasRoom else { return event.reasons.formUnion(.tooManyFields) }
        let start = derived.count
        derived.append(contentsOf: text)
        appendDerived(field, from: start)
    }

    private mutating func appendDerived(_ field: FieldID, from start: Int) {
        let name = field.rawValue <= FieldID.syslogLevel.rawValue ? claim(headerField: field) : field
        fields.append(FieldValue(name, .derived, ByteRange(start..<derived.count)))
    }

    /// Adds a value as it is meant.
    ///
    /// Where that is not as it is written, the written form stays in the line as the hidden field `escaped`,
    /// so that all that varies between lines is in fields.
    mutating func add(
        _ field: FieldID, _ bytes: Span<UInt8>, _ range: Range<Int>, unescaping escapes: Escapes
    ) {
        guard escapes.occur(bytes, range) else { return add(field, bytes, range) }
        if !isDerived {
            guard fields.count &- first &+ 1 < ParseLimits.fields else { return refuse(range) }
            add(.escaped, .hole, range)
        }
        guard hasRoom else { return event.reasons.formUnion(.tooManyFields) }
        let start = derived.count
        escapes.append(bytes, range, to: &derived)
        appendDerived(field, from: start)
    }

    /// As above, where that is text; what stands for other bytes, as in a TLS hello, is kept as it is written.
    mutating func add(
        _ field: FieldID, _ bytes: Span<UInt8>, _ range: Range<Int>, readable escapes: Escapes
    ) {
        if !addReadable(field, bytes, range, escapes) { add(field, bytes, range) }
    }

    /// As above; false, with nothing added, where the value holds no escapes, or no text.
    @discardableResult
    mutating func addReadable(
        _ field: FieldID, _ bytes: Span<UInt8>, _ range: Range<Int>, _ escapes: Escapes
    ) -> Bool {
        guard places > 1, escapes.occur(bytes, range) else { return false }
        let start = derived.count
        escapes.append(bytes, range, to: &derived)
        guard derived.span.isReadable(start..<derived.count) else {
            derived.removeLast(derived.count - start)
            return false
        }
        if !isDerived { add(.escaped, .hole, range) }
        appendDerived(field, from: start)
        return true
    }

    /// Adds a copy of a value, as it is meant.
    mutating func addUnescaped(
        _ field: FieldID, _ bytes: Span<UInt8>, _ range: Range<Int>, _ escapes: Escapes
    ) {
        guard hasRoom else { return event.reasons.formUnion(.tooManyFields) }
        let start = derived.count
        escapes.append(bytes, range, to: &derived)
        appendDerived(field, from: start)
    }

    /// Adds a value as `rewrite` appends it; the written form stays in the line as `escaped`.
    mutating func add(
        _ field: FieldID, _ bytes: Span<UInt8>, _ range: Range<Int>,
        rewriting rewrite: (Span<UInt8>, Range<Int>, inout [UInt8]) -> Void
    ) {
        if !isDerived { add(.escaped, .hole, range) }
        guard hasRoom else { return event.reasons.formUnion(.tooManyFields) }
        let start = derived.count
        rewrite(bytes, range, &derived)
        appendDerived(field, from: start)
    }

    /// Adds `range` as a field that holds the values added next, those inside it.
    mutating func addSpan(_ field: FieldID, _ bytes: Span<UInt8>, _ range: Range<Int>) {
        if isDerived { return addDerived(field, bytes, range) }
        add(field, .span, range)
    }

    /// Adds `GET /path HTTP/1.1` as `request_line` with its parts; the line alone where it is no request.
    mutating func addRequestLine(_ bytes: Span<UInt8>, _ range: Range<Int>) {
        guard let request = RequestLine(bytes, range) else { return add(.requestLine, bytes, range) }
        addSpan(.requestLine, bytes, range)
        add(.method, bytes, request.method)
        add(.path, bytes, request.path)
        if !request.version.isEmpty { add(.httpVersion, bytes, request.version) }
    }

    /// Reads a level word or number: the event's level, and the text as `level_text`.
    ///
    /// False, with nothing added, where it is no level.
    @discardableResult
    mutating func setLevel(_ bytes: Span<UInt8>, _ range: Range<Int>, _ scale: LevelScale = .any) -> Bool {
        guard let severity = scale.severity(bytes, range) else { return false }
        event.severity = severity
        add(.levelText, bytes, range)
        return true
    }

    /// Reads a time: the event's own, and the text as `log_time`.
    ///
    /// False, with nothing added, where it is none.
    @discardableResult
    mutating func setTime(
        _ bytes: Span<UInt8>, _ range: Range<Int>, _ formats: [TimeFormat], isUTC: Bool = false
    ) -> Bool {
        times.isUTC = isUTC
        let reading = times.read(formats, bytes, range)
        times.isUTC = false
        guard let reading else { return false }
        addTime(reading, bytes, range)
        return true
    }

    @inline(__always)
    mutating func addTime(_ reading: TimeReading, _ bytes: Span<UInt8>, _ range: Range<Int>) {
        if ownTime == nil { ownTime = reading }
        guard !isDerived else { return addDerived(.logTime, bytes, range) }
        let layout = reading.fits ? reading.layout : .none
        guard range.lowerBound >= cursor, hasRoom else { return refuse(range) }
        cursor = range.upperBound
        let field = hasTime ? FieldID.bodyTime : .logTime
        hasTime = true
        fields.append(
            FieldValue(field, layout.style == .none ? .hole : .time, ByteRange(range), layout: layout))
    }

    /// Reads a text that is written with escapes as `reader` reads it: the values come from the text as it is
    /// meant, and the written form stays in the line as `escaped`.
    mutating func read(
        _ bytes: Span<UInt8>, _ range: Range<Int>, unescaping escapes: Escapes, _ reader: BodyReader
    ) -> Bool {
        guard !isDerived, escapes.occur(bytes, range) else { return reader(bytes, range, &self) }
        return read(bytes, range, reader) { escapes.append($0, $1, to: &$2) }
    }

    /// As above, for a text that `rewrite` appends as it is meant.
    ///
    /// Such a text may hold escapes, but none that is rewritten itself.
    mutating func read(
        _ bytes: Span<UInt8>, _ range: Range<Int>, _ reader: BodyReader,
        rewriting rewrite: (Span<UInt8>, Range<Int>, inout [UInt8]) -> Void
    ) -> Bool {
        guard !isDerived else { return reader(bytes, range, &self) }
        var text: [UInt8] = []
        swap(&text, &scratch)
        text.removeAll(keepingCapacity: true)
        rewrite(bytes, range, &text)
        let mark = mark
        add(.escaped, .hole, range)
        isDerived = true
        let isRead = reader(text.span, 0..<text.count, &self)
        isDerived = false
        if !isRead { takeBack(mark) }
        swap(&text, &scratch)
        return isRead
    }

    /// Takes back the values that code added before it gave up.
    mutating func takeBack(_ mark: Mark) {
        fields.removeLast(max(0, fields.count - mark.fields))
        derived.removeLast(max(0, derived.count - mark.derived))
        cursor = mark.cursor
    }

    /// A value without room, or out of order, stays in the raw line.
    @inline(never)
    private mutating func refuse(_ range: Range<Int>) {
        if !hasRoom { event.reasons.insert(.tooManyFields) }
    }

    /// Whether the event has a value of this field so far.
    func has(_ field: FieldID) -> Bool {
        for index in first..<max(first, fields.count) where fields[index].field == field { return true }
        return false
    }

    /// Takes back the time that the message states, so that a later one counts.
    mutating func dropTime() {
        guard hasTime else { return }
        hide(.logTime)
    }
}

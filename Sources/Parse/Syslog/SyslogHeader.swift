/// What stands before the message of a syslog frame.
///
/// Ranges that are empty are not there.
struct SyslogHeader {
    var priority = ByteRange(start: 0, end: 0)
    /// RFC 5424 §6.2.1; user-level (1) and notice (5) where the PRI is no valid one (RFC 3164 §4.3.3), unknown where
    /// the frame has none.
    var facility = Event.unknown
    var severity = Event.unknown
    /// The text of the time, readable or not.
    var timeText = ByteRange(start: 0, end: 0)
    var time: TimeReading?
    var host = ByteRange(start: 0, end: 0)
    var program = ByteRange(start: 0, end: 0)
    var pid = ByteRange(start: 0, end: 0)
    var msgid = ByteRange(start: 0, end: 0)
    var structuredData = ByteRange(start: 0, end: 0)
    /// All that the header does not read, without a byte-order mark.
    var message = ByteRange(start: 0, end: 0)
    /// Whether a blank stood before the message that was taken for a part of the header.
    var hasSeparator = false
    var reasons: ParseReasons = []

    /// No header at all.
    init() {}

    /// Whether there is a header: a PRI, or what log files have of one.
    var isWritten: Bool { priority.count > 0 || timeText.count > 0 }

    /// Reads the header of `frame`, RFC 5424 or RFC 3164, each as real senders write it.
    ///
    /// Never fails: what cannot be read begins the message.
    init(_ bytes: Span<UInt8>, _ frame: Range<Int>, times: inout TimeReader) {
        let end = frame.upperBound
        guard let at = readPriority(bytes, frame) else {
            // A line as rsyslog writes it to its files has the header without a PRI.
            if !reasons.contains(.noPriority) || !readHeaderWithoutPriority(bytes, frame, times: &times) {
                setMessage(bytes, frame.lowerBound, end)
            }
            return
        }
        // VERSION 1 and then `-` or a digit of the time; anything else after a `1` is text (RFC 5424 §6.2.2).
        if end - at >= 3, bytes[at] == UInt8(ascii: "1"), bytes[at &+ 1] == UInt8(ascii: " "),
            bytes[at &+ 2] == UInt8(ascii: "-") || isDigit(bytes[at &+ 2])
        {
            readRFC5424(bytes, from: at &+ 2, to: end, times: &times)
        } else {
            readRFC3164(bytes, from: at, to: end, times: &times)
        }
    }

    /// Reads `<PRI>` and returns the offset behind it (RFC 5424 §6.2.1).
    ///
    /// Nil, with a reason, where there is none. Digits that are no PRI are kept as its text.
    private mutating func readPriority(_ bytes: Span<UInt8>, _ frame: Range<Int>) -> Int? {
        let start = frame.lowerBound
        guard start < frame.upperBound, bytes[start] == UInt8(ascii: "<") else {
            reasons.insert(.noPriority)
            return nil
        }
        var at = start &+ 1
        var value = 0
        while at < frame.upperBound, isDigit(bytes[at]), at &- start <= 10 {
            value = value &* 10 &+ Int(bytes[at] &- 48)
            at &+= 1
        }
        let digits = at &- start &- 1
        guard digits > 0, at < frame.upperBound, bytes[at] == UInt8(ascii: ">") else {
            reasons.insert(.badPriority)
            facility = 1
            severity = 5
            return nil
        }
        priority = ByteRange(start &+ 1..<at)
        facility = 1
        severity = 5
        if digits <= 3, value <= 191 {
            facility = UInt8(truncatingIfNeeded: value >> 3)
            severity = UInt8(truncatingIfNeeded: value & 7)
        } else {
            reasons.insert(.badPriority)
        }
        return at &+ 1
    }

    /// Ends the header: the message is what stands between the offsets.
    ///
    /// A byte-order mark is no part of it (RFC 5424 §6.4).
    mutating func setMessage(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) {
        let isMarked =
            end - start >= 3 && bytes[start] == 0xEF && bytes[start &+ 1] == 0xBB && bytes[start &+ 2] == 0xBF
        message = ByteRange((isMarked ? start &+ 3 : min(start, end))..<end)
    }
}

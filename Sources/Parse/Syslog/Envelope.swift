/// What others have put around a line on its way: a relay a second syslog header, a container runtime a time and a
/// stream, Docker and journald a JSON object.
///
///     <38>Nov 22 10:00:00 relay <13>Nov 22 09:59:59 web1 app[7]: text      a header within the message
///     2026-11-26T10:41:25.19327046+01:00 stdout F text                     CRI: containerd, CRI-O
///     {"log":"text\n","stream":"stdout","time":"2026-11-24T04:57:43.9Z"}   Docker's json-file
///     {"MESSAGE":"text","_HOSTNAME":"web1","PRIORITY":"6", …}              journalctl -o json
enum Envelope {
    case none
    /// The message begins with a header of its own.
    case header(SyslogHeader)
    case container(ContainerLine)
    case docker(DockerLine)
    case journal(JournalEntry)

    /// Looks at the first bytes of a message.
    ///
    /// - `isOpen`: no format knows the program, or there is none: then a header without a PRI counts as well.
    @inline(__always)
    static func read(
        _ bytes: Span<UInt8>, _ message: Range<Int>, isOpen: Bool, times: inout TimeReader
    ) -> Envelope {
        guard message.count > 8 else { return .none }
        switch bytes[message.lowerBound] {
        case UInt8(ascii: "<") where isDigit(bytes[message.lowerBound &+ 1]):
            return nested(bytes, message, times: &times)
        case UInt8(ascii: "{"): return object(bytes, message, times: &times)
        case UInt8(ascii: "2"):
            if let line = ContainerLine(bytes, message, times: &times) { return .container(line) }
            return isOpen ? withoutPriority(bytes, message, times: &times) : .none
        case UInt8(ascii: "A")...UInt8(ascii: "S") where isOpen:
            return withoutPriority(bytes, message, times: &times)
        default: return .none
        }
    }

    @inline(never)
    private static func nested(_ bytes: Span<UInt8>, _ message: Range<Int>, times: inout TimeReader)
        -> Envelope
    {
        let header = SyslogHeader(bytes, message, times: &times)
        guard header.reasons.isEmpty, header.priority.count > 0, header.time != nil, header.program.count > 0
        else {
            return .none
        }
        return .header(header)
    }

    /// The line of a file that was read with its header.
    @inline(never)
    private static func withoutPriority(
        _ bytes: Span<UInt8>, _ message: Range<Int>, times: inout TimeReader
    ) -> Envelope {
        var header = SyslogHeader()
        guard header.readHeaderWithoutPriority(bytes, message, times: &times), header.reasons.isEmpty,
            header.host.count > 0, header.program.count > 0
        else { return .none }
        return .header(header)
    }

    @inline(never)
    private static func object(_ bytes: Span<UInt8>, _ message: Range<Int>, times: inout TimeReader)
        -> Envelope
    {
        let key = JSONScan.skipSpace(bytes, message.lowerBound &+ 1, message.upperBound)
        let end = message.upperBound
        if bytes.has("\"log\":", at: key, to: end) {
            return DockerLine(bytes, message, times: &times).map { .docker($0) } ?? .none
        }
        // Names of journald's fields have capitals, those of its own a line before them.
        guard key &+ 1 < end, bytes[key] == UInt8(ascii: "\""),
            bytes[key &+ 1] &- 65 < 26 || bytes[key &+ 1] == UInt8(ascii: "_"),
            bytes.find("\"__REALTIME_TIMESTAMP\"", from: key, to: end) != nil
        else { return .none }
        return JournalEntry(bytes, message).map { .journal($0) } ?? .none
    }
}

/// A line as container runtimes write it to their files: `TIME STREAM TAG TEXT` (Kubernetes' CRI logging format).
struct ContainerLine {
    var time: TimeReading
    var timeText: Range<Int>
    var stream: Range<Int>
    var tag: Range<Int>
    /// Whether it is not the end of its line.
    var isPart: Bool
    var text: Range<Int>

    init?(_ bytes: Span<UInt8>, _ message: Range<Int>, times: inout TimeReader) {
        let end = message.upperBound
        let start = message.lowerBound
        guard LiteralCheck.shape("9999-99-99T99:99:99").passes(bytes, from: start, to: end) else {
            return nil
        }
        let blank = bytes.find(UInt8(ascii: " "), from: start, to: min(end, start &+ 40))
        guard bytes.has(" stdout ", at: blank, to: end) || bytes.has(" stderr ", at: blank, to: end),
            blank &+ 9 < end,
            bytes[blank &+ 8] == UInt8(ascii: "F") || bytes[blank &+ 8] == UInt8(ascii: "P"),
            let reading = times.iso(bytes, at: start, to: blank), reading.end == blank
        else { return nil }
        let tagEnd = bytes.find(UInt8(ascii: " "), from: blank &+ 8, to: end)
        time = reading
        timeText = start..<blank
        stream = blank &+ 1..<blank &+ 7
        tag = blank &+ 8..<tagEnd
        isPart = bytes[blank &+ 8] == UInt8(ascii: "P")
        text = min(tagEnd &+ 1, end)..<end
    }
}

/// Lines as Docker's json-file driver writes them, an object each; several where they make one event.
struct DockerLine {
    var time: TimeReading?
    var stream: [UInt8] = []
    var text: [UInt8] = []

    init?(_ bytes: Span<UInt8>, _ message: Range<Int>, times: inout TimeReader) {
        var at = message.lowerBound
        var objects = 0
        while at < message.upperBound, bytes[at] == UInt8(ascii: "{") {
            let reader = JSONMembers(bytes, at..<message.upperBound)
            guard reader.isWhole, let log = reader.value("log", bytes),
                let written = reader.value("time", bytes)
            else { return nil }
            if objects == 0 {
                let reading = times.iso(written.span, at: 0, to: written.count)
                guard let reading, reading.end == written.count else { return nil }
                time = reading
                stream = reader.value("stream", bytes) ?? []
            }
            text += log
            objects &+= 1
            at = JSONScan.skipSpace(bytes, reader.end, message.upperBound)
        }
        guard objects > 0, at == message.upperBound else { return nil }
        while let last = text.last, last == 0x0A || last == 0x0D { text.removeLast() }
    }
}

/// An entry of the journal as `journalctl -o json` writes it (systemd.journal-fields(7)).
struct JournalEntry {
    var host: [UInt8] = []
    var program: [UInt8] = []
    var pid: [UInt8] = []
    var severity = Event.unknown
    var facility = Event.unknown
    /// Nanoseconds since the Unix epoch.
    var time: Int64?
    var text: [UInt8] = []
    /// All other fields but addresses of the journal itself.
    var rest: [(name: [UInt8], value: [UInt8])] = []

    init?(_ bytes: Span<UInt8>, _ message: Range<Int>) {
        let members = JSONMembers(bytes, message)
        guard members.isWhole, let text = members.value("MESSAGE", bytes) else { return nil }
        self.text = text
        host = members.value("_HOSTNAME", bytes) ?? []
        program = members.value("SYSLOG_IDENTIFIER", bytes) ?? members.value("_COMM", bytes) ?? []
        pid = members.value("SYSLOG_PID", bytes) ?? members.value("_PID", bytes) ?? []
        severity = Self.number(members.value("PRIORITY", bytes), below: 8).map { UInt8($0) } ?? Event.unknown
        facility =
            Self.number(members.value("SYSLOG_FACILITY", bytes), below: 24).map { UInt8($0) } ?? Event.unknown
        let written =
            members.value("_SOURCE_REALTIME_TIMESTAMP", bytes) ?? members.value("__REALTIME_TIMESTAMP", bytes)
        time = Self.number(written, below: Int.max / 1_000).map { Int64($0) &* 1_000 }
        for member in members.all where !Self.isRead(member.name) {
            rest.append((member.name, member.value(bytes)))
        }
    }

    private static let read: [[UInt8]] = [
        "MESSAGE", "_HOSTNAME", "SYSLOG_IDENTIFIER", "SYSLOG_PID", "_PID", "PRIORITY", "SYSLOG_FACILITY",
        "_SOURCE_REALTIME_TIMESTAMP", "SYSLOG_TIMESTAMP", "SYSLOG_RAW",
    ].map { Array($0.utf8) }

    private static func isRead(_ name: [UInt8]) -> Bool {
        name.starts(with: "__".utf8) || read.contains(name)
    }

    private static func number(_ text: [UInt8]?, below limit: Int) -> Int? {
        guard let text, !text.isEmpty, text.count <= 19 else { return nil }
        var value = 0
        for byte in text {
            guard isDigit(byte) else { return nil }
            let (scaled, overflow) = value.multipliedReportingOverflow(by: 10)
            let (sum, carried) = scaled.addingReportingOverflow(Int(byte &- 48))
            if overflow || carried { return nil }
            value = sum
        }
        return value < limit ? value : nil
    }
}

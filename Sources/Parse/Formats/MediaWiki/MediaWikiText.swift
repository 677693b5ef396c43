/// The text of a line of LegacyLogger, behind `time host wiki: `: what the code of MediaWiki logged, and
/// behind it, where that came with an exception, the lines of its trace (`LegacyLogger::format`).
enum MediaWikiText {
    private static let channel = FieldID(named: "channel"), trace = FieldID(named: "stack_trace")
    private static let wiki = FieldID(named: "wiki")

    /// Reads the text of a group's file.
    @Sendable
    static func read(_ bytes: Span<UInt8>, _ range: Range<Int>, _ event: inout EventWriter) -> Bool {
        MediaWikiChannels.addChannel(ofProgram: bytes, &event)
        return event.read(bytes, range, unescaping: .octal, readPlain)
    }

    /// Reads the text of the log of database errors, which LegacyLogger knows as `wfLogDBError`.
    @Sendable
    static func readDatabaseError(_ bytes: Span<UInt8>, _ range: Range<Int>, _ event: inout EventWriter)
        -> Bool
    {
        event.addDerived(channel, "wfLogDBError".utf8)
        event.raise(to: 3)
        return event.read(bytes, range, unescaping: .octal, readPlain)
    }

    /// Reads the text of a group that goes to `udp://host:port/channel`: each of its lines begins with the
    /// channel (`LegacyLogger::emit`), and where the udp2log relay passed it on, with a number before that.
    @Sendable
    static func readGroup(_ bytes: Span<UInt8>, _ range: Range<Int>, _ event: inout EventWriter) -> Bool {
        guard let name = event.written(channel) else { return false }
        if !event.has(.program) { event.addDerived(.program, "mediawiki".utf8) }
        return readLines(bytes, range, of: name, &event)
    }

    /// Reads the same as syslog daemons pass it on, who find no header: the channel is then the host, the day
    /// the program, and the rest of the line the message.
    @Sendable
    static func readMistaken(_ bytes: Span<UInt8>, _ range: Range<Int>, _ event: inout EventWriter) -> Bool {
        let end = range.upperBound
        let host = min(end, range.lowerBound &+ 9)
        let hostEnd = bytes.find(UInt8(ascii: " "), from: host, to: end)
        let wiki = min(end, hostEnd &+ 1)
        let wikiEnd = bytes.find(UInt8(ascii: ":"), from: wiki, to: end)
        guard let name = event.written(.host), hostEnd > host, wikiEnd > wiki, wikiEnd < end,
            bytes.find(UInt8(ascii: " "), from: wiki, to: wikiEnd) == wikiEnd
        else { return false }
        event.correctHeader(.host, to: channel)
        event.correctHeader(.program, to: .escaped)
        event.addDerived(.program, "mediawiki".utf8)
        event.add(.host, bytes, host..<hostEnd)
        event.add(self.wiki, bytes, wiki..<wikiEnd)
        return readLines(bytes, bytes.skipBlanks(from: wikiEnd &+ 1, to: end)..<end, of: name, &event)
    }

    /// Reads a text whose lines, but the first, begin with the channel that stands at `name`.
    private static func readLines(
        _ bytes: Span<UInt8>, _ range: Range<Int>, of name: Range<Int>, _ event: inout EventWriter
    ) -> Bool {
        let end = trimmed(bytes, range)
        let feed = bytes.find(0x0A, from: range.lowerBound, to: end)
        guard feed < end || bytes.find(feedEscape, from: range.lowerBound, to: end) != nil else {
            return event.read(bytes, range.lowerBound..<end, unescaping: .octal, readPlain)
        }
        return event.read(bytes, range.lowerBound..<end, readPlain) { bytes, range, text in
            let end = range.upperBound
            var at = range.lowerBound
            var feed = feed
            while true {
                // A line ends at a line feed, or at what rsyslog makes of one.
                if feed < at { feed = bytes.find(0x0A, from: at, to: end) }
                let escape = bytes.find(feedEscape, from: at, to: feed)
                Escapes.octal.append(bytes, at..<(escape ?? feed), to: &text)
                at = escape.map { $0 &+ feedEscape.utf8CodeUnitCount } ?? min(end, feed &+ 1)
                guard at < end else { return }
                text.append(0x0A)
                at = behindName(bytes, at, end, name)
            }
        }
    }

    private static let feedEscape: StaticString = "#012"

    /// The offset behind the number and the channel that begin a line; that of the line where they do not.
    private static func behindName(_ bytes: Span<UInt8>, _ start: Int, _ end: Int, _ name: Range<Int>) -> Int
    {
        var at = start
        while at < end, isDigit(bytes[at]) { at &+= 1 }
        at = at > start && at < end && bytes[at] == UInt8(ascii: " ") ? at &+ 1 : start
        guard end &- at > name.count, bytes[at &+ name.count] == UInt8(ascii: " ") else { return start }
        for offset in 0..<name.count where bytes[at &+ offset] != bytes[name.lowerBound &+ offset] {
            return start
        }
        return at &+ name.count &+ 1
    }

    @Sendable
    private static func readPlain(_ bytes: Span<UInt8>, _ range: Range<Int>, _ event: inout EventWriter)
        -> Bool
    {
        let end = trimmed(bytes, range)
        let start = range.lowerBound
        if start < end, bytes[start] == UInt8(ascii: "{") {
            return readThrowable(bytes, start..<end, &event)
        }
        // The first frame; before it the text, whose own line feeds belong to it.
        guard let frame = bytes.find("\n#0 ", from: start, to: end) else {
            addMessage(bytes, start..<end, &event)
            return true
        }
        addMessage(bytes, start..<frame, &event)
        event.add(trace, bytes, frame &+ 1..<end)
        return true
    }

    /// An object of the channels `exception-json` and `error-json`; any other text in braces is a message.
    private static func readThrowable(_ bytes: Span<UInt8>, _ range: Range<Int>, _ event: inout EventWriter)
        -> Bool
    {
        let mark = event.mark
        if event.readJSON(bytes, range, GenericBody.mediaWikiThrowable) { return true }
        event.takeBack(mark)
        addMessage(bytes, range, &event)
        return true
    }

    /// Adds the message with what its text is known to hold, and the channel where the text tells it.
    static func addMessage(_ bytes: Span<UInt8>, _ range: Range<Int>, _ event: inout EventWriter) {
        event.addSpan(.message, bytes, range)
        guard !range.isEmpty else { return }
        let name = MediaWikiChannels.read(bytes, range, &event)
        guard let name, !event.has(channel) else { return }
        event.addDerived(channel, bytes: name)
    }

    /// The end of a text without the line feeds and blanks behind it.
    static func trimmed(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Int {
        var end = range.upperBound
        while end > range.lowerBound, bytes[end &- 1] == 0x0A || bytes[end &- 1] == 0x0D { end &-= 1 }
        return end
    }
}

extension EventWriter {
    /// Adds a constant.
    mutating func addDerived(_ field: FieldID, bytes text: StaticString) {
        unsafe addDerived(field, UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    /// The bytes of the line in which a field stands that was added before.
    func written(_ field: FieldID) -> Range<Int>? {
        for index in Int(event.firstField)..<max(Int(event.firstField), fields.count)
        where fields[index].field == field && fields[index].role == .hole {
            return fields[index].bytes.range
        }
        return nil
    }
}

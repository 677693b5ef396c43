extension SyslogHeader {
    /// Reads TIMESTAMP HOSTNAME APP-NAME PROCID MSGID STRUCTURED-DATA [MSG] (RFC 5424 §6) from `from` on.
    ///
    /// Where a word is missing, empty or too long, the header ends there and the rest is the message.
    mutating func readRFC5424(_ bytes: Span<UInt8>, from: Int, to end: Int, times: inout TimeReader) {
        var at = from
        guard let stamp = readWord(bytes, &at, end, limit: ParseLimits.timeBytes) else { return }
        timeText = stamp
        if timeText.count > 0 {
            let text = timeText.range
            if let reading = times.iso(bytes, at: text.lowerBound, to: end), reading.end == text.upperBound {
                time = reading
            } else {
                reasons.insert(.badTime)
            }
        }
        guard let host = readWord(bytes, &at, end, limit: ParseLimits.hostBytes) else { return }
        self.host = host
        guard let program = readWord(bytes, &at, end, limit: ParseLimits.programBytes) else { return }
        self.program = program
        guard let pid = readWord(bytes, &at, end, limit: ParseLimits.pidBytes) else { return }
        self.pid = pid
        guard let msgid = readWord(bytes, &at, end, limit: ParseLimits.msgidBytes) else { return }
        self.msgid = msgid

        guard at < end, bytes[at] == UInt8(ascii: "[") else {
            // `-` is no structured data; anything else should have been some.
            let isNil =
                at < end && bytes[at] == UInt8(ascii: "-") && (at &+ 1 == end || isBlank(bytes[at &+ 1]))
            if !isNil { reasons.insert(.badStructuredData) }
            return setText(bytes, isNil ? min(at &+ 2, end) : at, end)
        }
        let data = StructuredData(bytes, from: at, to: end)
        if !data.isValid { reasons.insert(.badStructuredData) }
        guard let dataEnd = data.end else { return setMessage(bytes, at, end) }
        structuredData = ByteRange(at..<dataEnd)
        if dataEnd < end, !isBlank(bytes[dataEnd]) {
            reasons.insert(.badStructuredData)
            return setMessage(bytes, dataEnd, end)
        }
        setText(bytes, min(dataEnd &+ 1, end), end)
    }

    /// Ends the header: what follows is the message.
    ///
    /// rsyslog puts the text of a line from /dev/log there with the blank that stood after the tag.
    private mutating func setText(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) {
        hasSeparator = start < end && isBlank(bytes[start])
        setMessage(bytes, hasSeparator ? start &+ 1 : start, end)
    }

    private func isBlank(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") }

    /// Takes one word and the blank behind it; an empty range stands for `-`.
    ///
    /// Nil where the header ends here, with the message set.
    @inline(__always)
    private mutating func readWord(_ bytes: Span<UInt8>, _ at: inout Int, _ end: Int, limit: Int)
        -> ByteRange?
    {
        let start = at
        let wordEnd = bytes.find(UInt8(ascii: " "), from: start, to: min(end, start &+ limit &+ 1))
        let length = wordEnd &- start
        guard length > 0, length <= limit else {
            reasons.insert(length > limit ? .limit : .badStructuredData)
            setMessage(bytes, start, end)
            return nil
        }
        at = wordEnd < end ? wordEnd &+ 1 : end
        let isNil = length == 1 && bytes[start] == UInt8(ascii: "-")
        return ByteRange(isNil ? start..<start : start..<wordEnd)
    }
}

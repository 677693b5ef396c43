extension SyslogHeader {
    /// Reads [TIMESTAMP SP [HOSTNAME SP] TAG] (RFC 3164 §4.1) as it occurs: with times in other layouts, without a
    /// host (`syslog(3)`), without a colon after the tag, without a time.
    mutating func readRFC3164(_ bytes: Span<UInt8>, from: Int, to end: Int, times: inout TimeReader) {
        let start = bytes.skipBlanks(from: from, to: end)
        if let found = HeaderTime(
            bytes, at: DeviceHead.behindMark(bytes, start, end), to: end, times: &times),
            readRest(bytes, found, to: end)
        {
            return
        }
        if let head = DeviceHead(bytes, at: start, to: end, times: &times) {
            host = head.host
            if let found = head.time { setTime(found) }
            let named = host
            _ = readHostAndTag(bytes, at: head.end, to: end)
            // The name in the head is the device's own.
            if named.count > 0 { host = named }
            return
        }
        reasons.insert(.badTime)
        if readTag(bytes, at: start, to: end, isDue: false) == .none { setMessage(bytes, from, end) }
    }

    /// Reads what follows a time behind a PRI.
    ///
    /// False, with nothing set, where the number that was taken for a time is more likely a part of the text.
    private mutating func readRest(_ bytes: Span<UInt8>, _ found: HeaderTime, to end: Int) -> Bool {
        var header = self
        header.setTime(found)
        // The blank after the time is due (§4.1.2), but there is nothing that could be taken for another.
        if found.range.upperBound == end { header.reasons.insert(.badTime) }
        let hasTag = header.readHostAndTag(bytes, at: found.next, to: end)
        guard hasTag || !found.isNumber(bytes) else { return false }
        self = header
        return true
    }

    private mutating func setTime(_ found: HeaderTime) {
        time = found.reading
        timeText = ByteRange(found.range)
        if found.reading == nil { reasons.insert(.badTime) }
    }

    /// Reads a header without a PRI, as log files have it: `Nov 22 10:56:29 web1 cron[9]: …`, or that of RFC 5424.
    ///
    /// False, with nothing set, where the line does not look like one of a log file.
    mutating func readHeaderWithoutPriority(
        _ bytes: Span<UInt8>, _ frame: Range<Int>, times: inout TimeReader
    ) -> Bool {
        let start = frame.lowerBound
        let end = frame.upperBound
        var found = self
        if LiteralCheck.shape("1 9999-99-99T").passes(bytes, from: start, to: end) {
            found.readRFC5424(bytes, from: start &+ 2, to: end, times: &times)
            guard found.time != nil, found.reasons == reasons else { return false }
            self = found
            return true
        }
        guard let reading = HeaderTime(bytes, at: start, to: end, times: &times) else { return false }
        found.setTime(reading)
        // Many programs begin their own lines with a time: only a tag with its colon makes this a syslog
        // header, and where the time is in none of the two usual layouts, only one with a process number.
        guard found.readHostAndTag(bytes, at: reading.next, to: end), found.hasName(bytes),
            reading.isUsual(bytes) || found.pid.count > 0 && found.host.count > 0
        else { return false }
        self = found
        return true
    }

    /// Whether the tag is a name, or there is none.
    ///
    /// Java's `2026-11-22T11:00:03+0000: 12.345: [GC …` has a number.
    private func hasName(_ bytes: Span<UInt8>) -> Bool {
        for index in program.range where bytes[index] &- 46 > 11 { return true }
        return program.count == 0
    }

    /// Reads what follows the time, and sets the message.
    ///
    /// True where a tag with its colon was found.
    @discardableResult
    private mutating func readHostAndTag(_ bytes: Span<UInt8>, at start: Int, to end: Int) -> Bool {
        // `nginx: …` and `sshd[123]: …` are tags: the host is missing.
        if readTag(bytes, at: start, to: end, isDue: false) != .none {
            guard let name = hostInTag(bytes, start, end) else { return true }
            program = ByteRange(start: 0, end: 0)
            host = name
            return readTagAfterHost(bytes, at: bytes.skipBlanks(from: Int(name.end) &+ 1, to: end), to: end)
        }
        if readForwarded(bytes, at: start, to: end) { return true }
        let hostEnd = bytes.find(
            UInt8(ascii: " "), from: start, to: min(end, start &+ ParseLimits.hostBytes &+ 1))
        guard hostEnd &- start <= ParseLimits.hostBytes else {
            reasons.insert(.limit)
            setMessage(bytes, start, end)
            return false
        }
        let next = bytes.skipBlanks(from: hostEnd, to: end)
        // `daemon.info dnsmasq[1]: …`, as logread of OpenWrt has it: no host.
        if priority.count == 0, readPriorityWord(bytes, start..<hostEnd, to: end) { return true }
        host = hostName(bytes, start..<hostEnd)
        // `fw1 : %ASA-6-302013: …`
        let isParted =
            next &+ 2 < end && bytes[next] == UInt8(ascii: ":")
            && DeviceHead.isMnemonic(bytes, next &+ 2, end)
        return readTagAfterHost(bytes, at: isParted ? next &+ 2 : next, to: end)
    }

    /// Reads the tag that is due, or what is there in its place.
    private mutating func readTagAfterHost(_ bytes: Span<UInt8>, at start: Int, to end: Int) -> Bool {
        // The mark of a body and no tag: its readers look for it.
        if bytes.has("CEF:", at: start, to: end) || bytes.has("LEEF:", at: start, to: end) {
            setMessage(bytes, start, end)
            return false
        }
        let tag = readTag(bytes, at: start, to: end, isDue: true)
        if tag == .none { setMessage(bytes, start, end) }
        if tag == .bare {
            // nginx writes its host even to /dev/log, where rsyslog expects none: `web1 web1 nginx: …`.
            if isHost(bytes, program), readTag(bytes, at: Int(message.start), to: end, isDue: false) == .colon
            {
                return true
            }
            return readUnusualTag(bytes, at: start, to: end)
        }
        if tag == .colon { readNestedTag(bytes, to: end) }
        return tag == .colon
    }

    /// Takes the tag within the message where the one before it is the host once more: `gw gw[-]:  sshd[9]: …`.
    private mutating func readNestedTag(_ bytes: Span<UInt8>, to end: Int) {
        guard isHost(bytes, program) else { return }
        var inner = self
        inner.pid = ByteRange(start: 0, end: 0)
        let start = bytes.skipBlanks(from: Int(message.start), to: end)
        if inner.readTag(bytes, at: start, to: end, isDue: false) == .colon { self = inner }
    }

    private func isHost(_ bytes: Span<UInt8>, _ name: ByteRange) -> Bool {
        guard name.count == host.count, name.count > 0 else { return false }
        for index in 0..<name.count
        where Token.lowercased(bytes[Int(name.start) &+ index])
            != Token.lowercased(bytes[Int(host.start) &+ index])
        {
            return false
        }
        return true
    }

    /// The host that stands in the place of a tag without a number: an address, or a name before a mnemonic, with
    /// a colon.
    private func hostInTag(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) -> ByteRange? {
        guard program.count > 0, Int(program.start) == start, pid.count == 0, Int(program.end) < end,
            bytes[Int(program.end)] == UInt8(ascii: ":")
        else { return nil }
        let next = bytes.skipBlanks(from: Int(program.end) &+ 1, to: end)
        if DeviceHead.isMnemonic(bytes, next, end) {
            return DeviceHead.isMnemonic(bytes, start, end) ? nil : program
        }
        var points = 0
        for index in program.range {
            guard isDigit(bytes[index]) || bytes[index] == UInt8(ascii: ".") else { return nil }
            if bytes[index] == UInt8(ascii: ".") { points &+= 1 }
        }
        return points == 3 ? program : nil
    }

    /// A host without the colon that some devices write after it; nothing for `-`.
    private func hostName(_ bytes: Span<UInt8>, _ word: Range<Int>) -> ByteRange {
        guard let last = word.last else { return ByteRange(word) }
        if word.count == 1, bytes[last] == UInt8(ascii: "-") {
            return ByteRange(word.lowerBound..<word.lowerBound)
        }
        let hasColon =
            word.count > 2 && bytes[last] == UInt8(ascii: ":") && bytes[last &- 1] != UInt8(ascii: ":")
        return ByteRange(word.lowerBound..<(hasColon ? last : word.upperBound))
    }
}

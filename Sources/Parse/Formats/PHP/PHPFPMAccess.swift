/// Access lines of php-fpm (sapi/fpm/fpm/fpm_log.c), behind what the pattern reads.
enum PHPFPMAccess {
    private static let script = FieldID(named: "script"), cpu = FieldID(named: "cpu")
    private static let duration = FieldID(named: "duration"), milliseconds = FieldID(named: "duration_ms")
    private static let memory = FieldID(named: "memory"), kilobytes = FieldID(named: "memory_kb")

    /// What `%f %{milli}d %{kilo}M %C%%` of the example in www.conf writes: ` FILE 2025.762 2048 0.00%`.
    ///
    /// Read from the right, as files may have blanks; a script that is not there is `-`, as written. Nothing
    /// tells units: they are taken for those of the example, and duration and memory are stored in seconds
    /// and bytes as well. Any other text is the tail.
    @Sendable
    static func readRest(_ bytes: Span<UInt8>, _ range: Range<Int>, _ event: inout EventWriter) -> Bool {
        let range = bytes.withoutLineEnds(range)
        let start = bytes.skipBlanks(from: range.lowerBound, to: range.upperBound)
        guard start < range.upperBound else { return true }
        guard bytes[range.upperBound &- 1] == UInt8(ascii: "%"),
            let load = bytes.lastWord(start..<range.upperBound &- 1),
            let size = bytes.lastWord(start..<load.lowerBound &- 1),
            let time = bytes.lastWord(start..<size.lowerBound &- 1),
            bytes.decimal(from: load.lowerBound, to: load.upperBound) == load,
            bytes.digits(from: size.lowerBound, to: size.upperBound) == size,
            bytes.decimal(from: time.lowerBound, to: time.upperBound) == time
        else {
            event.add(.tail, bytes, start..<range.upperBound)
            return true
        }
        event.add(script, bytes, start..<time.lowerBound &- 1)
        event.add(milliseconds, bytes, time)
        event.add(kilobytes, bytes, size)
        event.add(cpu, bytes, load)
        addSeconds(bytes, time, &event)
        addBytes(bytes, size, &event)
        return true
    }

    /// Adds what is there of a target in whose line the cut lies, without what stands behind its quote.
    @Sendable
    static func readCut(_ bytes: Span<UInt8>, _ range: Range<Int>, _ event: inout EventWriter) -> Bool {
        let quote = bytes.find(UInt8(ascii: "\""), from: range.lowerBound, to: range.upperBound)
        event.add(.path, bytes, range.lowerBound..<quote)
        event.event.reasons.insert(.cut)
        return true
    }

    /// Adds a number of milliseconds as seconds: its point moves by three digits.
    private static func addSeconds(_ bytes: Span<UInt8>, _ range: Range<Int>, _ event: inout EventWriter) {
        var text = InlineArray<32, UInt8>(repeating: UInt8(ascii: "0"))
        let point = bytes.find(UInt8(ascii: "."), from: range.lowerBound, to: range.upperBound)
        let digits = range.lowerBound..<point
        let fraction = min(point &+ 1, range.upperBound)..<range.upperBound
        let count = max(4, digits.count)
        guard count &+ 1 &+ fraction.count <= 32 else { return }
        // Digits of the result that stand before its point.
        let whole = count &- 3
        var place = count &- digits.count
        for index in digits {
            text[place < whole ? place : place &+ 1] = bytes[index]
            place &+= 1
        }
        text[whole] = UInt8(ascii: ".")
        place &+= 1
        for index in fraction {
            text[place] = bytes[index]
            place &+= 1
        }
        event.addDerived(duration, text.span, 0..<place)
    }

    /// Adds a number of kilobytes (1,024 bytes) as bytes.
    private static func addBytes(_ bytes: Span<UInt8>, _ range: Range<Int>, _ event: inout EventWriter) {
        guard range.count <= 15 else { return }
        var value = 0
        for index in range { value = value &* 10 &+ Int(bytes[index] &- 48) }
        value = value &* 1_024
        var text = InlineArray<20, UInt8>(repeating: 0)
        var at = 20
        repeat {
            at &-= 1
            text[at] = UInt8(truncatingIfNeeded: value % 10) &+ 48
            value /= 10
        } while value > 0
        event.addDerived(memory, text.span, at..<20)
    }

    /// A line with a time before its first quote stands alone: in a container all of php-fpm's logs are one
    /// stream.
    @Sendable
    static func place(_ bytes: Span<UInt8>, _ line: Range<Int>, _ state: UInt8) -> LineRule.Place {
        guard
            let dash = bytes.find(
                " - ", from: line.lowerBound, to: min(line.upperBound, line.lowerBound &+ 64)),
            var end = bytes.find(" \"", from: dash &+ 3, to: min(line.upperBound, dash &+ 320))
        else { return .unknown }
        if bytes[end &- 1] == UInt8(ascii: "]") { end &-= 1 }
        // `22/Nov/2026:10:54:46 +0000`, or a date at the front of the last word.
        if end &- 26 >= dash, httpTime.passes(bytes, from: end &- 26, to: end) { return .alone }
        guard let word = bytes.lastWord(dash &+ 1..<end) else { return .unknown }
        let start = bytes[word.lowerBound] == UInt8(ascii: "[") ? word.lowerBound &+ 1 : word.lowerBound
        return isoDate.passes(bytes, from: start, to: end) ? .alone : .unknown
    }

    private static let httpTime = LiteralCheck.shape("99/aaa/9999:99:99:99 ")
    private static let isoDate = LiteralCheck.shape("9999-99-99")

    /// Objects that sites make of the variables of `access.format`.
    ///
    /// Names are theirs; these are common.
    static let keys = KeyRules(
        [
            "time": .time(times), "timestamp": .time(times), "@timestamp": .time(times),
            "remote_user": .field("user"), "request_method": .field("method"), "uri": .field("path"),
            "request_uri": .field("path"), "request": .requestLine, "query": .field("query_string"),
            "query_string": .field("query_string"), "script_filename": .field("script"),
            "filename": .field("script"), "seconds": .field("duration"), "duration": .field("duration"),
            "mem": .field("memory"), "len": .field("request_length"),
            "content_length": .field("request_length"), "host": .field("vhost"),
            "server_name": .field("vhost"), "http_host": .field("vhost"),
        ],
        nulls: .dashOrEmpty)

    private static let times: [TimeFormat] = [.iso, TimeFormat("%Y-%m-%dT%H:%M:%S%f%z"), .http, .epoch]
}

extension Span where Element == UInt8 {
    /// The last word of `range`, which has a blank before it; nil where there is none.
    func lastWord(_ range: Range<Int>) -> Range<Int>? {
        var at = range.upperBound
        while at > range.lowerBound, self[at &- 1] != UInt8(ascii: " ") { at &-= 1 }
        return at > range.lowerBound &+ 1 && at < range.upperBound ? at..<range.upperBound : nil
    }
}

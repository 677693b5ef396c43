/// A slow request of php-fpm's `slowlog` (sapi/fpm/fpm/fpm_php_trace.c).
///
///     [22-Nov-2026 10:54:48]  [pool www] pid 18485
///     script_filename = /srv/www/w/index.php
///     [0x00007fe59d014a00] autoload() /usr/share/mediawiki/includes/ServiceWiring.php:2055
///
/// A blank line stands before it. The innermost call comes first, and there are twenty at most. A trace that
/// could not be read ends with `+++ dump failed`.
enum PHPFPMSlow {
    private static let times: [TimeFormat] = [.dashed]
    private static let pool = FieldID(named: "pool"), script = FieldID(named: "script")
    private static let function = FieldID(named: "function"), frames = FieldID(named: "frames")

    @Sendable
    static func read(_ bytes: Span<UInt8>, _ range: Range<Int>, _ event: inout EventWriter) -> Bool {
        let range = bytes.withoutLineEnds(range)
        guard bytes.hasEscapedLines(range) else { return readLines(bytes, range, &event) }
        return event.read(bytes, range, unescaping: .octal, readLines)
    }

    @Sendable
    private static func readLines(
        _ bytes: Span<UInt8>, _ range: Range<Int>, _ event: inout EventWriter
    ) -> Bool {
        let end = range.upperBound
        guard let head = Head(bytes, range.lowerBound..<bytes.find(0x0A, from: range.lowerBound, to: end))
        else { return false }
        guard event.setTime(bytes, head.time, times) else { return false }
        event.add(pool, bytes, head.pool)
        event.add(.pid, bytes, head.pid)
        var at = head.pid.upperBound &+ 1
        if bytes.has("script_filename = ", at: at, to: end) {
            let lineEnd = bytes.find(0x0A, from: at, to: end)
            event.add(script, bytes, at &+ 18..<lineEnd)
            at = lineEnd &+ 1
        }
        guard at < end else {
            event.event.reasons.insert(.cut)
            return true
        }
        event.add(.stackTrace, bytes, at..<end)
        if let call = Call(bytes, at..<bytes.find(0x0A, from: at, to: end)) {
            event.addDerived(function, bytes, call.function)
            event.addDerived(.file, bytes, call.file)
            event.addDerived(.fileLine, bytes, call.line)
        }
        let count = countCalls(bytes, at..<end)
        var digits = InlineArray<2, UInt8>(repeating: UInt8(ascii: "0"))
        digits[0] &+= UInt8(truncatingIfNeeded: count / 10)
        digits[1] &+= UInt8(truncatingIfNeeded: count % 10)
        event.addDerived(frames, digits.span, (count < 10 ? 1 : 0)..<2)
        return true
    }

    /// The first line.
    private struct Head {
        let time: Range<Int>
        let pool: Range<Int>
        let pid: Range<Int>

        init?(_ bytes: Span<UInt8>, _ line: Range<Int>) {
            let start = line.lowerBound &+ 1
            let close = bytes.find(
                UInt8(ascii: "]"), from: start, to: min(line.upperBound, line.lowerBound &+ 32))
            guard
                LiteralCheck.shape("[99-aaa-9999 99:99:99").passes(
                    bytes, from: line.lowerBound, to: line.upperBound),
                bytes.has("]  [pool ", at: close, to: line.upperBound),
                let id = bytes.find("] pid ", from: close &+ 9, to: line.upperBound)
            else { return nil }
            time = start..<close
            pool = close &+ 9..<id
            pid = bytes.digits(from: id &+ 6, to: line.upperBound)
            guard !pid.isEmpty, pid.upperBound == line.upperBound else { return nil }
        }
    }

    /// A line of the trace: `[0xADDRESS] function() FILE:LINE`.
    private struct Call {
        let function: Range<Int>
        let file: Range<Int>
        let line: Range<Int>

        init?(_ bytes: Span<UInt8>, _ range: Range<Int>) {
            let end = range.upperBound
            let close = bytes.find(UInt8(ascii: "]"), from: range.lowerBound, to: end)
            guard bytes.has("[0x", at: range.lowerBound, to: end), bytes.has("] ", at: close, to: end),
                let call = bytes.find("() ", from: close &+ 2, to: end)
            else { return nil }
            var at = end
            while at > call &+ 3, isDigit(bytes[at &- 1]) { at &-= 1 }
            guard at < end, at > call &+ 3, bytes[at &- 1] == UInt8(ascii: ":") else { return nil }
            function = close &+ 2..<call
            file = call &+ 3..<at &- 1
            line = at..<end
        }
    }

    private static func countCalls(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Int {
        var count = 0
        var at = range.lowerBound
        while at < range.upperBound, count < 99 {
            if bytes.has("[0x", at: at, to: range.upperBound) { count &+= 1 }
            at = bytes.find(0x0A, from: at, to: range.upperBound) &+ 1
        }
        return count
    }

    // MARK: Lines

    /// How lines behind the first begin.
    private static let starts: [StaticString] = ["[0x", "script_filename = ", "+++ dump failed"]

    @Sendable
    static func place(_ bytes: Span<UInt8>, _ line: Range<Int>, _ state: UInt8) -> LineRule.Place {
        if Head(bytes, line) != nil { return .begins() }
        for index in starts.indices where bytes.has(starts[index], at: line.lowerBound, to: line.upperBound) {
            return .continues()
        }
        // The blank line before the next.
        return line.isEmpty && state != 0 ? .continues() : .unknown
    }
}

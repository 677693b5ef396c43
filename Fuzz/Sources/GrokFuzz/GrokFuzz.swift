import FuzzSupport
import Parse

/// Any text is a pattern or a mistake with a place; any pattern on any line ends at a limit, and what it finds lies
/// in the line.
///
/// First byte: bit 0 the whole line must match, bit 1 the pattern is a pattern file. Up to the first NUL the pattern,
/// then the line.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzGrok(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    var input = unsafe Input(start, count)
    let options = input.byte()
    let text = input.part(endedBy: 0)
    let line = input.rest()
    do throws(GrokError) {
        var library = PatternLibrary.embedded
        var pattern = String(decoding: text, as: UTF8.self)
        if options & 2 != 0 {
            try library.add(fileName: "file", bytes: text)
            let name = text.prefix { $0 != 0x20 && $0 != 0x09 && $0 != 0x0A }
            pattern = "%{\(String(decoding: name, as: UTF8.self)):all}"
        }
        let program = try GrokProgram(pattern, library: library, wholeLine: options & 1 != 0)
        match(program, line)
    } catch {
        require(error.line >= 1 && error.column >= 1, "a mistake without a place")
        require(!error.message.isEmpty, "a mistake without words")
        // 106 bytes and two ellipses; each byte that is no UTF-8 becomes three.
        require(error.excerpt.utf8.count <= 324, "an excerpt of \(error.excerpt.utf8.count) bytes")
        require(error.caret.hasSuffix("^"), "no caret")
    }
    return 0
}

private func match(_ program: GrokProgram, _ line: [UInt8]) {
    // Bytes around the line show a look beyond it.
    let bytes = Array("before ".utf8) + line + Array(" behind".utf8)
    let from = 7
    let to = from + line.count
    var matcher = GrokMatcher()
    let outcome = matcher.match(program, bytes.span, from: from, to: to)
    for index in program.captures.indices {
        guard let range = matcher.range(of: index)?.range else { continue }
        require(outcome == .matched, "a match that failed has captures")
        require(
            range.lowerBound >= from && range.upperBound <= to, "a capture at \(range) of \(from)..<\(to)")
    }
    require((matcher.matchEnd != nil) == (outcome == .matched), "a match without an end")
    if program.wholeLine, let end = matcher.matchEnd {
        require(end == to, "a whole line that ends at \(end) of \(to)")
    }
    require(
        matcher.match(program, bytes.span, from: from, to: to) == outcome, "the same match ends otherwise")
}

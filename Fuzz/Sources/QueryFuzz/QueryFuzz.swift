import FuzzSupport
import Parse

@testable import Query

/// Any text is a query or a mistake with a place; the printed form of a query reads as the same query.
///
/// First byte: bit 0 reads the rest as two times, divided by a newline, instead of as a query.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzQuery(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    var input = unsafe Input(start, count)
    let isTime = input.byte() & 1 != 0
    if isTime {
        let since = String(decoding: input.part(endedBy: 0x0A), as: UTF8.self)
        checkTimes(since: since, until: String(decoding: input.rest(), as: UTF8.self))
    } else {
        checkQuery(String(decoding: input.rest(), as: UTF8.self))
    }
    return 0
}

/// What there is besides the language: names that lines brought along, and saved searches, one of them of itself.
private let context = QueryContext(
    fields: { name in name.utf8.first == 0x78 ? .open : nil },
    times: TimeExpression(now: 1_795_348_800_000_000_000) { _ in 3_600 },
    saved: SavedQueries(["a": "x:1 OR y", "b": "@a | count by x", "c": "@c z"]))

private func checkQuery(_ text: String) {
    do throws(QueryError) {
        let reading = try Query.reading(of: text, context)
        for note in reading.notes { checkPlace(note.range, in: text) }
        let printed = reading.query.description
        guard printed.utf8.count <= QueryLimits.textBytes else { return }
        do throws(QueryError) {
            let again = try Query.parse(printed, context)
            require(
                again == reading.query,
                "\(text.debugDescription) prints as another query: \(printed.debugDescription)")
            require(again.description == printed, "\(printed.debugDescription) prints as another text")
        } catch {
            require(false, "\(text.debugDescription) prints as \(printed.debugDescription): \(error.message)")
        }
        checkGlobs(of: reading.query.filter, Array(text.utf8))
    } catch {
        checkError(error, in: text)
    }
}

private func checkPlace(_ range: Range<Int>, in text: String) {
    require(range.lowerBound >= 0 && range.upperBound <= text.utf8.count, "\(range) is no place of the text")
}

/// The rendered mistake is safe to show and has a caret below the line.
private func checkError(_ error: QueryError, in text: String) {
    checkPlace(error.range, in: text)
    require(!error.message.isEmpty, "a mistake without words")
    let rendered = error.rendered(query: text)
    require(rendered.utf8.count < 4_096, "a mistake of \(rendered.utf8.count) bytes")
    let lines = rendered.split(separator: "\n", omittingEmptySubsequences: false)
    require(lines.count >= 3 && lines[2].hasSuffix("^"), "no caret: \(rendered.debugDescription)")
    let isSafe = rendered.unicodeScalars.allSatisfy {
        $0 == "\n" || $0.properties.generalCategory != .control
    }
    require(isSafe, "a control character would reach a terminal: \(rendered.debugDescription)")
}

/// Patterns match in bounded time, whatever the text; libFuzzer's time limit watches.
private func checkGlobs(of filter: Filter, _ text: [UInt8]) {
    switch filter {
    case .everything: return
    case .not(let part): checkGlobs(of: part, text)
    case .and(let parts), .or(let parts): for part in parts { checkGlobs(of: part, text) }
    case .test(let test):
        guard case .like(let glob) = test.condition else { return }
        let matcher = GlobMatcher(glob)
        _ = matcher.matchesWhole(text.span, 0..<text.count)
        _ = matcher.matchesOnEdges(text.span, 0..<text.count)
    }
}

private func checkTimes(since: String, until: String) {
    let times = TimeExpression(now: 1_795_348_800_000_000_000) { _ in 3_600 }
    do throws(QueryError) {
        let window = try times.window(since: since, until: until)
        require(
            window.earliest <= window.latest,
            "\(since.debugDescription) to \(until.debugDescription) ends early")
    } catch {
        require(!error.message.isEmpty && error.range.lowerBound >= 0, "a mistake without words or place")
        _ = error.rendered(query: since)
        _ = error.rendered(query: until)
    }
}

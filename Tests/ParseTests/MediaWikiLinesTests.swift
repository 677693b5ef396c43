import Testing

@testable import Parse

/// How lines that come one by one make events.
@Suite struct MediaWikiLinesTests {
    private func place(_ reader: LineRule.LineReader, _ text: String, _ state: UInt8 = 0) -> LineRule.Place {
        // Something before the line, so that offsets count.
        let bytes = Array("xx".utf8) + Array(text.utf8)
        return reader(bytes.span, 2..<bytes.count, state)
    }

    @Test(arguments: [
        ("2026-11-22 10:58:17 web1 wpwiki: x", true), ("2026-11-22 10:58:17  wpwiki: x", true),
        ("2026-11-22 10:58:17 wpwiki: x", true), ("#0 /a.php(1): b()", false), ("second line", false),
        ("2026-11-22 10:58:17 a date in a text", false), ("", false), ("2026-11-22 10:58:17 ", false),
    ])
    func `a line of a group begins with time, host and wiki`(_ text: String, _ begins: Bool) {
        #expect(place(MediaWikiLines.legacy, text) == (begins ? .begins() : .unknown))
    }

    @Test(arguments: [
        ("Sun Nov 22 5:58:24 EST 2026\tweb1\twpwiki\tx", true), ("Sun Nov 22 5:58:24 EST 2026 web1", false),
        ("The fox \t", false), ("#0 /a.php(1): b()", false), ("", false),
    ])
    func `a line of the log of database errors begins with its clock`(_ text: String, _ begins: Bool) {
        #expect(place(MediaWikiLines.database, text) == (begins ? .begins() : .unknown))
    }

    @Test func `lines of groups go by their channel`() {
        #expect(
            place(MediaWikiLines.group, "exception 2026-11-22 10:58:17 web1 wpwiki: x")
                == .begins(key: 2..<11))
        #expect(place(MediaWikiLines.group, "17 api 2026-11-22 10:58:17 w x: y") == .begins(key: 5..<8))
        #expect(
            place(MediaWikiLines.group, "dberror Sun Nov 22 5:58:24 EST 2026\tw\tx\ty") == .begins(key: 2..<9)
        )
        #expect(place(MediaWikiLines.group, "exception #0 {main}", 1) == .continues(key: 2..<11))
        #expect(place(MediaWikiLines.group, "exception #0 {main}") == .unknown)
        #expect(place(MediaWikiLines.group, "", 1) == .unknown)
    }

    @Test func `an object is an event, a part of one is not`() {
        #expect(place(MediaWikiLines.object, #"{"@timestamp":"x"}"#) == .alone)
        #expect(place(MediaWikiLines.object, #"@cee: {"a":1}"#) == .alone)
        for text in ["{", "    {", #"    {"a":1}"#, "}", "", "{closure}()"] {
            #expect(place(MediaWikiLines.object, text) == .unknown)
        }
    }

    @Test func `lines of Monolog and of the debug log`() {
        #expect(place(MediaWikiLines.line, "2026-11-22 05:59:06 [e] web1 x 1.39 c INFO: y") == .begins())
        #expect(place(MediaWikiLines.line, "2026-11-22T05:59:06.1-05:00 [e] w x 1 c INFO: y") == .begins())
        for text in ["[Exception A] (/a:1) b", "2026-11-22", "2026-11-22 and so on [a]", "2026-11-22 [a]"] {
            #expect(place(MediaWikiLines.line, text) == .unknown)
        }
        #expect(place(MediaWikiLines.debug, "Start request GET /w/") == .begins())
        #expect(place(MediaWikiLines.debug, "[cookie] x") == .begins())
        #expect(place(MediaWikiLines.debug, "IP: 127.0.0.1") == .unknown)
        #expect(place(MediaWikiLines.debug, "") == .unknown)
    }
}

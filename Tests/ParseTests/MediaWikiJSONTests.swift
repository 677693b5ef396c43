import TestSupport
import Testing

@testable import Parse

/// Monolog's objects, as lines, behind `@cee:`, and cut.
@Suite struct MediaWikiJSONTests {
    private static let object =
        #"{"@timestamp":"2026-11-22T05:59:06.182774-05:00","@version":1,"host":"web1","message":"[806e] "#
        + #"/w/   "#
        + #"RuntimeException: ü \"quoted\"","type":"mediawiki","channel":"exception","level":"ERROR","#
        + #""monolog_level":400,"url":"/w/","ip":"127.0.0.1","http_method":"GET","#
        + #""server":"wiki.example.test","#
        + #""referrer":null,"uid":"d6724e9","process_id":19756,"wiki":"wpwiki","mwversion":"1.39.17","#
        + #""reqId":"806e","exception":{"class":"RuntimeException","message":"ü \"quoted\"","code":0,"#
        + #""file":"/etc/LocalSettings.php:206","trace":"from /etc/LocalSettings.php(206)\n#0 {main}","#
        + #""previous":{"class":"B","file":"/b.php:1"}},"caught_by":"entrypoint","private":false}"#

    private func check(_ line: ParsedLine) {
        #expect(line.format == "mediawiki-json")
        #expect(line.event.time == 1_795_345_146_182_774_000)
        #expect(line.event.severity == 3)
        #expect(line["message"] == "[806e] /w/   RuntimeException: ü \"quoted\"")
        let expected = [
            "channel": "exception", "level_text": "ERROR", "url": "/w/", "client_ip": "127.0.0.1",
            "method": "GET", "server": "wiki.example.test", "pid": "19756", "wiki": "wpwiki",
            "mwversion": "1.39.17", "request_id": "806e", "exception": "RuntimeException",
            "error_message": "ü \"quoted\"", "file": "/etc/LocalSettings.php", "file_line": "206",
            "stack_trace": "from /etc/LocalSettings.php(206)\n#0 {main}", "caught_by": "entrypoint",
            "exception.previous.class": "B", "uid": "d6724e9", "private": "false", "type": "mediawiki",
        ]
        for (name, value) in expected { #expect(line[name] == value, "\(name)") }
        #expect(line["referrer"] == nil)
    }

    /// MediaWiki's own handler writes no zone and pads no day; the object's time counts.
    @Test(arguments: [
        "<11>Nov 22 05:59:06 web1 mediawiki: ", "<11>Nov 2 05:59:06 web1 mediawiki: ",
        "<11>Nov 22 10:59:06 mediawiki[7]: @cee: ", "<11>1 - web1 enwiki - - - ",
        "<11>1 - - mediawiki - - - ",
    ])
    func `an object of version 1 is read`(_ header: String) throws {
        let line = try ParsedLine(header + Self.object)
        check(line)
        #expect(line["host"] == "web1")
        #expect(line.event.outcome == .ok)
    }

    @Test func `an object of Monolog's own formatter is read`() throws {
        let line = try ParsedLine(
            #"<13>1 - h mediawiki - - - {"message":"m","context":{"exception":{"class":"E","message":"x","#
                + #""file":"/a.php:3"}},"level":400,"level_name":"ERROR","channel":"app","#
                + #""datetime":"2026-11-22T10:59:44+00:00","extra":{}}"#)
        #expect(line["exception"] == "E")
        #expect(line["error_message"] == "x")
        #expect(line["file"] == "/a.php")
        #expect(line["file_line"] == "3")
        #expect(line.event.severity == 3)
        #expect(line.event.time == 1_795_345_184_000_000_000)
    }

    @Test func `an object of version 0 is read`() throws {
        let line = try ParsedLine(
            #"<11>Nov 22 05:59:06 mediawiki: {"@timestamp":"2026-11-22T05:59:06.182774-05:00","#
                + #""@source":"web1","@fields":{"channel":"exception","level":400,"url":"/w/","#
                + #""ip":"127.0.0.1","#
                + #""wiki":"wpwiki","ctxt_exception":{"class":"A","message":"m","file":"C:\\x\\a.php:3","#
                + #""trace":"t"},"ctxt_other":1},"@message":"hello","@tags":["mediawiki"]}"#)
        #expect(line["host"] == "web1")
        #expect(line["channel"] == "exception")
        #expect(line.event.severity == 3)
        #expect(line["level_text"] == "400")
        #expect(line["message"] == "hello")
        #expect(line["exception"] == "A")
        #expect(line["file"] == "C:\\x\\a.php")
        #expect(line["file_line"] == "3")
        #expect(line["ctxt_other"] == "1")
    }

    @Test func `a cut object is read as far as it goes`() throws {
        let header = "<11>Nov 22 05:59:06 web1 mediawiki: "
        for length in stride(from: 60, to: Self.object.utf8.count - 1, by: 7) {
            let part = Array((header + Self.object).utf8.prefix(header.utf8.count + length))
            let line = try ParsedLine(part)
            #expect(line.reasons.contains("cut"))
            #expect(line.format == "mediawiki-json")
            #expect(line.event.time == 1_795_345_146_182_774_000)
        }
    }

    @Test func `context keys that are called as others do not take their place`() throws {
        let line = try ParsedLine(
            #"<11>1 - - mediawiki - - - {"@timestamp":"2026-11-22T05:59:06-05:00","http_method":"GET","#
                + #""ip":"127.0.0.1","clientip":"10.0.0.1","method":"A::b","userAgent":"x","message":"m","#
                + #""db_server":"db1","errno":1146,"sql1line":"SELECT 1","file":"f"}"#)
        #expect(line["method"] == "GET")
        #expect(line["function"] == "A::b")
        #expect(line["client_ip"] == "127.0.0.1")
        #expect(line["body.clientip"] == "10.0.0.1")
        #expect(line["db_host"] == "db1")
        #expect(line["error_code"] == "1146")
        #expect(line["query"] == "SELECT 1")
    }

    @Test(arguments: [
        (
            #""timestamp":"2026-11-22T11:00:00Z","@timestamp":"2026-11-22T10:00:00.5Z""#,
            1_795_341_600_500_000_000
        ),
        (
            #""@timestamp":"2026-11-22T10:00:00.5Z","timestamp":"2026-11-22T11:00:00Z""#,
            1_795_341_600_500_000_000
        ),
        (#""timestamp":"2026-11-22T10:00:00Z""#, 1_795_341_600_000_000_000),
    ])
    func `the time of MediaWiki comes before that of a relay`(_ members: String, _ time: Int64) throws {
        #expect(try ParsedLine(#"<11>1 - h mediawiki - - - {"a":1,\#(members)}"#).event.time == time)
    }

    @Test func `a time that is none makes the line partial`() throws {
        let line = try ParsedLine(#"<11>1 - h mediawiki - - - {"message":"m","@timestamp":"now"}"#)
        #expect(line.reasons == ["bad_time"])
    }

    @Test func `no line of MediaWiki, mutated, breaks the parser`() throws {
        var random = SeededRandom(seed: 20_261_122)
        let texts =
            MediaWikiTests.texts.map { "<13>Nov 22 10:58:17 log mediawiki: \(MediaWikiTests.head)\($0.text)" }
            + [
                "<11>Nov 2 05:59:06 web1 mediawiki: " + Self.object,
                "7 c 2026-11-22 11:27:40 web1 wpwiki: a\n8 c [b] /w/   X: y#012c #0 {main}",
                "<13>Nov 22 11:27:41 error 2026-11-22 11:27:40 web1 wpwiki: [4c] /w/   PHP Notice: "
                    + "y#012error #0 {main}",
                "<13>1 - h mediawiki - - - 2026-11-22 05:59:06 [e] web1 wpwiki 1.39.17 x INFO: a "
                    + "{\"b\":1} []\n"
                    + "[Exception A] (/a:1) m\n  #0 {main}",
                "<13>1 - h mediawiki - - - Sun Nov 22 5:58:24 EST 2026\tw\tx\tError 1 from f, x SELECT 1 db",
                "<13>1 - h mediawiki - - - Sun Nov 22 5:58:24 EST 2026\tw\tx\tError connecting to a as "
                    + "user b: (HY0/1)",
            ]
        for text in texts {
            for _ in 0..<60 {
                var line = Array(text.utf8)
                for _ in 0..<Int.random(in: 1...3, using: &random) where line.count > 40 {
                    let at = Int.random(in: 36..<line.count, using: &random)
                    switch Int.random(in: 0..<4, using: &random) {
                    case 0: line.remove(at: at)
                    case 1: line[at] = UInt8.random(in: 0...255, using: &random)
                    case 2: line.removeSubrange(at...)
                    default:
                        line.insert(
                            contentsOf: Array(" []{}\n#012\t\":,=%".utf8).shuffled(using: &random).prefix(2),
                            at: at)
                    }
                }
                // Checks the rules of roles itself.
                _ = try ParsedLine(line)
            }
        }
    }
}

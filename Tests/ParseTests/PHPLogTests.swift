import Testing

@testable import Parse

/// PHP's error log, php-fpm's access lines and slow requests, and what applications make of the first.
@Suite struct PHPLogTests {
    // MARK: Access lines

    struct Access: CustomTestStringConvertible {
        let text: String
        let fields: [String]
        var testDescription: String { text }
    }

    static let access = [
        Access(
            text: #"127.0.0.1 -  22/Nov/2026:10:56:57 +0000 "GET /test.php" 500"#,
            fields: [
                "client_ip=127.0.0.1", "log_time=22/Nov/2026:10:56:57 +0000", "method=GET", "path=/test.php",
                "status=500",
            ]),
        Access(
            text:
                #"- -  22/Nov/2026:10:54:46 +0000 "GET /w/index.php" 200 /srv/www/w/index.php 4593.480 14336 17.63%"#,
            fields: [
                "log_time=22/Nov/2026:10:54:46 +0000", "method=GET", "path=/w/index.php", "status=200",
                "script=/srv/www/w/index.php", "duration_ms=4593.480", "memory_kb=14336", "cpu=17.63",
                "duration=4.593480", "memory=14680064",
            ]),
        Access(
            text: #"- -  22/Nov/2026:10:56:30 +0000 "HEAD /missing.php" 404 - 0.150 4096 0.00%"#,
            fields: [
                "log_time=22/Nov/2026:10:56:30 +0000", "method=HEAD", "path=/missing.php", "status=404",
                "script=-", "duration_ms=0.150", "memory_kb=4096", "cpu=0.00", "duration=0.000150",
                "memory=4194304",
            ]),
        // Brackets, a user with blanks, a target with quotes, a script with blanks.
        Access(
            text:
                #"::1 - a b c [22/Nov/2026:10:56:30 +0000] "POST /a?q="x" 200" 201 /srv/my dir/a.php 12 0 99.5%"#,
            fields: [
                "client_ip=::1", "user=a b c", "log_time=22/Nov/2026:10:56:30 +0000", "method=POST",
                #"path=/a?q="x" 200"#, "status=201", "script=/srv/my dir/a.php", "duration_ms=12",
                "memory_kb=0",
                "cpu=99.5", "duration=0.012", "memory=0",
            ]),
        Access(
            text: #"10.0.0.1 - - 2026-11-22T10:56:30Z "- -" 200 what 1.0 x 0.00%"#,
            fields: [
                "client_ip=10.0.0.1", "log_time=2026-11-22T10:56:30Z", "status=200",
                "tail=what 1.0 x 0.00%",
            ]),
    ]

    @Test(arguments: access)
    func `an access line has its parts`(_ example: Access) throws {
        let line = try PHPFPMTests.read(example.text)
        #expect(line.body.filter { !$0.hasPrefix("message=") } == example.fields)
        #expect(line.event.outcome == .ok)
        #expect(line.format == "php-fpm-access")
        #expect(line.role("log_time") == .time)
    }

    @Test(arguments: [
        #"127.0.0.1 -  22/Nov/2026:10:56:57 +0000 "GET"#, #"127.0.0.1 -  yesterday "GET /test.php" 500"#,
        "- -  ",
    ])
    func `a broken access line fails`(_ text: String) throws {
        let line = try PHPFPMTests.read(text)
        #expect(line.event.outcome == .failed)
        #expect(line["message"] == text)
    }

    /// php-fpm's buffer for a line has 1,024 bytes.
    @Test(arguments: ["", #"""#, #"" 50"#])
    func `an access line that was cut keeps what is there`(_ end: String) throws {
        let line = try PHPFPMTests.read(
            #"127.0.0.1 - - [22/Nov/2026:10:56:57 +0000] "GET /w/load.php?modules=a%7Cb"# + end)
        #expect(line.format == "php-fpm-access")
        #expect(line.reasons == ["cut"])
        #expect(line["method"] == "GET")
        #expect(line["path"] == "/w/load.php?modules=a%7Cb")
        #expect(line["status"] == nil)
    }

    @Test func `an access line without a user, and without a request`() throws {
        let line = try PHPFPMTests.read(#"- - 22/Nov/2026:10:56:57 +0000 "- " 200"#)
        #expect(line.event.outcome == .ok)
        #expect(line["user"] == nil)
        #expect(line["path"] == nil)
        #expect(line["status"] == "200")
    }

    @Test func `an access line stands alone`() {
        func place(_ text: String) -> LineRule.Place {
            let bytes = Array(text.utf8)
            return PHPFPMAccess.place(bytes.span, 0..<bytes.count, 1)
        }
        for example in Self.access { #expect(place(example.text) == .alone) }
        for text in [
            "", " - \"", "[] - ]\"", "Stack trace:", "#0 /srv/a.php(1): f(' - \"x\"')", " - x \"",
            "[22-Nov-2026 10:54:48] NOTICE: a - 22/Nov/2026:10:54 \"x\"",
        ] {
            #expect(place(text) == .unknown)
        }
    }

    @Test func `an object of access values is read`() throws {
        let line = try PHPFPMTests.read(
            #"{"remote_addr":"127.0.0.1","user":"","time":"2026-11-22T11:04:10+0000","method":"GET","uri":"/test.php","query":"t=notice","status":200,"script":"/srv/www/test.php","seconds":0.012,"mem":2097152,"cpu":"0.00","pid":27673,"pool":"dbg","len":"0","host":"h.test"}"#
        )
        #expect(
            line.body.filter { !$0.hasPrefix("message=") } == [
                "client_ip=127.0.0.1", "log_time=2026-11-22T11:04:10+0000", "method=GET", "path=/test.php",
                "url_query=t=notice", "status=200", "script=/srv/www/test.php", "duration=0.012",
                "memory=2097152", "cpu=0.00", "pool=dbg", "request_length=0", "vhost=h.test",
            ])
        #expect(line["pid"] == "27673")
        #expect(line.format == "php-fpm-json")
        #expect(line.event.time == 1_795_345_450_000_000_000)
    }

    // MARK: Slow requests

    static let slow = """
        [22-Nov-2026 10:54:48]  [pool www] pid 18485
        script_filename = /srv/www/w/index.php
        [0x00007fe59d014900] {closure}() /usr/share/mediawiki/vendor/src/ServiceContainer.php:445
        [0x00007fe59d014130] [INCLUDE_OR_EVAL]() /usr/share/mediawiki/includes/WebStart.php:86
        """

    @Test(arguments: ["\n", "#012"])
    func `a slow request has its call and its trace`(_ lineEnd: String) throws {
        let line = try PHPFPMTests.read(Self.slow.replacing("\n", with: lineEnd))
        #expect(line.format == "php-fpm-slow")
        #expect(line.event.time == 1_795_344_888_000_000_000)
        #expect(line["pool"] == "www")
        #expect(line["pid"] == "18485")
        #expect(line["script"] == "/srv/www/w/index.php")
        #expect(line["function"] == "{closure}")
        #expect(line["file"] == "/usr/share/mediawiki/vendor/src/ServiceContainer.php")
        #expect(line["file_line"] == "445")
        #expect(line["frames"] == "2")
        #expect(
            line["stack_trace"]
                == Self.slow.split(separator: "\n").dropFirst(2).joined(separator: "\n"))
        #expect(line.reasons == [])
    }

    @Test func `a slow request is read as far as it goes`() throws {
        let head = try PHPFPMTests.read("[22-Nov-2026 10:54:48]  [pool www] pid 18485")
        #expect(head["pid"] == "18485")
        #expect(head.reasons == ["cut"])
        let failed = try PHPFPMTests.read(
            "[22-Nov-2026 10:54:48.123456]  [pool a b] pid 1\nscript_filename = /x\n[0x01] ???() unknown:0\n"
                + "+++ dump failed\n\n")
        #expect(failed["pool"] == "a b")
        #expect(failed["function"] == "???")
        #expect(failed["file"] == "unknown")
        #expect(failed["frames"] == "1")
        #expect(failed["stack_trace"] == "[0x01] ???() unknown:0\n+++ dump failed")
        let frames = String(repeating: "\n[0x01] a() /b:1", count: 20)
        #expect(
            try PHPFPMTests.read("[22-Nov-2026 10:54:48]  [pool w] pid 1\nscript_filename = /x" + frames)[
                "frames"] == "20")
        #expect(try PHPFPMTests.read("[22-Nov-2026 10:54:48]  [pool www] pid ").event.outcome != .partial)
    }

    @Test func `lines of a slow request belong together`() {
        func place(_ text: Substring, _ state: UInt8 = 1) -> LineRule.Place {
            let bytes = Array(text.utf8)
            return PHPFPMSlow.place(bytes.span, 0..<bytes.count, state)
        }
        let lines = Self.slow.split(separator: "\n")
        #expect(lines.map { place($0) } == [.begins(), .continues(), .continues(), .continues()])
        #expect(place("") == .continues())
        #expect(place("", 0) == .unknown)
        #expect(place("[22-Nov-2026 10:54:44] NOTICE: ready") == .unknown)
    }

    // MARK: Error log

    /// Reads a line with zones by name.
    private func log(_ text: String, program: String = "php") throws -> (batch: EventBatch, event: Event) {
        var parser = LineParser(formats: try #require(ParsedLine.formats), zone: .utc) { name in
            name == "America/Los_Angeles" ? ZoneRule(offsetSeconds: -8 * 3_600) : nil
        }
        var batch = EventBatch()
        batch.bytes = Array("<14>Nov 22 11:00:00 web1 \(program): \(text)".utf8)
        batch.peers = [Peer(.file, "")]
        parser.parse(0..<batch.bytes.count, peer: 0, in: &batch)
        let event = try #require(batch.events.first)
        #expect(flaws(in: batch, event) == [])
        return (batch, event)
    }

    private func value(_ read: (batch: EventBatch, event: Event), _ name: String) -> String? {
        read.batch.fields(of: read.event).first { Fields.table.name(of: $0.field.rawValue) == name }
            .map { String(decoding: read.batch.bytes(of: $0), as: UTF8.self) }
    }

    @Test func `the zone is a name`() throws {
        let line = try log(
            "[22-Nov-2026 02:56:57 America/Los_Angeles] PHP Warning:  Undefined variable $undef in /srv/www/test.php "
                + "on line 8")
        #expect(line.event.time == 1_795_345_017_000_000_000)
        #expect(value(line, "timezone") == "America/Los_Angeles")
        #expect(value(line, "log_time") == "22-Nov-2026 02:56:57 America/Los_Angeles")
        #expect(value(line, "php_level") == "Warning")
        #expect(value(line, "file_line") == "8")
        #expect(line.event.severity == 4)
        #expect(line.event.outcome == .ok)
        let old = try log("[22-Nov-2026 10:56:57] words of \u{1B}[31mmine")
        #expect(old.event.time == 1_795_345_017_000_000_000)
        #expect(value(old, "message") == "words of \u{1B}[31mmine")
        #expect(value(old, "timezone") == nil)
        #expect(old.event.severity == 6)
    }

    @Test func `an exception has its trace, with the line feeds as they are or as rsyslog writes them`()
        throws
    {
        let text =
            "PHP Fatal error:  Uncaught Foo: bar in /srv/a.php:3\nStack trace:\n#0 {main}\n"
            + "  thrown in /srv/a.php on line 3"
        for lineEnd in ["\n", "#012"] {
            let line = try log("[22-Nov-2026 10:56:57 UTC] " + text.replacing("\n", with: lineEnd))
            #expect(value(line, "message") == text)
            #expect(value(line, "exception") == "Foo")
            #expect(value(line, "stack_trace") == "#0 {main}")
            #expect(line.event.outcome == .ok)
        }
        // A colour is not a control character.
        #expect(value(try log("[22-Nov-2026 10:56:57 UTC] color: #000"), "message") == "color: #000")
    }

    @Test func `an exception that a program logs itself is one`() throws {
        let line = try log(
            "[22-Nov-2026 10:56:57 UTC] My\\Error: words in /srv/a.php:3\nStack trace:\n#0 /srv/b.php(1): f()\n"
                + "#1 {main}")
        #expect(value(line, "exception") == "My\\Error")
        #expect(value(line, "error_message") == "words")
        #expect(value(line, "file") == "/srv/a.php")
        #expect(value(line, "stack_trace") == "#0 /srv/b.php(1): f()\n#1 {main}")
        let words = try log("[22-Nov-2026 10:56:57 UTC] Note: words in /srv/a.php:3")
        #expect(value(words, "exception") == nil)
    }

    @Test(arguments: ["[22-Nov-2026 02:56:57 America/Los_Angeles", "[22-Foo-2026 02:56:57] x", "words"])
    func `a line without a time is no entry`(_ text: String) throws {
        let line = try log(text)
        #expect(Formats.names.name(of: line.event.format) == "php-text")
        #expect(value(line, "message") == text)
    }

    @Test func `an error of WordPress's database has its query`() throws {
        let line = try log(
            "[22-Nov-2026 10:56:57 UTC] WordPress database error Table 'wp.x' doesn't exist for query SELECT *\n"
                + "\tFROM x -- made by me made by require('wp-blog-header.php'), WP->main",
            program: "wordpress")
        #expect(value(line, "error_message") == "Table 'wp.x' doesn't exist")
        #expect(value(line, "query") == "SELECT *\n\tFROM x -- made by me")
        #expect(value(line, "caller") == "require('wp-blog-header.php'), WP->main")
        #expect(line.event.severity == 3)
        let bare = try log("WordPress database error gone for query SELECT 1", program: "wordpress")
        #expect(value(bare, "query") == "SELECT 1")
        #expect(value(bare, "caller") == nil)
        #expect(try log("WordPress database error", program: "wordpress").event.outcome == .failed)
    }

    @Test(arguments: [
        ("php-fpm", true), ("php8.2-fpm", true), ("php-fpm7.4", true), ("fpm-www", true), ("php5-fpm", true),
        ("php", false), ("php-cli", false), ("php_errors", false), ("php8.2", false),
    ])
    func `programs go by their names`(_ program: String, isFPM: Bool) throws {
        let formats = try #require(ParsedLine.formats)
        let names = formats.route(program).map { formats.formats[$0].name }
        #expect(names.contains("php-fpm") == isFPM)
        #expect(names.contains("php-errorlog"))
        #expect(!formats.route("phpmyadmin").contains { formats.formats[$0].name.hasPrefix("php") })
    }

    // MARK: Matomo

    @Test func `lines of Matomo are read`() throws {
        let line = try log(
            "WARNING Piwik\\ErrorHandler[2026-11-22 10:15:00 UTC] [a1b2c] /srv/piwik/libs/x.php(154): Warning - "
                + "fopen(): no\n  #0 more",
            program: "piwik")
        #expect(value(line, "logger") == "Piwik\\ErrorHandler")
        #expect(value(line, "request_id") == "a1b2c")
        #expect(
            value(line, "message") == "/srv/piwik/libs/x.php(154): Warning - fopen(): no\n  #0 more")
        #expect(value(line, "file") == "/srv/piwik/libs/x.php")
        #expect(value(line, "file_line") == "154")
        #expect(line.event.severity == 4)
        #expect(line.event.time == 1_795_342_500_000_000_000)
        let plain = try log("INFO      [2026-11-22 10:15:00] 19384  Starting (1): it", program: "matomo")
        #expect(value(plain, "request_id") == "19384")
        #expect(value(plain, "message") == "Starting (1): it")
        #expect(value(plain, "file") == nil)
        #expect(plain.event.time == 1_795_342_500_000_000_000)
        let none = try log("DEBUG Tag[2026-11-22 10:15:00] 12 items", program: "matomo")
        #expect(value(none, "message") == "12 items")
        #expect(try log("loud Tag[soon] words", program: "matomo").event.outcome == .failed)
    }

    @Test func `lines of Matomo belong together`() {
        func place(_ text: String) -> LineRule.Place {
            let bytes = Array(text.utf8)
            return Matomo.place(bytes.span, 0..<bytes.count, 1)
        }
        #expect(place("ERROR Piwik[2014-08-21 10:00:00] boom") == .begins())
        #expect(place("INFO      [2020-12-08 14:02:03] 19384  x") == .begins())
        #expect(place("  #0 /srv/x.php(1): f()") == .unknown)
        #expect(place("ERROR") == .unknown)
        #expect(place("") == .unknown)
    }

    // MARK: Any text

    /// Whatever the cut: one sound event, and no rule that leaves its line.
    @Test func `every beginning of every line makes a sound event`() throws {
        let lines =
            PHPErrorTests.cases.map { "[22-Nov-2026 10:56:57 UTC] " + $0.text }
            + PHPErrorTests.cases.map {
                PHPFPMTests.head + "NOTICE: PHP message: \($0.text)\", pipe is closed"
            }
            + PHPErrorTests.cases.map(\.text) + PHPFPMTests.words.map(\.text) + Self.access.map(\.text)
            + [
                Self.slow, Self.slow.replacing("\n", with: "#012"),
                PHPFPMTests.head + "a\"\n" + PHPFPMTests.head + "b\"\nc",
                "WARNING Piwik[2026-11-22 10:15:00 UTC] [a1b2c] /srv/x.php(154): no",
                "WordPress database error a for query b made by c",
            ]
        for program in ["php-fpm", "piwik"] {
            var parser = LineParser(formats: try #require(ParsedLine.formats), zone: .utc)
            var batch = EventBatch()
            batch.peers = [Peer(.file, "")]
            let head = Array("<14>Nov 22 11:00:00 web1 \(program): ".utf8)
            var frames: [Range<Int>] = []
            for line in lines {
                let bytes = Array(line.utf8)
                for end in 0...bytes.count {
                    frames.append(batch.bytes.count..<batch.bytes.count + head.count + end)
                    batch.bytes += head + bytes[..<end]
                    for state in [UInt8(0), 1] {
                        for place in [
                            PHPFPM.place, PHPFPMSlow.place, PHPFPMAccess.place, Matomo.place,
                        ] {
                            let whole = bytes.span
                            switch place(whole, 0..<end, state) {
                            case .begins(let key?, _), .continues(let key?, _):
                                #expect(key.upperBound <= end && !key.isEmpty)
                            default: break
                            }
                        }
                    }
                }
            }
            for frame in frames { parser.parse(frame, peer: 0, in: &batch) }
            #expect(batch.events.count == frames.count)
            for event in batch.events {
                let found = flaws(in: batch, event)
                if !found.isEmpty {
                    let text = String(decoding: batch.bytes[event.raw.range], as: UTF8.self)
                    Issue.record("\(found) \(text.debugDescription)")
                }
            }
        }
    }
}

import Testing

@testable import Parse

/// Errors as PHP 5 to 8 write them, in the logs that hold nothing else.
@Suite struct PHPErrorTests {
    struct Case: CustomTestStringConvertible {
        let text: String
        let severity: UInt8
        let fields: [String]
        var reasons: Set<String> = []
        var testDescription: String { String(text.prefix(90)) }
    }

    static let cases = [
        Case(
            text: "PHP Warning:  Undefined variable $undef in /srv/www/test.php on line 8", severity: 4,
            fields: [
                "php_level=Warning", "error_message=Undefined variable $undef", "file=/srv/www/test.php",
                "file_line=8",
            ]),
        Case(
            text:
                #"PHP Parse error:  syntax error, unexpected token "{", expecting variable in /srv/www/bad.php on line 1"#,
            severity: 3,
            fields: [
                "php_level=Parse error",
                #"error_message=syntax error, unexpected token "{", expecting variable"#,
                "file=/srv/www/bad.php", "file_line=1",
            ]),
        // A message that says where by itself.
        Case(
            text: "PHP Deprecated:  Use of a was deprecated. [Called from B::c in /srv/B.php at line 338] in "
                + "/srv/MWDebug.php on line 381",
            severity: 6,
            fields: [
                "php_level=Deprecated",
                "error_message=Use of a was deprecated. [Called from B::c in /srv/B.php at line 338]",
                "file=/srv/MWDebug.php", "file_line=381",
            ]),
        // A folder with blanks; eval; no file; a drive; no path.
        Case(
            text: "PHP Notice:  x in y in /srv/all in one/a.php(12) : eval()'d code on line 3", severity: 5,
            fields: [
                "php_level=Notice", "error_message=x in y",
                "file=/srv/all in one/a.php(12) : eval()'d code", "file_line=3",
            ]),
        Case(
            text: "PHP Warning:  PHP Startup: Unable to load dynamic library 'x' in Unknown on line 0",
            severity: 4,
            fields: [
                "php_level=Warning", "error_message=PHP Startup: Unable to load dynamic library 'x'",
                "file=Unknown", "file_line=0",
            ]),
        Case(
            text: #"PHP Strict Standards:  s in C:\inetpub\a b\x.php on line 7"#, severity: 6,
            fields: [
                "php_level=Strict Standards", "error_message=s", #"file=C:\inetpub\a b\x.php"#, "file_line=7",
            ]),
        Case(
            text: "PHP Catchable fatal error:  Argument 1 in x.php on line 2", severity: 3,
            fields: [
                "php_level=Catchable fatal error", "error_message=Argument 1", "file=x.php", "file_line=2",
            ]),
        // Nothing says where.
        Case(
            text: "PHP Warning:  something in the middle of it on line 4", severity: 4,
            fields: ["php_level=Warning", "error_message=something in the middle of it on line 4"]),
        Case(
            text: "PHP Warning:  a long text that was c...", severity: 4,
            fields: ["php_level=Warning", "error_message=a long text that was c..."], reasons: ["cut"]),
        // Exceptions.
        Case(
            text: """
                PHP Fatal error:  Uncaught InvalidArgumentException: bad value: 'secret' in /srv/www/test.php:2
                Stack trace:
                #0 /srv/www/test.php(3): inner()
                #1 {main}
                  thrown in /srv/www/test.php on line 2
                """,
            severity: 3,
            fields: [
                "php_level=Fatal error", "exception=InvalidArgumentException",
                "error_message=bad value: 'secret'", "file=/srv/www/test.php", "file_line=2",
                "stack_trace=#0 /srv/www/test.php(3): inner()\n#1 {main}",
            ]),
        Case(
            text: """
                PHP Fatal error:  Uncaught A\\B: a in /srv/www/test.php:2
                Stack trace:
                #0 {main}

                Next RuntimeException: wrapped in /srv/www/test.php:6
                Stack trace:
                #0 {main}
                  thrown in /srv/www/test.php on line 6
                """,
            severity: 3,
            fields: [
                "php_level=Fatal error", "exception=A\\B", "error_message=a", "file=/srv/www/test.php",
                "file_line=2",
                "stack_trace=#0 {main}\n\nNext RuntimeException: wrapped in /srv/www/test.php:6\nStack trace:\n"
                    + "#0 {main}",
            ]),
        Case(
            text: """
                PHP Fatal error:  Uncaught exception 'PDOException' with message 'it's down' in /srv/db.php:9
                Stack trace:
                #0 /srv/db.php(9): PDO->__construct('mysql:host=db', 'root', 'hunter2')
                #1 {main}
                  thrown in /srv/db.php on line 9
                """,
            severity: 3,
            fields: [
                "php_level=Fatal error", "exception=PDOException", "error_message=it's down",
                "file=/srv/db.php", "file_line=9",
                "stack_trace=#0 /srv/db.php(9): PDO->__construct('mysql:host=db', 'root', 'hunter2')\n#1 {main}",
            ]),
        Case(
            text:
                "PHP Warning:  Uncaught Exception in /srv/a.php:3\nStack trace:\n#0 [internal function]: f()\n"
                + "#1 {main}\n  thrown in /srv/a.php on line 3",
            severity: 4,
            fields: [
                "php_level=Warning", "exception=Exception", "file=/srv/a.php", "file_line=3",
                "stack_trace=#0 [internal function]: f()\n#1 {main}",
            ]),
        // A message of several lines, which itself holds what ends one.
        Case(
            text: "PHP Fatal error:  Uncaught E: first\nStack trace:\nno, in /x:1 not yet in /srv/a.php:4\n"
                + "Stack trace:\n#0 {main}\n  thrown in /srv/a.php on line 4",
            severity: 3,
            fields: [
                "php_level=Fatal error", "exception=E",
                "error_message=first\nStack trace:\nno, in /x:1 not yet", "file=/srv/a.php", "file_line=4",
                "stack_trace=#0 {main}",
            ]),
        Case(
            text: "PHP Fatal error:  Uncaught class@anonymous: x in /srv/a.php:3\nStack trace:\n#0 {main}\n"
                + "  thrown in /srv/a.php on line 3",
            severity: 3,
            fields: [
                "php_level=Fatal error", "exception=class@anonymous", "error_message=x", "file=/srv/a.php",
                "file_line=3", "stack_trace=#0 {main}",
            ]),
        // A class with a text of its own for it.
        Case(
            text: "PHP Fatal error:  Uncaught [my own words]\n  thrown in /srv/a.php on line 3", severity: 3,
            fields: [
                "php_level=Fatal error", "error_message=[my own words]", "file=/srv/a.php", "file_line=3",
            ]),
        // Cut: after its first line; inside the message; inside the trace, where PHP 5 still says where.
        Case(
            text: "PHP Fatal error:  Uncaught Foo: bar in /srv/a.php:3", severity: 3,
            fields: [
                "php_level=Fatal error", "exception=Foo", "error_message=bar", "file=/srv/a.php",
                "file_line=3",
            ], reasons: ["cut"]),
        Case(
            text: "PHP Fatal error:  Uncaught Foo: bar and mo", severity: 3,
            fields: ["php_level=Fatal error", "exception=Foo", "error_message=bar and mo"], reasons: ["cut"]),
        Case(
            text:
                "PHP Fatal error:  Uncaught exception 'Foo' with message 'bar and mo in /srv/a.php on line 3",
            severity: 3,
            fields: [
                "php_level=Fatal error", "exception=Foo", "error_message=bar and mo", "file=/srv/a.php",
                "file_line=3",
            ], reasons: ["cut"]),
        Case(
            text: "PHP Fatal error:  Uncaught exception 'Foo' with message 'bar' in /srv/a.php:3\n"
                + "Stack trace:\n#0 /srv/b.p in /srv/a.php on line 3",
            severity: 3,
            fields: [
                "php_level=Fatal error", "exception=Foo", "error_message=bar", "file=/srv/a.php",
                "file_line=3", "stack_trace=#0 /srv/b.p",
            ], reasons: ["cut"]),
        // PHP 8.5 writes traces of errors that are no exceptions.
        Case(
            text: "PHP Fatal error:  Maximum execution time of 1 second exceeded in /srv/a.php on line 3\n"
                + "Stack trace:\n#0 /srv/a.php(9): f()\n#1 {main}",
            severity: 3,
            fields: [
                "php_level=Fatal error", "error_message=Maximum execution time of 1 second exceeded",
                "file=/srv/a.php", "file_line=3", "stack_trace=#0 /srv/a.php(9): f()\n#1 {main}",
            ]),
        // Other text came in behind it.
        Case(
            text: "PHP Warning:  a in /srv/a.php on line 3\nraw words", severity: 4,
            fields: ["php_level=Warning", "error_message=a", "file=/srv/a.php", "file_line=3"]),
    ]

    @Test(arguments: cases)
    func `an error has its parts`(_ example: Case) throws {
        let line = try ParsedLine("<14>Nov 22 11:00:00 web1 php: " + example.text)
        let hidden: Set<String> = ["escaped=", "message="]
        let body = line.body.filter { text in !hidden.contains { text.hasPrefix($0) } }
        #expect(body == example.fields)
        #expect(line["message"] == example.text)
        #expect(line.event.severity == example.severity)
        #expect(line.reasons == example.reasons)
        #expect(line.format == "php-message")
    }

    @Test(arguments: [
        "PHP Warnings:  a in /srv/a.php on line 3", "PHP Warning", "Warning: a in /srv/a.php on line 3",
        "PHP   1. {main}() /srv/a.php:0", "PHP Stack trace:", "PHP ",
    ])
    func `another text is none`(_ text: String) throws {
        let line = try ParsedLine("<14>Nov 22 11:00:00 web1 php: " + text)
        #expect(line.format == "php-text")
        #expect(line["message"] == text)
        #expect(line["php_level"] == nil)
    }

    /// What a FastCGI server gets, as other formats read it.
    @Test func `of several messages in one record the worst has the fields`() throws {
        let definition = FormatDefinition(
            name: "record", programs: ProgramRule(names: ["r"]), body: .code(PHPError.readOutput))
        let formats = try FormatSet([definition], library: .embedded)
        func read(_ text: String) -> (fields: [String], event: Event?) {
            var parser = LineParser(formats: formats, zone: .utc)
            var batch = EventBatch()
            batch.bytes = Array("<14>Nov 22 11:00:00 web1 r: \(text)".utf8)
            batch.peers = [Peer(.file, "")]
            parser.parse(0..<batch.bytes.count, peer: 0, in: &batch)
            let fields = batch.events.first.map { batch.fields(of: $0) } ?? []
            return (
                fields.filter { $0.field.rawValue > FieldID.logTime.rawValue }.map {
                    Fields.table.name(of: $0.field.rawValue) + "="
                        + String(decoding: batch.bytes(of: $0), as: UTF8.self)
                }, batch.events.first
            )
        }
        let several = read(
            "PHP message: PHP Notice:  a; b in /a.php on line 1; PHP message: PHP Warning:  c in /c.php on line 2; "
                + "PHP message: PHP Warning:  d in /d.php on line 3")
        #expect(
            several.fields == ["php_level=Warning", "error_message=c", "file=/c.php", "file_line=2"])
        #expect(several.event?.severity == 4)
        let old = read("PHP message: PHP Warning:  a in /a.php on line 1\nPHP message: PHP Fatal error:  b")
        #expect(old.fields == ["php_level=Fatal error", "error_message=b"])
        #expect(read("PHP message: words").event?.outcome == .failed)
        #expect(read("words; PHP message: PHP Warning:  a in /a.php on line 1").event?.outcome == .failed)
    }

    /// mod_php and mod_proxy_fcgi write a line feed as `\n`.
    @Test func `an error that is written with escapes has its parts`() throws {
        let definition = FormatDefinition(
            name: "escaped", programs: ProgramRule(names: ["r"]),
            body: .code { $2.read($0, $1, unescaping: .backslash, PHPError.read) })
        var parser = LineParser(formats: try FormatSet([definition], library: .embedded), zone: .utc)
        var batch = EventBatch()
        batch.bytes = Array(
            (#"<14>Nov 22 11:00:00 web1 r: PHP Fatal error:  Uncaught Foo: b in /a.php:2\nStack trace:\n"#
                + #"#0 {main}\n  thrown in /a.php on line 2"#).utf8)
        batch.peers = [Peer(.file, "")]
        parser.parse(0..<batch.bytes.count, peer: 0, in: &batch)
        let event = try #require(batch.events.first)
        let trace = try #require(batch.fields(of: event).first { $0.field == .stackTrace })
        #expect(String(decoding: batch.bytes(of: trace), as: UTF8.self) == "#0 {main}")
        #expect(event.severity == 3)
    }
}

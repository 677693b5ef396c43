import Testing

@testable import Parse

/// The level of an event is that of what happened, whatever the PRI of its sender says.
@Suite struct EventLevelTests {
    struct Case: CustomTestStringConvertible {
        let program: String
        let text: String
        let level: UInt8
        var exception: String?
        var message: String?

        init(
            _ program: String, _ text: String, _ level: UInt8, _ exception: String? = nil,
            _ message: String? = nil
        ) {
            (self.program, self.text, self.level) = (program, text, level)
            (self.exception, self.message) = (exception, message)
        }

        var testDescription: String { "\(program): \(text.prefix(80))" }
    }

    static let php: [Case] = [
        Case(
            "php",
            "PHP Fatal error:  Uncaught TypeError: no in /srv/a.php:3\nStack trace:\n#0 {main}\n  thrown in /srv/a.php on line 3",
            3, "TypeError", "no"),
        Case("shop", "PHP Parse error:  syntax error, unexpected end of file in /srv/a.php on line 9", 3),
        Case("shop", "PHP Warning:  Undefined variable $x in /srv/a.php on line 9", 4),
        Case(
            "php-fpm",
            "[22-Nov-2026 10:56:49] WARNING: [pool www] child 5 said into stderr: \"NOTICE: PHP message: PHP Fatal error:  Allowed memory size of 1 bytes exhausted in /srv/a.php on line 2\"",
            3),
        Case(
            "wordpress",
            "RuntimeException: broken in /srv/a.php:3\nStack trace:\n#0 /srv/b.php(4): f()\n#1 {main}", 3,
            "RuntimeException", "broken"),
        Case(
            "nginx",
            "2026/11/22 10:56:49 [error] 18489#18489: *266 FastCGI sent in stderr: \"PHP message: PHP Fatal error:  Uncaught LogicException: why in /srv/a.php:2\nStack trace:\n#0 {main}\n  thrown in /srv/a.php on line 2\" while reading response header from upstream, client: 203.0.113.7, server: x, request: \"GET / HTTP/1.1\", upstream: \"fastcgi://unix:/run/php.sock:\", host: \"x\"",
            3, "LogicException", "why"),
        Case(
            "nginx",
            "2026/11/22 10:56:49 [error] 18489#18489: *266 FastCGI sent in stderr: \"PHP message: PHP Notice:  x in /srv/a.php on line 2\" while reading response header from upstream, client: 203.0.113.7, server: x",
            3, nil, "x"),
        Case(
            "apache2",
            #"[Sun Nov 22 10:56:53.739339 2026] [proxy_fcgi:error] [pid 1:tid 2] [client 203.0.113.7:57586] AH01071: Got error 'PHP message: PHP Fatal error:  Uncaught ValueError: b\"c in /srv/a.php:2\nStack trace:\n#0 {main}\n  thrown in /srv/a.php on line 2'"#,
            3, "ValueError", #"b"c"#),
        Case(
            "apache2",
            #"[Sun Nov 22 11:03:32.282003 2026] [php:warn] [pid 1:tid 1] [client 203.0.113.7:45596] PHP Fatal error:  x in /srv/a.php on line 2, referer: http://ref/"#,
            3, nil, "x"),
    ]

    static let mediaWiki: [Case] = [
        Case(
            "mediawiki",
            "2026-11-22 10:58:17 web1 wpwiki: [b577facca68145d3a7cfec42] /wiki/Foo   MWException: outer\n#0 /w/a.php(3): f()\n#1 {main}",
            3, "MWException", "outer"),
        Case(
            "mediawiki",
            "2026-11-22 10:58:17 web1 wpwiki: [b577facca68145d3a7cfec42] /wiki/Foo   PHP Warning: fopen(): no such file\n#0 /w/a.php(3): f()",
            4, nil),
        Case(
            "mediawiki",
            "2026-11-22 10:58:17 web1 wpwiki: [b577facca68145d3a7cfec42] [no req]   PHP Fatal Error: Out of memory",
            3),
        Case(
            "mediawiki",
            #"2026-11-22 10:58:16 web1 wpwiki: {"id":"ab24","type":"RuntimeException","file":"/a.php","line":206,"message":"broken","code":0,"url":"/w","caught_by":"entrypoint","backtrace":[]}"#,
            3, "RuntimeException", "broken"),
        Case(
            "mediawiki",
            "Sun Nov 22 5:58:24 EST 2026\tweb1\twpwiki\tError connecting to db1 as user wp: :real_connect(): (HY000/2002): No such file or directory",
            3),
        Case(
            "mediawiki",
            "exception 2026-11-22 10:58:17 web1 wpwiki: [b577] /wiki/Foo   Error: Call to undefined method",
            3, "Error"),
        Case("mediawiki", "2026-11-22 10:59:51 web1 wpwiki: Parsing Bigpage was slow, took 8.88 seconds", 6),
    ]

    static let others: [Case] = [
        Case(
            "shop",
            "Traceback (most recent call last):\n  File \"/srv/a.py\", line 3, in <module>\n    f()\nValueError: bad",
            3, "ValueError", "bad"),
        Case(
            "shop",
            "Exception in thread \"main\" java.lang.IllegalStateException: closed\n\tat org.example.A.f(A.java:3)",
            3, "java.lang.IllegalStateException", "closed"),
        Case(
            "shop",
            "org.example.Broken: why\n\tat org.example.A.f(A.java:3)\nCaused by: java.io.IOException: x", 3,
            "org.example.Broken", "why"),
        Case(
            "shop", "panic: runtime error: index out of range [5]\n\ngoroutine 1 [running]:\nmain.main()", 2,
            nil, "runtime error: index out of range [5]"),
        Case(
            "shop",
            "fatal error: all goroutines are asleep - deadlock!\n\ngoroutine 1 [select]:\nmain.main()", 2,
            nil, "all goroutines are asleep - deadlock!"),
        Case(
            "shop", "TypeError: x is not a function\n    at f (/srv/a.js:3:9)\n    at main (/srv/b.js:1:1)",
            3, "TypeError", "x is not a function"),
        Case(
            "shop", "/srv/a.js:3\n    throw new Error(\"x\");\n    ^\n\nError: x\n    at f (/srv/a.js:3:9)", 3
        ),
        Case(
            "shop",
            "Unhandled exception. System.InvalidOperationException: why\n   at A.Main() in /srv/A.cs:line 3",
            2, "System.InvalidOperationException", "why"),
        Case("shop", "thread 'main' panicked at src/main.rs:3:5:\nindex out of bounds", 2),
        Case("shop", "a.rb:3:in 'f': why (RuntimeError)\n\tfrom a.rb:7:in '<main>'", 3),
        Case("shop", #"{"msg":"stopped","level":"fatal"}"#, 2), Case("shop", "level=error msg=\"a b\"", 3),
        Case("mariadbd", "2026-11-22 10:59:54 0 [ERROR] InnoDB: Cannot allocate memory", 3),
        Case("mariadbd", "261122 10:59:54 mysqld got signal 11 ;", 2),
        Case("redis", "18474:M 22 Nov 2026 10:59:47.817 # Redis 7.0.15 crashed by signal: 11, si_code: 0", 2),
        Case("redis", "18474:M 22 Nov 2026 10:59:47.817 * Ready to accept connections", 5),
        Case(
            "rails", "ActionController::RoutingError (No route matches [GET] \"/x\"):\n\napp/a.rb:3", 3,
            "ActionController::RoutingError"),
        Case("rails", "F, [2026-11-22T10:59:47.817 #77] FATAL -- : stopped", 2),
        Case("elasticsearch", "[2026-11-22T10:59:47,817][FATAL][o.e.b.Bootstrap] [n1] stopped", 2),
        Case("sshd", "fatal: no hostkeys available -- exiting.", 2),
        Case("kernel", "[   12.345678] Kernel panic - not syncing: VFS", 2),
        Case(
            "kernel",
            "[   12.3] php-fpm[77]: segfault at 30 ip 00007f2a sp 00007ffc error 4 in libc.so.6[7f2a+11]", 3),
        // No more than they say themselves.
        Case("shop", "an exception to the rule: at noon", 6), Case("shop", "panicking is no option", 6),
        Case("shop", "first line\nsecond line", 6), Case("shop", "fatal error: none of Go's", 6),
    ]

    @Test(arguments: php + mediaWiki + others)
    func `what went wrong has its own level`(_ item: Case) throws {
        // PRI 14: user, info.
        let line = try ParsedLine(
            "<14>1 2026-11-22T10:00:00Z h \(item.program) 1 - - \(item.text)", listener: .file)
        #expect(line.event.severity == item.level)
        if item.exception != nil { #expect(line["exception"] == item.exception) }
        if let message = item.message { #expect(line["error_message"] == message) }
        #expect(line.event.outcome == .ok)
        // Never less than the sender says where the message does not say it.
        if item.level < 4, item.program == "shop" {
            let worse = try ParsedLine("<9>1 - h \(item.program) 1 - - \(item.text)", listener: .file)
            #expect(worse.event.severity <= item.level)
        }
        let bytes = Array("<14>1 - h \(item.program) 1 - - \(item.text)".utf8)
        for end in stride(from: 20, to: bytes.count, by: 3) { _ = try ParsedLine(Array(bytes[..<end])) }
    }
}

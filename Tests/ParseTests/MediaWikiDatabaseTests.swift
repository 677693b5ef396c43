import Testing

@testable import Parse

/// The log of database errors, groups sent over UDP, and Monolog's lines.
@Suite struct MediaWikiDatabaseTests {
    private func read(_ message: String, zone: ZoneRule = .utc) throws -> ParsedLine {
        try ParsedLine("<13>Nov 22 10:58:17 web1 mediawiki: " + message, zone: zone)
    }

    @Test func `an error of a query is read, with its own clock`() throws {
        let line = try read(
            "Sun Nov 22 5:58:24 EST 2026\tweb1\twpwiki\tError 1146 from WPD\\Test::run, Table "
                + "'wpwiki.no_such_table'"
                + " doesn't exist SELECT broken FROM no_such_table -- it's localhost\n"
                + "#0 /usr/share/mediawiki/includes/libs/rdbms/database/Database.php(1576): X->y()\n#1 {main}"
        )
        #expect(line.event.time == 1_795_345_104_000_000_000)
        #expect(line.format == "mediawiki-dberror")
        #expect(line["channel"] == "wfLogDBError")
        #expect(line["error_code"] == "1146")
        #expect(line["function"] == "WPD\\Test::run")
        #expect(line["error_message"] == "Table 'wpwiki.no_such_table' doesn't exist")
        #expect(line["query"] == "SELECT broken FROM no_such_table -- it's")
        #expect(line["db_host"] == "localhost")
        #expect(line["stack_trace"]?.hasPrefix("#0 /usr") == true)
        #expect(line["message"]?.hasSuffix("it's localhost") == true)
    }

    @Test func `an error of a connection is read`() throws {
        let line = try read(
            "Sun Nov 2 16:02:53 +0200 2026\tweb1\twpwiki\tError connecting to localhost as user wp: "
                + ":real_connect(): (HY000/2002): No such file or directory")
        #expect(line["db_host"] == "localhost")
        #expect(line["db_user"] == "wp")
        #expect(line["error_code"] == "2002")
        #expect(line["error_message"] == ":real_connect(): (HY000/2002): No such file or directory")
        #expect(line.event.time == 1_793_628_173_000_000_000)
    }

    @Test func `the tabbed form of old versions is read`() throws {
        let line = try read(
            "Sun Nov 22 5:58:24 EST 2026\tdb1\twpwiki\tTitle::load\t10.0.0.5\t1205\tLock wait "
                + "timeout\tSELECT a\t"
        )
        #expect(line["function"] == "Title::load")
        #expect(line["db_host"] == "10.0.0.5")
        #expect(line["error_code"] == "1205")
        #expect(line["error_message"] == "Lock wait timeout")
        #expect(line["query"] == "SELECT a")
    }

    @Test(arguments: [
        "Error 12 from f", "Error x from f, y", "Error 12 from f, no query here", "Error connecting to db",
        "Error connecting to db: (HY", "a\tb\tc\td", "a\tb\t1", "Query: \nFunction: \nError: ()", "Error ",
    ])
    func `other texts are messages`(_ text: String) throws {
        let line = try read("Sun Nov 22 5:58:24 EST 2026\tdb1\twpwiki\t" + text)
        #expect(line["message"] == text)
        #expect(line["query"] == nil)
    }

    // MARK: UDP

    @Test func `every line of a datagram loses its channel`() throws {
        let line = try read(
            "exception 2026-11-22 11:27:40 web1 wpwiki: [4c94] /w/   X: y\nexception second\n"
                + "exception #0 /a(1): b()\nexception #1 {main}\n")
        #expect(line.format == "mediawiki-udp")
        #expect(line["channel"] == "exception")
        #expect(line["message"] == "[4c94] /w/   X: y\nsecond")
        #expect(line["error_message"] == "y\nsecond")
        #expect(line["stack_trace"] == "#0 /a(1): b()\n#1 {main}")
        #expect(line.event.time == 1_795_346_860_000_000_000)
    }

    @Test func `udp2log's numbers and lines without a channel are told apart`() throws {
        let line = try read("7 c 2026-11-22 11:27:40 web1 wpwiki: a\n8 c b\n9 d\nc\nc x\n")
        #expect(line["message"] == "a\nb\n9 d\nc\nx")
        #expect(line["channel"] == "c")
    }

    @Test func `line feeds and escapes of them may be mixed`() throws {
        let line = try read("c 2026-11-22 11:27:40 web1 wpwiki: a#012c b\nc c#011d#012#012c e\n")
        #expect(line["message"] == "a\nb\nc\td\n\ne")
    }

    @Test func `errors of the database come as a group, too`() throws {
        let line = try read(
            "dberror Sun Nov 22 6:27:41 EST 2026\tweb1\twpwiki\tError 1 from f, x SELECT 1 db")
        #expect(line["channel"] == "dberror")
        #expect(line["query"] == "SELECT 1")
        #expect(line.event.time == 1_795_346_861_000_000_000)
    }

    @Test func `a datagram without a header is read as well`() throws {
        let line = try ParsedLine(
            "api 2026-11-22 11:27:41 web1 wpwiki: API GET ::1 ::1 T=19ms action=query\n")
        #expect(line["program"] == "mediawiki")
        #expect(line["host"] == "web1")
        #expect(line["channel"] == "api")
        #expect(line["action"] == "query")
        let text = try ParsedLine("any text without a header")
        #expect(text.format == "syslog")
        #expect(text.reasons == ["no_pri"])
    }

    /// rsyslog takes the channel for the host and the day for the program.
    @Test func `what a syslog daemon made of a datagram is set right`() throws {
        let line = try ParsedLine(
            "<13>Nov 22 11:27:41 error 2026-11-22 11:27:40 web1 wpwiki: [4c] /w/   PHP Notice: "
                + "y#012error #0 {main}"
        )
        #expect(line["host"] == "web1")
        #expect(line["program"] == "mediawiki")
        #expect(line["channel"] == "error")
        #expect(line["wiki"] == "wpwiki")
        #expect(line["error_message"] == "PHP Notice: y")
        #expect(line["stack_trace"] == "#0 {main}")
        #expect(try ParsedLine("<13>Nov 22 11:27:41 h 2026-11-22 11:27:40 a b c").format == "syslog")
    }

    // MARK: Monolog

    @Test func `a line of Monolog is local time, with context and exception`() throws {
        let line = try read(
            "2026-11-22 05:59:06 [806e] web1 wpwiki 1.39.17 exception ERROR: [806e] /w/   RuntimeException: "
                + "Deliberate {curly} "
                + "{\"exception_url\":\"/w/\",\"reqId\":\"806e\",\"caught_by\":\"entrypoint\"} \n"
                + "[Exception RuntimeException] (/etc/LocalSettings.php:206) Deliberate {curly}\n  #0 "
                + "/a(1): b()\n"
                + "  #1 {main}\nCaused by: [Exception B] (/z:1) c\n  #0 {main}",
            zone: ZoneRule(offsetSeconds: -18_000))
        #expect(line.format == "mediawiki-line")
        #expect(line.event.time == 1_795_345_146_000_000_000)
        #expect(line.event.severity == 3)
        #expect(line["request_id"] == "806e")
        #expect(line["mwversion"] == "1.39.17")
        #expect(line["channel"] == "exception")
        #expect(line["message"] == "[806e] /w/   RuntimeException: Deliberate {curly}")
        #expect(line["caught_by"] == "entrypoint")
        #expect(line["exception"] == "RuntimeException")
        #expect(line["file"] == "/etc/LocalSettings.php")
        #expect(line["file_line"] == "206")
        #expect(line["error_message"] == "Deliberate {curly}")
        #expect(
            line["stack_trace"]
                == "#0 /a(1): b()\n#1 {main}\nCaused by: [Exception B] (/z:1) c\n#0 {main}")
        #expect(line.names.filter { $0 == "request_id" }.count == 1)
    }

    @Test(arguments: [
        (#"text {"a":1} more {"job_type":"x"} {"extra":2} "#, #"text {"a":1} more"#),
        (#"text {"a":1} [] "#, "text"), ("text [] []", "text"), ("text  ", "text"),
        (#"{"id":"x"} {"reqId":"e"}"#, #"{"id":"x"}"#), (#"{"id":"x"}  "#, #"{"id":"x"}"#),
        (#"no {"object"} "#, "no"), (#"no {"a":} x"#, #"no {"a":} x"#), ("}", "}"), ("", ""),
        (#"a [Exception x"#, "a [Exception x"), ("a\n[Exception x", "a"), ("a\n[Exception x] (", "a"),
        ("a\n[Exception x] () b", "a"), ("a\n[Exception x] (:) b", "a"),
    ])
    func `text and context are told apart`(_ text: String, _ message: String) throws {
        let line = try read("2026-11-22 05:59:06 [e] web1 wpwiki 1.39.17 x INFO: " + text)
        #expect(line.format == "mediawiki-line")
        #expect(line["message"] == message)
    }

    @Test func `a line of Monolog with its own clock is read`() throws {
        let line = try read("2026-11-22T05:59:06.182774-05:00 [] web1 wpwiki 1.43.0 c NOTICE: x")
        #expect(line.format == "mediawiki-line")
        #expect(line.event.time == 1_795_345_146_182_774_000)
        #expect(line["request_id"] == nil)
        #expect(line.event.severity == 5)
    }

    @Test func `Monolog's own line is read`() throws {
        let line = try read("[2026-11-22T05:59:06.182774-05:00] a.b.WARNING: x y {\"user\":\"u\"} []")
        #expect(line.event.time == 1_795_345_146_182_774_000)
        #expect(line["channel"] == "a.b")
        #expect(line.event.severity == 4)
        #expect(line["user"] == "u")
        #expect(line["message"] == "x y")
    }

    // MARK: The debug log

    @Test func `the debug log's own lines are read`() throws {
        let request = try read(
            "Start request GET /w/A\nIP: 127.0.0.1\nHTTP HEADERS:\nUSER-AGENT: curl\nCONTENT-TYPE: \n")
        #expect(request["method"] == "GET")
        #expect(request["url"] == "/w/A")
        #expect(request["client_ip"] == "127.0.0.1")
        #expect(request["agent"] == "curl")
        let text = try read("0.1234   5.2M  [DBReplication] request info {\n    \"a\": 1\n}")
        #expect(text["channel"] == "DBReplication")
        #expect(text["elapsed"] == "0.1234")
        #expect(text["message"] == "request info {\n    \"a\": 1\n}")
        #expect(try read("[cookie] already deleted setcookie: \"a\"")["channel"] == "cookie")
    }
}

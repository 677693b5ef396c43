import Testing

@testable import Parse

@Suite struct MySQLSlowTests {
    /// As Debian's MariaDB 10.11 wrote it.
    static let event = """
        # Time: 261122 10:58:24
        # User@Host: wp[wp] @ localhost []
        # Thread_id: 50  Schema: wpwiki  QC_hit: No
        # Query_time: 0.405773  Lock_time: 0.000097  Rows_sent: 1  Rows_examined: 1
        # Rows_affected: 0  Bytes_sent: 101
        # Full_scan: Yes  Full_join: No  Tmp_table: No  Tmp_table_on_disk: No
        # Filesort: No  Filesort_on_disk: No  Merge_passes: 0  Priority_queue: No
        #
        # explain: id\tselect_type\ttable
        # explain: 1\tSIMPLE\tpage
        #
        use `wpwiki`;
        SET timestamp=1795345104;
        select sleep(0.4)
        # no comment
        from page;
        """

    @Test func `comments, database, time and statement are read`() throws {
        try FormatLine(
            "mysql-slow", Self.event, "mysql-slow", at: "2026-11-22T10:58:24Z",
            [
                "message=\(Self.event)", "end_time=261122 10:58:24", "user=wp", "current_user=wp",
                "client_host=localhost", "tid=50", "database=wpwiki", "query_cache_hit=No",
                "query_time=0.405773",
                "lock_time=0.000097", "rows_sent=1", "rows_examined=1", "rows_affected=0", "bytes_sent=101",
                "full_scan=Yes", "full_join=No", "tmp_table=No", "tmp_table_on_disk=No", "filesort=No",
                "filesort_on_disk=No", "merge_passes=0", "priority_queue=No",
                "explain=id\tselect_type\ttable\n# explain: 1\tSIMPLE\tpage", "log_time=1795345104",
                "query=select sleep(0.4)\n# no comment\nfrom page;",
            ]
        ).check()
    }

    @Test func `line feeds that rsyslog wrote as numbers are line feeds`() throws {
        let line = try FormatLine.read("mysqld", Self.event.split(separator: "\n").joined(separator: "#012"))
        #expect(line["query"] == "select sleep(0.4)\n# no comment\nfrom page;")
        #expect(line["rows_examined"] == "1")
        #expect(line.event.time == 1_795_345_104_000_000_000)
        #expect(line.role("query") == .derived)
    }

    @Test func `a client by address, an empty host, a number behind it`() throws {
        let line = try FormatLine.read(
            "mysqld",
            "# User@Host: a[b] @  [10.1.2.3]  Id:  615\n# Query_time: 3.250001  Lock_time: 0.000000 Rows_sent: 1  "
                + "Rows_examined: 0\nSET timestamp=1795345104;\nselect sleep(3.25);")
        #expect(line["user"] == "a")
        #expect(line["current_user"] == "b")
        #expect(line["client_ip"] == "10.1.2.3")
        #expect(line["client_host"] == nil)
        #expect(line["tid"] == "615")
        #expect(line["rows_sent"] == "1")
    }

    @Test func `what stands twice counts once, and what is empty not at all`() throws {
        let line = try FormatLine.read(
            "mysqld",
            "# User@Host: a[a] @ h []  Id: 16\n# Schema:   Thread_id: 16 Errno: 0 Start: 2026-11-22T10:58:22.5Z "
                + "End: 2026-11-22T10:58:24.713951Z\n# Strange: 7 what is this\nuse x;\nSET last_insert_id=1,"
                + "timestamp=1795345104.250000;\n# administrator command: Quit;")
        #expect(line.body.filter { $0.hasPrefix("tid=") } == ["tid=16"])
        #expect(line["database"] == "x")
        #expect(line["errno"] == "0")
        #expect(line["start_time"] == "2026-11-22T10:58:22.5Z")
        #expect(line["end_time"] == "2026-11-22T10:58:24.713951Z")
        #expect(line["other"] == "Strange: 7 what is this")
        #expect(line["query"] == "# administrator command: Quit;")
        #expect(line.event.time == 1_795_345_104_250_000_000)
    }

    @Test func `without SET timestamp the comment says the time`() throws {
        let line = try FormatLine.read(
            "mysqld", "# Time: 2026-11-22T10:58:24.713951Z\n# User@Host: a[a] @ h []\nselect 1;")
        #expect(line.event.time == 1_795_345_104_713_951_000)
        #expect(line["query"] == "select 1;")
    }

    @Test func `an event that ends in its comments is cut`() throws {
        let line = try FormatLine.read("mysqld", "# User@Host: a[a] @ h []\n# Query_time: 1.5")
        #expect(line["query_time"] == "1.5")
        #expect(line.reasons == ["cut"])
        #expect(line.event.outcome == .partial)
    }

    @Test func `an event begins with its time, or its user where no time is written`() {
        let lines = Self.event.split(separator: "\n").map(String.init)
        #expect(FormatLine.places(MySQLLines.slow, lines) == "b" + String(repeating: "c", count: 15))
        #expect(
            FormatLine.places(MySQLLines.slow, Array(lines[1...])) == "b" + String(repeating: "c", count: 14))
        #expect(FormatLine.places(MySQLLines.slow, lines + lines[1...2]) == "bccccccccccccccc" + "bc")
        #expect(FormatLine.places(MySQLLines.slow, ["from page;", "# x"]) == "--")
        // Lines of the server's other logs, and of its start, are none of a statement's.
        #expect(
            FormatLine.places(
                MySQLLines.slow,
                [
                    lines[1], "select 1;", "2026-11-22 10:59:57 364 [Warning] x", lines[0],
                    "/usr/sbin/mariadbd, Version: 10.11 (Debian 12). started with:",
                ]) == "bc-b-")
    }

    @Test func `a start has three lines`() {
        let places = FormatLine.places(
            MySQLLines.start,
            [
                "/usr/sbin/mariadbd, Version: 10.11 (Debian 12). started with:",
                "Tcp port: 3306  Unix socket: /run/mysqld/mysqld.sock", "Time\t\t    Id Command\tArgument",
                "select 1;",
            ])
        #expect(places == "bcc-")
    }
}

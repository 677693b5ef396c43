import Testing

@testable import Parse

/// Lines as Debian's MariaDB 10.11 wrote them, and as the layouts of other versions have them.
@Suite struct MySQLTests {
    static let lines = [
        FormatLine(
            "mysqld_safe",
            "261122 10:52:01 mysqld_safe Starting mariadbd daemon with databases from /var/lib/mysql",
            "mysql-error", at: "2026-11-22T10:52:01Z",
            [
                "log_time=261122 10:52:01",
                "message=mysqld_safe Starting mariadbd daemon with databases from /var/lib/mysql",
            ]),
        FormatLine(
            "mariadbd",
            "2026-11-22 10:59:57 364 [Warning] Aborted connection 362 to db: 'wpwiki' user: 'root' host: 'localhost' "
                + "(KILLED)", "mysql-error", level: 4, at: "2026-11-22T10:59:57Z",
            [
                "log_time=2026-11-22 10:59:57", "tid=364", "level_text=Warning",
                "message=Aborted connection 362 to db: 'wpwiki' user: 'root' host: 'localhost' (KILLED)",
                "database=wpwiki", "user=root", "client_host=localhost",
            ]),
        FormatLine(
            "mariadbd", "2026-11-22 10:59:54 355 [Warning] Access denied for user 'root'@'10.0.0.1'",
            "mysql-error",
            level: 4,
            [
                "log_time=2026-11-22 10:59:54", "tid=355", "level_text=Warning",
                "message=Access denied for user 'root'@'10.0.0.1'", "user=root", "client_ip=10.0.0.1",
                "outcome=failure",
            ]),
        // A name with quotes in it.
        FormatLine(
            "mariadbd",
            "2026-11-22 10:59:54 355 [Warning] Access denied for user 'ro'ot'@'h.test' (using password: NO)",
            "mysql-error", level: 4,
            [
                "log_time=2026-11-22 10:59:54", "tid=355", "level_text=Warning",
                "message=Access denied for user 'ro'ot'@'h.test' (using password: NO)", "user=ro'ot",
                "client_host=h.test", "outcome=failure",
            ]),
        // An hour of one digit, padded with a blank.
        FormatLine(
            "mysqld", "261122  9:08:33 [Note] Plugin 'X' is disabled.", "mysql-error", level: 5,
            at: "2026-11-22T09:08:33Z",
            ["log_time=261122  9:08:33", "level_text=Note", "message=Plugin 'X' is disabled."]),
        FormatLine(
            "mysqld", "2026-11-22  9:08:33 0 [ERROR] Aborting\n\n", "mysql-error", level: 3,
            at: "2026-11-22T09:08:33Z",
            ["log_time=2026-11-22  9:08:33", "tid=0", "level_text=ERROR", "message=Aborting"]),
        // InnoDB of 5.6: a thread in hexadecimal, no level.
        FormatLine(
            "mysqld", "2026-11-22 10:00:00 7f8c4a7ae700 InnoDB: Error: page 7", "mysql-error",
            ["log_time=2026-11-22 10:00:00", "tid=7f8c4a7ae700", "message=InnoDB: Error: page 7"]),
        // What begins like a number is text behind the clock of 5.5.
        FormatLine(
            "mysqld", "261122 10:00:00  12 slow things", "mysql-error",
            ["log_time=261122 10:00:00", "message=12 slow things"]),
        FormatLine(
            "mysqld", "2026-11-22T10:00:00.123456+01:00 0 [Note] Shutdown complete", "mysql-error", level: 5,
            at: "2026-11-22T09:00:00.123456Z",
            [
                "log_time=2026-11-22T10:00:00.123456+01:00", "tid=0", "level_text=Note",
                "message=Shutdown complete",
            ]),
        FormatLine(
            "mysql-error",
            "2026-11-22T10:00:00.123456Z 5 [System] [MY-010931] [Server] ready\nVersion: '8.0'",
            "mysql-error", level: 6, at: "2026-11-22T10:00:00.123456Z",
            [
                "log_time=2026-11-22T10:00:00.123456Z", "tid=5", "level_text=System",
                "message=[MY-010931] [Server] ready\nVersion: '8.0'", "error_code=MY-010931",
                "subsystem=Server",
            ]),
        FormatLine(
            "mysqld",
            #"{"prio":2,"err_code":10068,"msg":"a \"b\"","time":"2026-11-22T10:00:00.1Z","thread":7,"label":"Warning"}"#,
            "mysql-json", level: 4, at: "2026-11-22T10:00:00.1Z",
            [
                "prio=2", "error_code=10068", "message=a \"b\"", "log_time=2026-11-22T10:00:00.1Z", "tid=7",
                "level_text=Warning",
            ]),

        FormatLine(
            "mysqld", "261122 10:59:55\t   358 Query\tselect 'general'", "mysql-general",
            at: "2026-11-22T10:59:55Z",
            [
                "message=261122 10:59:55\t   358 Query\tselect 'general'", "log_time=261122 10:59:55",
                "tid=358",
                "command=Query", "query=select 'general'",
            ]),
        FormatLine(
            "mysqld", "\t\t   358 Query\tselect 1\nfrom x", "mysql-general",
            [
                "message=\t\t   358 Query\tselect 1\nfrom x", "tid=358", "command=Query",
                "query=select 1\nfrom x",
            ]),
        FormatLine(
            "mysqld", "\t\t    12 Quit\t", "mysql-general",
            ["message=\t\t    12 Quit\t", "tid=12", "command=Quit"]),
        FormatLine(
            "mysqld", "\t\t    12 Connect\twp@localhost on wpwiki using Socket", "mysql-general",
            [
                "message=\t\t    12 Connect\twp@localhost on wpwiki using Socket", "tid=12",
                "command=Connect",
                "user=wp", "client_host=localhost", "database=wpwiki",
            ]),
        FormatLine(
            "mysqld", "\t\t    12 Init DB\twpwiki", "mysql-general",
            ["message=\t\t    12 Init DB\twpwiki", "tid=12", "command=Init DB", "database=wpwiki"]),
        FormatLine(
            "mysqld",
            "/usr/sbin/mariadbd, Version: 10.11.19-MariaDB-0+deb12u1-log (Debian 12). started with:\nTcp port: 3306",
            "mysql-start",
            [
                "message=/usr/sbin/mariadbd, Version: 10.11.19-MariaDB-0+deb12u1-log (Debian 12). started with:\n"
                    + "Tcp port: 3306", "file=/usr/sbin/mariadbd", "version=10.11.19-MariaDB-0+deb12u1-log",
            ]),
    ]

    @Test(arguments: lines) func `a line is taken apart`(_ line: FormatLine) throws { try line.check() }

    @Test(arguments: [
        "Version: '10.11.19-MariaDB'  socket: '/run/mysqld/mysqld.sock'",
        "InnoDB: Doublewrite buffer created", "# SQL",
        "#", "2026-11-22", "261122", "selectively", "\t\tselect", "{\"cut",
    ]) func `what no format knows fails`(_ text: String) throws {
        let line = try FormatLine.read("mysqld", text)
        #expect(line.event.outcome == .failed)
        #expect(line["message"] == text)
    }

    @Test func `lines of the error log belong together by the clock`() {
        let places = FormatLine.places(
            MySQLLines.error,
            [
                "261122 10:52:01 mysqld_safe x", "2026-11-22  9:08:33 0 [Note] x", "Version: '10.11'", "",
                "2026-11-22T10:00:00.123456Z 5 [System] x", "261122 10:59:55\t   358 Query\tx",
                "# Time: 261122 1",
            ])
        #expect(places == "bbc-b--")
    }

    @Test func `lines of the general log belong together by the clock or two tabs`() {
        let places = FormatLine.places(
            MySQLLines.general,
            [
                "261122 10:59:55\t   358 Query\tselect 1", "\t\t   358 Query\tselect 2", "\tfrom x",
                "2026-11-22T10:59:55.123456Z\t   12 Quit\t", "2026-11-22 10:59:57 364 [Warning] x",
            ])
        #expect(places == "bb-b-")
    }
}

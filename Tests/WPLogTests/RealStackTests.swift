import Foundation
import Glibc
import Testing

/// Real daemons on loopback, driven as users drive them: each line that one of them wrote is in the events of the server,
/// once, and joined only to what it continues.
@Suite(.enabled(if: LoggedMachine.isPossible, "\(LoggedMachine.reason)"))
struct RealStackTests {
    private static func has(_ tools: String...) -> Bool { tools.allSatisfy { Binary.tool($0) != nil } }
    private static let missing: Comment = "it is missing: scripts/install-test-clients"
    private static let isRoot = geteuid() == 0

    private static func run(_ program: String, _ arguments: [String]) async throws {
        let process = try ChildProcess(Binary.tool(program) ?? program, arguments)
        _ = try await process.wait()
    }

    private static func answers(_ port: UInt16, _ process: ChildProcess) async throws {
        let isReady = try await holds { process.hasEnded || (try? Wire(.tcp, port: port)) != nil }
        #expect(isReady && !process.hasEnded, "\(process.standardError)")
    }

    private static func get(_ path: String, _ port: UInt16, agent: String = "check/1") {
        _ = try? HTTPAnswer.of("GET", path, headers: ["User-Agent: \(agent)"], port: port)
    }

    private static func stop(_ process: ChildProcess, _ signal: Int32 = SIGTERM) async throws {
        process.send(signal)
        _ = try await process.wait()
    }

    // MARK: Web servers and proxies

    @Test(.enabled(if: has("nginx"), missing))
    func `nginx: files, and its own syslog over UDP`() async throws {
        let machine = try await LoggedMachine(files: ["access.log": "nginx", "error.log": "nginx"])
        let (port, closed) = (try WireTap.freePort(.tcp), try WireTap.freePort(.tcp))
        let direct = "syslog:server=127.0.0.1:\(machine.server.udp),facility=local6,tag=nginx"
        let paths = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map {
            "\($0)_temp_path \(machine.path("temp-\($0)"));"
        }
        let configuration = try machine.folder.write(
            """
            \(Self.isRoot ? "user root;" : "") daemon off; worker_processes 1; pid \(machine.path("nginx.pid"));
            error_log \(machine.path("error.log")) info;
            error_log \(direct) info;
            events {}
            http {
                \(paths.joined(separator: "\n"))
                access_log \(machine.path("access.log")) combined;
                access_log \(direct),severity=info combined;
                server {
                    listen 127.0.0.1:\(port);
                    root \(machine.path("none"));
                    location /ok { return 200 "fine"; }
                    location /fault { return 500; }
                    location /up { proxy_pass http://127.0.0.1:\(closed); }
                }
            }
            """, "nginx.conf")
        let nginx = try ChildProcess(
            Binary.tool("nginx") ?? "",
            ["-p", machine.folder.path, "-e", machine.path("error.log"), "-c", configuration])
        try await Self.answers(port, nginx)
        for number in 0..<20 {
            for path in ["/ok", "/fault?q=%22x%22", "/up/\(number)", "/missing/\(number)"] {
                Self.get(path, port, agent: "check \"\(number)\" \\ ü")
            }
        }
        try await Self.stop(nginx, SIGQUIT)
        let lines = { machine.lines("access.log") + machine.lines("error.log") }
        try await machine.check("nginx", lines, atLeast: 120)
        // The first lines of the error log are written before it knows of syslog.
        let answers = machine.lines("access.log")
        let found = try await machine.server.search("listener:udp parser:nginx-access", until: answers.count)
        #expect(found.count == answers.count)
    }

    @Test(.enabled(if: has("apache2", "logger"), missing))
    func `Apache: a piped logger, and its error log`() async throws {
        let machine = try await LoggedMachine(files: ["error.log": "apache2"])
        let port = try WireTap.freePort(.tcp)
        let fetched = Binary.repository.appending(path: ".build-clients/usr/lib/apache2/modules")
            .path(percentEncoded: false)
        let modules =
            FileManager.default.fileExists(atPath: fetched) ? fetched : "/usr/lib/apache2/modules"
        let names = ["mpm_event", "authz_core", "alias"].map {
            "LoadModule \($0)_module \(modules)/mod_\($0).so"
        }
        let configuration = try machine.folder.write(
            """
            \(names.joined(separator: "\n"))
            ServerName web1.example.test
            \(Self.isRoot ? "User nobody\nGroup nogroup" : "")
            Listen 127.0.0.1:\(port)
            PidFile \(machine.path("apache.pid"))
            DefaultRuntimeDir \(machine.folder.path)
            DocumentRoot \(machine.folder.path)
            LogLevel info
            ErrorLog \(machine.path("error.log"))
            LogFormat "%h %l %u %t \\"%r\\" %>s %O \\"%{Referer}i\\" \\"%{User-Agent}i\\"" combined
            CustomLog \(machine.path("access.log")) combined
            CustomLog "|\(Binary.tool("logger") ?? "") -u \(machine.socket) -t apache2 -p local7.notice" combined
            Redirect gone /gone
            Redirect /moved http://web1.example.test/
            <Location />
                Require all denied
            </Location>
            <LocationMatch "^/(gone|moved)">
                Require all granted
            </LocationMatch>
            """, "apache.conf")
        let apache = try ChildProcess(
            Binary.tool("apache2") ?? "",
            ["-f", configuration, "-d", machine.folder.path, "-D", "FOREGROUND"])
        try await Self.answers(port, apache)
        for number in 0..<20 {
            for path in ["/gone", "/moved", "/denied/\(number)"] {
                Self.get(path, port, agent: "check \"\(number)\" \\ ü")
            }
        }
        _ = try? HTTPAnswer.of("GET / HTTP/1.1\r\nBad Header\r\n\r\n", port: port)
        try await Self.stop(apache)
        let lines = { machine.lines("access.log") + machine.lines("error.log") }
        try await machine.check("apache2", lines, atLeast: 80)
    }

    @Test(.enabled(if: has("haproxy"), missing))
    func `HAProxy through its socket`() async throws {
        let machine = try await LoggedMachine()
        let (port, closed) = (try WireTap.freePort(.tcp), try WireTap.freePort(.tcp))
        let configuration = try machine.folder.write(
            """
            global
                log \(machine.socket) local0
            defaults
                mode http
                log global
                option httplog
                timeout connect 1s
                timeout client 5s
                timeout server 5s
            frontend web
                bind 127.0.0.1:\(port)
                http-request deny if { path_beg /denied }
                http-request return status 200 if { path_beg /ok }
                default_backend shop
            backend shop
                retries 0
                server one 127.0.0.1:\(closed)

            """, "haproxy.cfg")
        let haproxy = try ChildProcess(Binary.tool("haproxy") ?? "", ["-db", "-f", configuration])
        try await Self.answers(port, haproxy)
        for number in 0..<20 {
            for path in ["/ok", "/denied/a", "/shop/\(number)?a=b"] { Self.get(path, port) }
        }
        try await Self.stop(haproxy, SIGUSR1)
        // HAProxy does not wait: what its socket cannot take at once is dropped before it reaches any log.
        try await machine.check("haproxy", { machine.written(by: "haproxy") }, hasPID: true, atLeast: 40)
    }

    // MARK: PHP

    private static let script = """
        <?php
        function pay($order) { throw new RuntimeException("payment of $order failed"); }
        error_log("a line of the application");
        echo $undefined;
        pay($argv[1] ?? $_GET['order'] ?? 'none');

        """

    @Test(.enabled(if: has("php") && DevLog.isPossible, "PHP is missing, or there is no right to mount"))
    func `PHP writes errors to syslog`() async throws {
        let machine = try await LoggedMachine()
        let script = try machine.folder.write(Self.script, "pay.php")
        let options = ["-n", "-d", "log_errors=1", "-d", "error_log=syslog", "-d", "display_errors=0"]
        for number in 0..<5 {
            let php = try DevLog.start(
                machine.socket, Binary.tool("php") ?? "", options + [script, "A\(number)"])
            #expect(try await php.wait() == .exit(255), "\(php.standardError)")
        }
        try await machine.check(
            "php", { machine.written(by: "php") }, hasPID: true,
            begins: /(?:\d+|-) (?:PHP (?:Warn|Fatal)|a line)/,
            atLeast: 15)
    }

    @Test(.enabled(if: has("php"), missing))
    func `PHP writes errors to a file, traces on lines of their own`() async throws {
        let machine = try await LoggedMachine(files: ["php.log": "php"])
        let script = try machine.folder.write(Self.script, "pay.php")
        let options = ["-n", "-d", "log_errors=1", "-d", "display_errors=0"]
        for number in 0..<5 {
            try await Self.run(
                "php", options + ["-d", "error_log=\(machine.path("php.log"))", script, "A\(number)"])
        }
        try await machine.check("php", { machine.lines("php.log") }, begins: /\[\d\d-\w{3}-/, atLeast: 35)
    }

    @Test(.enabled(if: has("php-fpm", "cgi-fcgi"), missing))
    func `php-fpm: its log, and what its workers say`() async throws {
        let machine = try await LoggedMachine(files: ["fpm.log": "php-fpm"])
        let script = try machine.folder.write(Self.script, "pay.php")
        let address = machine.path("fpm.sock")
        let configuration = try machine.folder.write(
            """
            [global]
            error_log = \(machine.path("fpm.log"))
            daemonize = no
            [www]
            \(Self.isRoot ? "user = root\ngroup = root" : "")
            listen = \(address)
            pm = static
            pm.max_children = 2
            catch_workers_output = yes
            php_admin_flag[log_errors] = on

            """, "fpm.conf")
        let fpm = try ChildProcess(
            Binary.tool("php-fpm") ?? "", ["-n", "-F", "-y", configuration] + (Self.isRoot ? ["-R"] : []))
        #expect(try await holds { fpm.hasEnded || FileManager.default.fileExists(atPath: address) })
        for number in 0..<5 {
            let request = try ChildProcess(
                Binary.tool("cgi-fcgi") ?? "", ["-bind", "-connect", address],
                environment: [
                    "SCRIPT_FILENAME": script, "REQUEST_METHOD": "GET", "QUERY_STRING": "order=B\(number)",
                ])
            _ = try await request.wait()
        }
        try await Self.stop(fpm)
        try await machine.check(
            "php-fpm", { machine.lines("fpm.log") },
            begins: /\[[^\]]+\] (?:NOTICE: (?:fpm|ready|Term|exit)|WARNING: [^"]*"NOTICE: PHP message)/,
            atLeast: 8)
    }

    // MARK: Databases

    @Test(.enabled(if: has("mariadbd", "mariadb-install-db", "mariadb"), missing))
    func `MariaDB: error log and slow log`() async throws {
        let machine = try await LoggedMachine(files: ["mysql.log": "mysqld", "slow.log": "mysql-slow"])
        let fetched = Binary.repository.appending(path: ".build-clients/usr").path(percentEncoded: false)
        let base = FileManager.default.fileExists(atPath: fetched + "/share/mysql") ? fetched : "/usr"
        let user = Self.isRoot ? ["--user=root"] : []
        let data = machine.path("mysql")
        let setup = try ChildProcess(
            Binary.tool("mariadb-install-db") ?? "",
            [
                "--no-defaults", "--basedir=\(base)", "--datadir=\(data)", "--skip-test-db",
                "--auth-root-authentication-method=normal",
            ] + user)
        #expect(try await setup.wait(seconds: 60) == .exit(0), "\(setup.standardError)")
        let server = try ChildProcess(
            Binary.tool("mariadbd") ?? "",
            [
                "--no-defaults", "--basedir=\(base)", "--lc-messages-dir=\(base)/share/mysql",
                "--datadir=\(data)",
                "--socket=\(machine.path("mysql.sock"))", "--skip-networking", "--innodb-buffer-pool-size=8M",
                "--log-error=\(machine.path("mysql.log"))", "--log-warnings=9", "--slow-query-log",
                "--slow-query-log-file=\(machine.path("slow.log"))", "--long-query-time=0",
                "--pid-file=\(machine.path("mysql.pid"))",
            ] + user)
        let isReady = try await holds {
            server.hasEnded || machine.text("mysql.log").contains("ready for connections")
        }
        #expect(isReady && !server.hasEnded, "\(server.standardError)")
        let client = ["--no-defaults", "-S", machine.path("mysql.sock"), "-u"]
        for number in 0..<5 {
            try await Self.run("mariadb", client + ["eve\(number)", "-pwrong", "-e", "select 1"])
            try await Self.run(
                "mariadb", client + ["root", "-e", "select 'a\nb', \(number); select sleep(0.01)"])
        }
        try await Self.stop(server)
        try await machine.check(
            "mysqld", { machine.lines("mysql.log") }, begins: #/\d{4}-\d\d-\d\d /#, atLeast: 20)
        try await machine.check(
            "mysql-slow", { machine.lines("slow.log") }, begins: /# Time/, atLeast: 20)
        // Statements of the same second share the line with the time.
        let statements = machine.lines("slow.log").count { $0.hasPrefix("# User@Host") }
        let slow = try await machine.server.search("parser:mysql-slow", until: statements)
        #expect(slow.count == statements)
    }

    // Its allocator asks for the time before libfaketime can answer.
    @Test(
        .enabled(if: has("redis-server"), missing),
        .disabled(if: ChildProcess.isClockMoved, "Redis does not start under libfaketime"))
    func `Redis: its log file`() async throws {
        let machine = try await LoggedMachine(files: ["redis.log": "redis"])
        let port = try WireTap.freePort(.tcp)
        let redis = try ChildProcess(
            Binary.tool("redis-server") ?? "",
            [
                "--port", "\(port)", "--bind", "127.0.0.1", "--dir", machine.folder.path, "--logfile",
                machine.path("redis.log"), "--loglevel", "verbose",
            ])
        try await Self.answers(port, redis)
        let wire = try Wire(.tcp, port: port)
        wire.send("SET a b\r\nBGSAVE\r\nPING\r\n")
        #expect(try await holds { machine.text("redis.log").contains("Background saving terminated") })
        try await Self.stop(redis)
        try await machine.check(
            "redis", { machine.lines("redis.log") }, begins: /\d+:[A-Z] \d\d \w{3} \d{4}/, atLeast: 8)
    }

    // MARK: Mail

    @Test(
        .enabled(
            if: has("postconf", "python3") && DevLog.isPossible,
            "Postfix is missing, or there is no right to mount"))
    func `Postfix takes, delivers and refuses mail`() async throws {
        let machine = try await LoggedMachine()
        let fetched = Binary.repository.appending(path: ".build-clients/usr").path(percentEncoded: false)
        let base = FileManager.default.fileExists(atPath: fetched + "/lib/postfix") ? fetched : "/usr"
        let port = try WireTap.freePort(.tcp)
        for name in ["etc", "spool", "state"] {
            try FileManager.default.createDirectory(
                atPath: machine.path(name), withIntermediateDirectories: true)
        }
        let libraries = [
            "\(base)/lib/postfix", "\(base)/lib/x86_64-linux-gnu", "\(base)/lib/aarch64-linux-gnu",
        ]
        .joined(separator: ":")
        _ = try machine.folder.write(
            """
            compatibility_level = 3.6
            queue_directory = \(machine.path("spool"))
            data_directory = \(machine.path("state"))
            command_directory = \(base)/sbin
            daemon_directory = \(base)/lib/postfix/sbin
            shlib_directory = \(base)/lib/postfix
            import_environment = MAIL_CONFIG=\(machine.path("etc")) LD_LIBRARY_PATH=\(libraries) TZ=UTC
            mail_owner = mail
            setgid_group = games
            myhostname = web1.example.test
            inet_interfaces = 127.0.0.1
            inet_protocols = ipv4
            mydestination =
            alias_maps =
            mynetworks = 127.0.0.0/8
            default_transport = discard
            smtpd_sender_restrictions = reject_non_fqdn_sender
            smtpd_relay_restrictions = permit_mynetworks, reject

            """, "etc/main.cf")
        var services = "127.0.0.1:\(port) inet n - n - - smtpd\nqmgr unix n - n 300 1 qmgr\n"
        services += "pickup unix n - n 60 1 pickup\ncleanup unix n - n - 0 cleanup\n"
        services += "rewrite unix - - n - - trivial-rewrite\nanvil unix - - n - 1 anvil\n"
        for name in ["bounce", "defer", "trace"] { services += "\(name) unix - - n - 0 bounce\n" }
        for name in ["discard", "error", "proxymap"] { services += "\(name) unix - - n - - \(name)\n" }
        _ = try machine.folder.write(services, "etc/master.cf")
        let setup = try ChildProcess(
            "/bin/sh",
            [
                "-c",
                """
                cd "$1/spool" && mkdir active bounce corrupt defer deferred flush hold incoming private maildrop \
                    public pid saved trace && chown mail [!p]* private public "$1/state"
                """, "sh", machine.folder.path,
            ])
        #expect(try await setup.wait() == .exit(0), "\(setup.standardError)")
        let master = try DevLog.start(
            machine.socket, "/usr/bin/setsid",
            [
                "/usr/bin/env", "LD_LIBRARY_PATH=\(libraries)", "\(base)/lib/postfix/sbin/master", "-c",
                machine.path("etc"),
            ])
        try await Self.answers(port, master)
        let script = """
            import smtplib, sys
            for number in range(5):
                for sender in ["a%d@example.test" % number, "nobody"]:
                    server = smtplib.SMTP("127.0.0.1", int(sys.argv[1]), timeout=10)
                    try:
                        server.sendmail(sender, ["b@example.test"], "Subject: x\\n\\nhello")
                    except smtplib.SMTPException:
                        pass
                    server.quit()
            """
        try await Self.run("python3", ["-c", script, "\(port)"])
        let isDone = try await holds {
            machine.text("copy").components(separatedBy: "removed\n").count == 6
        }
        #expect(isDone, "\(machine.text("copy")) \(master.standardError)")
        try await Self.stop(master)
        try await machine.check("postfix", { machine.written(by: "postfix") }, hasPID: true, atLeast: 50)
        let smtpd = try await machine.server.search("program:postfix/smtpd", until: 20)
        #expect(smtpd.count >= 20, "names with a slash survive")
    }

    // MARK: Python

    @Test(.enabled(if: has("python3"), missing), arguments: ["udp", "tcp"])
    func `Python's SysLogHandler ends messages with NUL`(_ way: String) async throws {
        let folder = try ScratchFolder()
        let server = try await RunningServer(folder.path("data"))
        let script = """
            import logging, logging.handlers, socket, sys
            kind = socket.SOCK_DGRAM if sys.argv[1] == "udp" else socket.SOCK_STREAM
            handler = logging.handlers.SysLogHandler(("127.0.0.1", int(sys.argv[2])), socktype=kind)
            handler.ident = "shop[77]: "
            log = logging.getLogger()
            log.addHandler(handler)
            for number in range(20):
                log.warning("order %d waits", number)
            handler.close()
            """
        let port = way == "udp" ? server.udp : server.tcp
        try await Self.run("python3", ["-c", script, way, "\(port)"])
        let found = try await server.search("program:shop", until: 20)
        let messages = found.compactMap { $0["message"] }.sorted()
        #expect(messages == (0..<20).map { "order \($0) waits" }.sorted())
        #expect(found.allSatisfy { $0["level"] == "warning" && $0["pid"] == "77" })
    }
}

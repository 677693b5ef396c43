import Testing

@testable import Parse

@Suite struct SystemTests {
    struct Case: CustomTestStringConvertible {
        let program: String
        let text: String
        /// Fields of the body, as `name=value`.
        let fields: [String]
        var format: String?
        var testDescription: String { "\(program): \(text.prefix(60))" }
    }

    /// Lines of Debian 12, and of the sources of these programs.
    static let cases: [Case] = [
        Case(
            program: "sudo", text: "   alice : PWD=/home/alice ; USER=root ; COMMAND=/bin/ls /root",
            fields: [
                "user=alice", "cwd=/home/alice", "effective_user=root", "command=/bin/ls /root",
                "outcome=success",
            ]),
        Case(
            program: "sudo",
            text: "     eve : user NOT in sudoers ; TTY=pts/1 ; PWD=/ ; USER=root ; COMMAND=/bin/sh -c a ; b",
            fields: [
                "user=eve", "sudo_error=user NOT in sudoers", "tty=pts/1", "cwd=/", "effective_user=root",
                "command=/bin/sh -c a ; b", "outcome=failure",
            ]),
        Case(
            program: "sudo", text: "bob : (command continued) --more ; USER=x",
            fields: ["user=bob", "command=--more ; USER=x"]),
        Case(
            program: "sudo", text: "bob : TTY=pts/0 ; PWD=/ ; USER=root ; COMMAND=/bin/echo a#012b",
            fields: [
                "user=bob", "tty=pts/0", "cwd=/", "effective_user=root",
                "command=/bin/echo a\nb", "outcome=success",
            ]),
        Case(
            program: "sudo", text: "unable to resolve host web1 : x",
            fields: ["message=unable to resolve host web1 : x"]),
        Case(
            program: "su", text: "(to root) alice on pts/0",
            fields: ["effective_user=root", "user=alice", "tty=pts/0", "outcome=success"]),
        Case(
            program: "su", text: "FAILED su for root by alice",
            fields: ["effective_user=root", "user=alice", "outcome=failure"]),
        Case(
            program: "su", text: "- /dev/pts/1 alice:root",
            fields: ["tty=/dev/pts/1", "user=alice", "effective_user=root", "outcome=failure"]),

        Case(
            program: "sshd",
            text:
                "pam_unix(sshd:auth): authentication failure; logname= uid=0 euid=0 tty=ssh ruser= rhost=127.0.0.1  user=alice",
            fields: [
                "pam_module=pam_unix", "pam_service=sshd", "pam_type=auth", "uid=0", "euid=0", "tty=ssh",
                "client_ip=127.0.0.1", "user=alice", "auth_method=pam", "outcome=failure",
            ], format: "pam"),
        Case(
            program: "sudo",
            text: "pam_unix(sudo:session): session opened for user root(uid=0) by alice(uid=1000)",
            fields: [
                "pam_module=pam_unix", "pam_service=sudo", "pam_type=session", "effective_user=root",
                "effective_user_id=0", "user=alice", "user_id=1000",
            ], format: "pam"),
        Case(
            program: "su", text: "pam_unix(su-l:session): session opened for user www by (uid=0)",
            fields: [
                "pam_module=pam_unix", "pam_service=su-l", "pam_type=session", "user=www", "user_id=0",
            ], format: "pam"),
        Case(
            program: "CRON", text: "pam_unix(cron:session): session closed for user root",
            fields: ["pam_module=pam_unix", "pam_service=cron", "pam_type=session", "user=root"],
            format: "pam"),
        Case(
            program: "gdm",
            text: "pam_succeed_if(gdm:auth): requirement \"uid >= 500\" not met by user \"bin\"",
            fields: [
                "pam_module=pam_succeed_if", "pam_service=gdm", "pam_type=auth", "auth_method=pam",
                "outcome=failure",
                "user=bin",
            ],
            format: "pam"),
        Case(
            program: "login", text: "pam_tally2(login:auth): user bob (1001) tally 4, deny 3",
            fields: [
                "pam_module=pam_tally2", "pam_service=login", "pam_type=auth", "auth_method=pam",
                "outcome=failure",
                "user=bob", "user_id=1001", "escaped= tally 4, deny 3",
            ], format: "pam"),

        Case(
            program: "CRON", text: "(root) CMD (  [ -x /a ] && (b); fi)",
            fields: ["user=root", "action=CMD", "command=  [ -x /a ] && (b); fi"], format: "cron"),
        Case(
            program: "cron", text: "(*system*) RELOAD (/etc/cron.d/x)",
            fields: ["user=*system*", "action=RELOAD", "command=/etc/cron.d/x"]),
        Case(
            program: "cron", text: "Error: bad minute; while reading /etc/cron.d/wpd",
            fields: ["message=Error: bad minute; while reading /etc/cron.d/wpd"]),

        Case(
            program: "useradd",
            text: "new user: name=git, UID=990, GID=980, home=/var/lib/git, shell=/bin/sh, from=none",
            fields: [
                "user=git", "user_id=990", "group_id=980", "home=/var/lib/git", "shell=/bin/sh", "tty=none",
                "outcome=success",
            ], format: "accounts"),
        Case(
            program: "groupadd", text: "group added to /etc/group: name=git, GID=980",
            fields: ["group=git", "group_id=980", "outcome=success"], format: "accounts"),
        Case(
            program: "usermod", text: "add 'git' to group 'docs'",
            fields: ["user=git", "group=docs", "outcome=success"], format: "accounts"),
        Case(
            program: "useradd", text: "failed adding user 'git', exit code: 9",
            fields: ["user=git", "escaped=, exit code: 9", "outcome=failure"], format: "accounts"),

        Case(
            program: "systemd", text: "tileratorui.service holdoff time over, scheduling restart.",
            fields: ["unit=tileratorui.service", "escaped= holdoff time over, scheduling restart."]),
        Case(
            program: "systemd", text: "Starting wiki.timer - Jobs of the wiki...",
            fields: ["escaped=Starting", "unit=wiki.timer", "escaped= - Jobs of the wiki..."]),
        Case(program: "systemd", text: "Reloading.", fields: ["message=Reloading."]),
        Case(
            program: "systemd-logind", text: "New session 12 of user alice.",
            fields: ["session=12", "user=alice"], format: "systemd"),
    ]

    @Test(arguments: cases)
    func `a message gives its fields`(_ test: Case) throws {
        let line = try ParsedLine("<86>Nov 22 11:00:03 web1 \(test.program)[7]: \(test.text)")
        #expect(
            line.body.filter {
                !$0.hasPrefix("outer=") && !$0.hasPrefix("message=") || test.fields.contains($0)
            } == test.fields)
        #expect(line.format == test.format ?? test.program)
        #expect(line["message"] == test.text.replacing("#012", with: "\n"))
        #expect(line.event.outcome == .ok)
        #expect(line["pid"] == "7")
    }

    @Test func `a command that was cut says so`() throws {
        let line = try ParsedLine("<78>Nov 22 11:00:03 web1 CRON[7]: (root) CMD (run-parts /etc")
        #expect(line["command"] == "run-parts /etc")
        #expect(line.reasons == ["cut"])
    }

    @Test(arguments: ["pam_unix", "pam_unix(a b:c): x", "pam_unix(x:y) z", "pam_unix)(: x"])
    func `what only begins like PAM is plain text`(_ text: String) throws {
        let line = try ParsedLine("<86>Nov 22 11:00:03 web1 thing[7]: \(text)")
        #expect(line.format == "syslog")
        #expect(line["message"] == text)
        #expect(line["pam_module"] == nil)
    }

    @Test func `any program without a format keeps its plain text`() throws {
        let line = try ParsedLine("<86>Nov 22 11:00:03 web1 unheard: INfo x")
        #expect(line.event.outcome == .ok)
        #expect(line["message"] == "INfo x")
    }

    static let repeated: [(text: String, count: String?, message: String)] = [
        ("message repeated 3 times: [ session closed for user root]", "3", "session closed for user root"),
        ("message repeated 12 times: [a [b]]", "12", "a [b]"),
        ("message repeated 2 times: [ cut of", "2", "cut of"),
        ("message repeated x times: [ a]", nil, "message repeated x times: [ a]"),
        ("message repeated 2 times", nil, "message repeated 2 times"),
        ("message repeated 2 times: []", nil, "message repeated 2 times: []"),
    ]

    @Test(arguments: repeated)
    func `a repeated message is read as itself`(_ text: String, _ count: String?, _ message: String) throws {
        for program in ["unheard", "sshd"] {
            let line = try ParsedLine("<38>Nov 22 11:00:03 web1 \(program)[7]: \(text)")
            #expect(line["repeated"] == count)
            #expect(line["message"] == message)
            #expect(line.event.outcome == .ok)
        }
    }

    @Test func `a repeated message of a format gives its fields`() throws {
        let line = try ParsedLine(
            "<22>Nov 22 11:00:03 web1 postfix/qmgr[7]: message repeated 2 times: [ E048FFD297E: removed]")
        #expect(line["repeated"] == "2")
        #expect(line["queue_id"] == "E048FFD297E")
        #expect(line.format == "postfix")
    }

    static let lines: [(String, String)] = {
        var lines = KernelTests.lines
        lines += MonitTests.lines
        for test in cases { lines.append((test.program, test.text)) }
        for test in SSHTests.cases { lines.append(("sshd", test.text)) }
        for test in PostfixTests.cases { lines.append(("postfix/smtpd", test.text)) }
        return lines
    }()

    /// Each line, cut at each of its bytes, and with a byte of another kind put in: never a trap, always sound.
    @Test(arguments: lines)
    func `lines that are cut or changed are sound`(_ program: String, _ text: String) throws {
        let header = Array("<38>Nov 22 11:00:03 web1 \(program)[7]: ".utf8)
        let bytes = Array(text.utf8)
        let other = Array("[](:;=,<> '#0".utf8)
        var parser = LineParser(formats: try #require(ParsedLine.formats), zone: .utc)
        var batch = EventBatch()
        batch.received = ParsedLine.received
        batch.peers = [Peer(.file, "")]
        var frames: [Range<Int>] = []
        for place in bytes.indices {
            var longer = bytes
            longer.insert(other[place % other.count], at: place)
            var changed = bytes
            changed[place] = other[place % other.count]
            for line in [Array(bytes[..<place]), Array(bytes[place...]), longer, changed] {
                let start = batch.bytes.count
                batch.bytes += header + line
                frames.append(start..<batch.bytes.count)
            }
        }
        for frame in frames { parser.parse(frame, peer: 0, in: &batch) }
        #expect(batch.events.map { $0.raw.range } == frames)
        for event in batch.events {
            let line = String(decoding: batch.bytes[event.raw.range], as: UTF8.self)
            #expect(flaws(in: batch, event) == [], "\(line)")
        }
    }
}

import Testing

@testable import Parse

/// Who a message of an authentication service is about, in the words of many programs and releases.
@Suite struct SystemUsersTests {
    /// Program, text, and the fields that count; `name=` without a value is one that must be missing.
    static let cases: [(String, String, [String])] = [
        // pam_unix and other modules.
        ("sshd", "pam_unix(sshd:account): expired password for user alice (root enforced)", ["user=alice"]),
        ("sshd", "pam_unix(sshd:account): account alice has expired (account expired)", ["user=alice"]),
        ("sudo", "pam_unix(sudo:auth): auth could not identify password for [alice]", ["user=alice"]),
        ("sshd", "pam_sss(sshd:auth): received for user alice: 7 (Authentication failure)", ["user=alice"]),
        (
            "sshd",
            "pam_sss(sshd:auth): authentication success; logname= uid=0 euid=0 tty=ssh ruser= rhost=192.0.2.1 user=al",
            ["user=al", "client_ip=192.0.2.1", "outcome=success"]
        ),
        (
            "sshd",
            "pam_faillock(sshd:auth): Consecutive login failures for user alice account temporarily locked",
            ["user=alice"]
        ),
        ("sshd", "pam_listfile(sshd:auth): Refused user root for service sshd", ["user=root"]),
        ("sshd", "pam_krb5(sshd:auth): user alice authenticated as alice@EXAMPLE.TEST", ["user=alice"]),
        (
            "sshd", "pam_ldap(sshd:auth): Authentication failure; user=alice",
            ["user=alice", "outcome=failure"]
        ),
        ("sshd", "pam_access(sshd:account): access denied for user `alice' from `192.0.2.1'", ["user=alice"]),
        ("sshd", "pam_winbind(sshd:auth): user 'alice' granted access", ["user=alice"]),
        ("passwd", "pam_unix(passwd:chauthtok): password changed for alice", ["user=alice"]),
        ("login", "pam_unix(login:session): session closed for user alice", ["user=alice"]),
        (
            "su(pam_unix)", "session opened for user root by alice(uid=1000)",
            ["user=alice", "user_id=1000", "effective_user=root"]
        ),
        (
            "sshd(pam_unix)",
            "authentication failure; logname= uid=0 euid=0 tty=NODEVssh ruser= rhost=192.0.2.1 ",
            ["client_ip=192.0.2.1", "outcome=failure"]
        ),
        (
            "su", "pam_authenticate: Authentication failure",
            ["message=pam_authenticate: Authentication failure"]
        ),
        // sshd.
        (
            "sshd", "fatal: Access denied for user bob by PAM account configuration [preauth]",
            ["user=bob", "effective_user="]
        ),
        // sudo and su.
        (
            "sudo", "    root : problem with defaults entries ; TTY=pts/0 ; PWD=/ ; USER=root ;",
            ["user=root", "effective_user=root", "sudo_error=problem with defaults entries"]
        ),
        (
            "sudo", "alice : TTY=pts/0 ; CWD=/ ; USER=root ; COMMAND=/bin/su -",
            ["user=alice", "sudo_error=", "other=CWD=/", "command=/bin/su -"]
        ),
        (
            "sudo", "DOM\\alice smith : TTY=pts/0 ; PWD=/ ; USER=root ; COMMAND=/bin/sh",
            ["user=DOM\\alice smith", "command=/bin/sh"]
        ),
        (
            "su", "BAD SU alice to root on /dev/ttyp0",
            ["user=alice", "effective_user=root", "tty=/dev/ttyp0", "outcome=failure"]
        ),
        (
            "su", "alice to root on /dev/ttyp0",
            ["user=alice", "effective_user=root", "tty=/dev/ttyp0", "outcome=success"]
        ),
        // Accounts.
        ("usermod", "add `alice' to group `sudo'", ["user=alice", "group=sudo", "outcome=success"]),
        ("usermod", "change user 'alice' shell from '/bin/sh' to '/bin/bash'", ["user=alice", "shell="]),
        ("useradd", "failed adding user `alice', data deleted", ["user=alice", "outcome=failure"]),
        ("passwd", "password for 'alice' changed by 'root'", ["user=alice", "outcome=success"]),
        ("passwd", "gkr-pam: couldn't update the login keyring password", ["user=", "outcome="]),
        // cron and logind.
        (
            "/USR/SBIN/CRON", "(root) CMD (run-parts /etc/cron.hourly)",
            ["user=root", "action=CMD", "command=run-parts /etc/cron.hourly"]
        ),
        (
            "crond", "(CRON) ERROR chdir failed (/home/x): No such file or directory",
            ["action=ERROR chdir failed", "command=/home/x"]
        ),
        (
            "CRON", "(root) FAILED to authorize user with PAM (Module is unknown)",
            ["user=root", "action=FAILED to authorize user with PAM", "command=Module is unknown"]
        ),
        (
            "crond", "USER root pid 1234 cmd run-parts /etc/periodic/daily",
            ["user=root", "child_pid=1234", "command=run-parts /etc/periodic/daily"]
        ),
        (
            "systemd-logind", "New session 12 of user 'alice' with class 'user' and type 'tty'.",
            ["session=12", "user=alice"]
        ),
        // The kernel.
        (
            "kernel", "[   12.345678][ T1234] EXT4-fs (sda1): mounted",
            ["uptime=12.345678", "message=EXT4-fs (sda1): mounted"]
        ),
        (
            "kernel",
            "[12.3] traps: nginx[123] general protection fault ip:7f sp:7f error:0 in libc.so.6[7f+14b]",
            ["process=nginx", "child_pid=123", "object=libc.so.6"]
        ),
        (
            "kernel", "[12.3] oom-kill:constraint=CONSTRAINT_NONE,task_memcg=/,task=mysqld,pid=1234,uid=110",
            ["process=mysqld", "child_pid=1234"]
        ),
    ]

    @Test(arguments: cases)
    func `a message names whom it is about`(_ program: String, _ text: String, _ fields: [String]) throws {
        let line = try ParsedLine("<86>Nov 22 11:00:03 web1 \(program)[7]: \(text)")
        #expect(line.event.outcome == .ok)
        for field in fields {
            let name = String(field.prefix { $0 != "=" })
            let value = String(field.dropFirst(name.count + 1))
            #expect(line[name] == (value.isEmpty ? nil : value), "\(name)")
        }
    }

    @Test(arguments: [
        "Nov 22 11:00:03 web1 sshd[7]: error: PAM: x", "Nov 22 11:00:03 web1 sshd[7]: fatal: Write failed: y",
    ])
    func `what sshd says of its level counts, whatever the PRI says`(_ line: String) throws {
        #expect(try ParsedLine(line).event.severity == (line.contains("fatal") ? 2 : 3))
        #expect(try ParsedLine("<38>" + line).event.severity == (line.contains("fatal") ? 2 : 3))
    }

    @Test(arguments: cases)
    func `a message that is cut anywhere is sound`(_ program: String, _ text: String, _: [String]) throws {
        let whole = Array("<86>Nov 22 11:00:03 web1 \(program)[7]: \(text)".utf8)
        for count in 0...whole.count {
            let line = try ParsedLine(String(decoding: whole[..<count], as: UTF8.self))
            #expect(line.event.raw.count == count)
        }
    }
}

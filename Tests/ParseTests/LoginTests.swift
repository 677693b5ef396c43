import Testing

@testable import Parse

/// Who was let in, and who was not, is said in the same fields whatever program says it.
@Suite struct LoginTests {
    struct Case: CustomTestStringConvertible {
        let program: String
        let text: String
        let user: String?
        let outcome: String?
        let address: String?
        let method: String?

        init(
            _ program: String, _ text: String, user: String?, _ outcome: String?, from address: String? = nil,
            by method: String? = nil
        ) {
            (self.program, self.text, self.user) = (program, text, user)
            (self.outcome, self.address, self.method) = (outcome, address, method)
        }

        var testDescription: String { "\(program): \(text.prefix(80))" }
    }

    static let system: [Case] = [
        Case(
            "sshd", "Failed password for root from 203.0.113.7 port 50022 ssh2", user: "root", "failure",
            from: "203.0.113.7", by: "password"),
        Case(
            "sshd-session",
            "Failed publickey for invalid user deploy from 2001:db8::9 port 50022 ssh2: RSA SHA256:x",
            user: "deploy", "failure", from: "2001:db8::9", by: "publickey"),
        Case(
            "sshd", "Accepted publickey for alice from 203.0.113.8 port 41414 ssh2: ED25519 SHA256:abc",
            user: "alice",
            "success", from: "203.0.113.8", by: "publickey"),
        Case(
            "sshd", "Accepted keyboard-interactive/pam for bob from 203.0.113.8 port 41414 ssh2", user: "bob",
            "success", from: "203.0.113.8", by: "keyboard-interactive/pam"),
        Case(
            "sshd", "Invalid user oracle from 203.0.113.7 port 50023", user: "oracle", "failure",
            from: "203.0.113.7"),
        Case(
            "sshd", "error: PAM: Authentication failure for alice from 203.0.113.7", user: "alice", "failure",
            from: "203.0.113.7", by: "keyboard-interactive/pam"),
        Case(
            "sshd",
            "error: maximum authentication attempts exceeded for root from 203.0.113.7 port 50024 ssh2 [preauth]",
            user: "root", "failure", from: "203.0.113.7"),
        Case(
            "sshd", "Connection closed by authenticating user root 203.0.113.7 port 50025 [preauth]",
            user: "root",
            "failure", from: "203.0.113.7"),
        Case(
            "sshd", "Disconnected from invalid user admin 203.0.113.7 port 50026 [preauth]", user: "admin",
            "failure",
            from: "203.0.113.7"),
        Case(
            "sshd", "User mallory from 203.0.113.7 not allowed because not listed in AllowUsers",
            user: "mallory",
            "failure", from: "203.0.113.7"),
        Case(
            "sshd", "Disconnected from user alice 203.0.113.8 port 41414", user: "alice", nil,
            from: "203.0.113.8"),
        Case(
            "sshd", "Connection closed by 203.0.113.7 port 50027 [preauth]", user: nil, nil,
            from: "203.0.113.7"),
        Case(
            "sshd",
            "pam_unix(sshd:auth): authentication failure; logname= uid=0 euid=0 tty=ssh ruser= rhost=203.0.113.7 user=root",
            user: "root", "failure", from: "203.0.113.7", by: "pam"),
        Case("sshd", "pam_unix(sshd:auth): check pass; user unknown", user: nil, "failure", by: "pam"),
        Case(
            "sshd", "pam_unix(sshd:session): session opened for user alice(uid=1000) by (uid=0)",
            user: "alice", nil),
        Case(
            "sudo",
            "pam_unix(sudo:auth): authentication failure; logname=alice uid=1000 euid=0 tty=/dev/pts/0 ruser=alice rhost= user=alice",
            user: "alice", "failure", by: "pam"),
        Case(
            "login",
            "pam_faillock(login:auth): Consecutive login failures for user bob account temporarily locked",
            user: "bob", "failure", by: "pam"),
        Case(
            "sudo", "   alice : TTY=pts/0 ; PWD=/home/alice ; USER=root ; COMMAND=/usr/bin/id", user: "alice",
            "success"),
        Case(
            "sudo",
            "   alice : 3 incorrect password attempts ; TTY=pts/0 ; PWD=/ ; USER=root ; COMMAND=/usr/bin/id",
            user: "alice", "failure", by: "password"),
        Case(
            "sudo", "     eve : user NOT in sudoers ; TTY=pts/1 ; PWD=/ ; USER=root ; COMMAND=/bin/sh",
            user: "eve",
            "failure"),
        Case("su", "(to root) alice on pts/0", user: "alice", "success"),
        Case("su", "FAILED SU (to root) eve on pts/1", user: "eve", "failure"),
        Case(
            "monit", "Warning: Client '203.0.113.7' supplied unknown user 'guest' accessing monit httpd",
            user: "guest",
            "failure", from: "203.0.113.7", by: "basic"),
    ]

    static let web: [Case] = [
        Case(
            "nginx",
            #"2026/11/22 10:56:41 [error] 77#77: *5 user "alice": password mismatch, client: 203.0.113.7, server: wiki.example.org, request: "GET /secret HTTP/1.1", host: "wiki.example.org""#,
            user: "alice", "failure", from: "203.0.113.7", by: "basic"),
        Case(
            "nginx",
            #"2026/11/22 10:56:41 [error] 77#77: *6 user "a "b"" was not found in "/etc/nginx/htpasswd", client: 2001:db8::7, server: _, request: "GET / HTTP/1.1", host: "x""#,
            user: #"a "b""#, "failure", from: "2001:db8::7", by: "basic"),
        Case(
            "nginx",
            #"2026/11/22 10:56:41 [info] 77#77: *7 client login failed: "Invalid login" while in http auth state, client: 203.0.113.7 using starttls, server: 0.0.0.0:143, login: "bob""#,
            user: "bob", "failure", from: "203.0.113.7"),
        Case(
            "apache2",
            #"[Sun Nov 22 10:56:41.538621 2026] [auth_basic:error] [pid 9:tid 9] [client 203.0.113.7:48060] AH01617: user alice: authentication failure for "/secret": Password Mismatch"#,
            user: "alice", "failure", from: "203.0.113.7", by: "basic"),
        Case(
            "apache2",
            #"[Sun Nov 22 10:56:41.538621 2026] [auth_basic:error] [pid 9:tid 9] [client 203.0.113.7:48060] AH01618: user bob \"x\" not found: /secret"#,
            user: #"bob "x""#, "failure", from: "203.0.113.7", by: "basic"),
        Case(
            "apache2",
            "[Sun Nov 22 10:56:41 2026] [error] [client 203.0.113.7] user carol not found: /secret",
            user: "carol",
            "failure", from: "203.0.113.7", by: "basic"),
        Case(
            "apache2",
            "[Sun Nov 22 10:56:41.5 2026] [auth_digest:error] [pid 9] [client 203.0.113.7:1] AH01790: user `dave' in realm `wiki' not found: /secret",
            user: "dave", "failure", from: "203.0.113.7", by: "digest"),
    ]

    static let applications: [Case] = [
        Case(
            "mediawiki",
            #"{"channel":"authevents","message":"Login attempt","level":"INFO","ip":"203.0.113.7","status":"Failed"}"#,
            user: nil, "failure", from: "203.0.113.7"),
        Case(
            "mediawiki",
            #"{"@timestamp":"2026-11-22T10:56:29+00:00","@version":1,"host":"web1","message":"Login attempt","type":"mediawiki","channel":"authevents","level":"INFO","ip":"203.0.113.7","wiki":"wpwiki","event":"login","successful":false,"loginType":"BotPassword","status":"Failed","user":"Mallory"}"#,
            user: "Mallory", "failure", from: "203.0.113.7", by: "BotPassword"),
        Case(
            "mediawiki",
            #"{"@timestamp":"2026-11-22T10:56:29+00:00","host":"web1","message":"Login attempt","channel":"authevents","level":"INFO","ip":"203.0.113.8","event":"login","successful":true,"status":"Success","user":"Alice"}"#,
            user: "Alice", "success", from: "203.0.113.8"),
        Case(
            "mediawiki", "2026-11-22 10:58:43 web1 wpwiki: Login for Alice succeeded from 203.0.113.8",
            user: "Alice",
            "success", from: "203.0.113.8"),
        Case(
            "mediawiki",
            "2026-11-22 10:58:43 web1 wpwiki: Authentication failed for Mallory from 203.0.113.7",
            user: "Mallory", "failure", from: "203.0.113.7"),
        Case(
            "mediawiki",
            "2026-11-22 10:58:43 web1 wpwiki: Throttle password hit, throttled for 300 seconds due to 5 attempts from username Mallory and IP 203.0.113.7",
            user: "Mallory", "failure", from: "203.0.113.7"),
        Case(
            "mediawiki",
            "2026-11-22 10:58:43 web1 wpwiki: Login failed in primary authentication by LocalPasswordPrimaryAuthenticationProvider:0",
            user: nil, "failure"),
        Case(
            "mariadbd",
            "2026-11-22 10:59:54 355 [Warning] Access denied for user 'root'@'203.0.113.7' (using password: YES)",
            user: "root", "failure", from: "203.0.113.7", by: "password"),
        Case(
            "mariadbd",
            "2026-11-22 10:59:54 355 [Warning] Access denied for user 'wp'@'localhost' (using password: NO)",
            user: "wp", "failure"),
        Case(
            "postfix/smtpd",
            "warning: unknown[203.0.113.7]: SASL LOGIN authentication failed: UGFzc3dvcmQ6, sasl_username=info@example.org",
            user: "info@example.org", "failure", from: "203.0.113.7", by: "LOGIN"),
        Case(
            "postfix/submission/smtpd",
            "4Wq2vD0Zcmz1y: client=mail.example.net[203.0.113.8], sasl_method=PLAIN, sasl_username=alice",
            user: "alice", "success", from: "203.0.113.8", by: "PLAIN"),
        Case(
            "dovecot",
            "imap-login: Login: user=<alice>, method=PLAIN, rip=203.0.113.8, lip=192.0.2.1, mpid=77, TLS, session=<a1>",
            user: "alice", "success", from: "203.0.113.8", by: "PLAIN"),
        Case(
            "dovecot",
            "imap-login: Disconnected: Connection closed (auth failed, 2 attempts in 9 secs): user=<bob>, method=CRAM-MD5, rip=203.0.113.7, lip=192.0.2.1, session=<b2>",
            user: "bob", "failure", from: "203.0.113.7", by: "CRAM-MD5"),
        Case(
            "dovecot", "auth-worker(31): passwd-file(carol,203.0.113.7,<c3>): Password mismatch",
            user: "carol", "failure",
            from: "203.0.113.7"),
        Case(
            "dovecot",
            "pop3-login: Disconnected (no auth attempts in 0 secs): user=<>, rip=203.0.113.7, lip=192.0.2.1",
            user: nil, nil, from: "203.0.113.7"),
        Case(
            "wordpress(blog.example.org)", "Authentication failure for admin from 203.0.113.7", user: "admin",
            "failure",
            from: "203.0.113.7", by: "password"),
        Case(
            "wordpress(blog.example.org)",
            "Authentication attempt for unknown user a from b from 2001:db8::7",
            user: "a from b", "failure", from: "2001:db8::7", by: "password"),
        Case(
            "wordpress(blog.example.org)", "Accepted password for alice from 203.0.113.8", user: "alice",
            "success",
            from: "203.0.113.8", by: "password"),
    ]

    @Test(arguments: system + web + applications)
    func `a login is told by the same four fields`(_ login: Case) throws {
        let line = try ParsedLine(
            "<38>1 2026-11-22T10:00:00Z h \(login.program) 1 - - \(login.text)", listener: .file)
        #expect(line["user"] == login.user)
        #expect(line["outcome"] == login.outcome)
        #expect(line["client_ip"] == login.address)
        #expect(line["auth_method"] == login.method)
        #expect(line.names.filter { $0 == "outcome" }.count <= 1)
        #expect(line.event.outcome != .failed)
        // Cut anywhere, the line stays a line.
        let bytes = Array("<38>1 - h \(login.program) 1 - - \(login.text)".utf8)
        for end in stride(from: 20, to: bytes.count, by: 3) { _ = try ParsedLine(Array(bytes[..<end])) }
    }
}

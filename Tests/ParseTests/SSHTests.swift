import Testing

@testable import Parse

@Suite struct SSHTests {
    struct Case: CustomTestStringConvertible {
        let text: String
        var event: String?
        var user: String?
        var ip: String?
        var port: String?
        var method: String?
        var outcome: String?
        var testDescription: String { String(text.prefix(70)) }
    }

    static let cases: [Case] = [
        Case(
            text:
                "Accepted publickey for alice from 127.0.0.1 port 51460 ssh2: ED25519 SHA256:m4zkngmcYdx0Fu/2jdEjCldCdVM9sIEBlXEffwJpTMw",
            event: "Accepted", user: "alice", ip: "127.0.0.1", port: "51460", method: "publickey",
            outcome: "success"),
        Case(
            text: "Failed password for invalid user nosuch from 127.0.0.1 port 49844 ssh2", event: "Failed",
            user: "nosuch", ip: "127.0.0.1", port: "49844", method: "password", outcome: "failure"),
        Case(
            text: "Failed keyboard-interactive/pam for root from 2001:db8::1 port 7 ssh2 [preauth]",
            event: "Failed", user: "root", ip: "2001:db8::1", port: "7",
            method: "keyboard-interactive/pam", outcome: "failure"),
        Case(
            text: "Failed none for illegal user  from 192.0.2.1 port 5 ssh2", event: "Failed", user: "",
            ip: "192.0.2.1", port: "5", method: "none", outcome: "failure"),
        Case(
            text: "Postponed publickey for bob from 192.0.2.1 port 5 ssh2 [preauth]", event: "Postponed",
            user: "bob", ip: "192.0.2.1", port: "5", method: "publickey"),
        Case(
            text: "Disconnecting: Too many authentication failures for root [preauth]", user: "root",
            outcome: "failure"),
        Case(
            text: "Disconnecting: Too many authentication failures for invalid user bob [preauth]",
            user: "bob", outcome: "failure"),
        Case(text: #"Nasty PTR record "192.0.2.7" is set up for 192.0.2.1, ignoring"#, ip: "192.0.2.1"),
        // What the client says is not believed.
        Case(
            text:
                "Failed password for invalid user x from 198.51.100.6 port 22 ssh2 from 192.0.2.1 port 5 ssh2",
            event: "Failed", user: "x from 198.51.100.6 port 22 ssh2", ip: "192.0.2.1", port: "5",
            method: "password", outcome: "failure"),
        Case(
            text:
                "Failed password for invalid user a from 192.0.2.1 port 5 ssh2: x from 198.51.100.6 port y ssh2",
            event: "Failed", user: "a", ip: "192.0.2.1", port: "5", method: "password", outcome: "failure"),
        Case(
            text: "Invalid user a b from 198.51.100.6 from 192.0.2.1 port 5", event: "Invalid",
            user: "a b from 198.51.100.6", ip: "192.0.2.1", port: "5", outcome: "failure"),
        Case(
            text: "Invalid user from 192.0.2.1", event: nil, user: nil, ip: nil),
        Case(
            text: "Invalid user  from 192.0.2.1", event: "Invalid", user: "", ip: "192.0.2.1",
            outcome: "failure"),
        Case(
            text: "Received disconnect from 192.0.2.1 port 5:11: bye from 198.51.100.6 port 7 [preauth]",
            ip: "192.0.2.1", port: "5"),
        Case(text: "Received disconnect from 2001:db8::1: 11: bye", ip: "2001:db8::1"),
        Case(
            text: "Connection closed by invalid user a 198.51.100.6 port 7 192.0.2.1 port 5 [preauth]",
            user: "a 198.51.100.6 port 7", ip: "192.0.2.1", port: "5", outcome: "failure"),
        Case(
            text: "Disconnected from authenticating user root 192.0.2.1 port 5 [preauth]", user: "root",
            ip: "192.0.2.1", port: "5", outcome: "failure"),
        Case(
            text:
                "Disconnecting authenticating user bob 192.0.2.1 port 5: Too many authentication failures [preauth]",
            user: "bob", ip: "192.0.2.1", port: "5", outcome: "failure"),
        Case(
            text:
                "error: maximum authentication attempts exceeded for invalid user x y from 192.0.2.1 port 5 ssh2 [preauth]",
            user: "x y", ip: "192.0.2.1", port: "5", outcome: "failure"),
        Case(
            text: "User eve from host.example.test not allowed because not listed in AllowUsers", user: "eve",
            ip: "host.example.test", outcome: "failure"),
        Case(text: "User eve not allowed because account is locked", user: "eve", outcome: "failure"),
        Case(
            text: "error: PAM: Authentication failure for illegal user bob from host.example.test",
            user: "bob", ip: "host.example.test", method: "keyboard-interactive/pam", outcome: "failure"),
        Case(
            text:
                "Unable to negotiate with 127.0.0.1 port 49784: no matching key exchange method found. Their offer: diffie-hellman-group1-sha1",
            ip: "127.0.0.1", port: "49784"),
        Case(
            text: "Bad protocol version identification 'x from y' from 192.0.2.1 port 5", ip: "192.0.2.1",
            port: "5"),
        Case(
            text: "Close session: user bob from 192.0.2.1 port 5 id 0", user: "bob", ip: "192.0.2.1",
            port: "5"),
        Case(text: "subsystem request for sftp by user bob", user: "bob"),
        Case(
            text: "drop connection #9 from [2001:db8::1]:1000 on [192.0.2.2]:22 past MaxStartups",
            ip: "2001:db8::1", port: "1000"),
        Case(
            text:
                "PAM 2 more authentication failures; logname= uid=0 euid=0 tty=ssh ruser= rhost=192.0.2.1  user=bob",
            user: "bob", ip: "192.0.2.1", method: "pam", outcome: "failure"),
        Case(
            text:
                "Disconnecting: Too many authentication failures for root from 192.0.2.1 port 5 ssh2 [preauth]",
            user: "root", ip: "192.0.2.1", port: "5", outcome: "failure"),
        Case(
            text: "Starting session: shell on pts/0 for bob from 192.0.2.1 port 5 id 0", user: "bob",
            ip: "192.0.2.1", port: "5"),
        Case(text: "input_userauth_request: invalid user bob [preauth]", user: "bob", outcome: "failure"),
        Case(text: "refused connect from host.example.test (192.0.2.1)", ip: "192.0.2.1"),
        Case(text: "refused connect from 192.0.2.1", ip: "192.0.2.1"),
        Case(text: "refused connect from x ()", ip: "x"),
        Case(text: "Server listening on 0.0.0.0 port 22."), Case(text: "Received signal 15; terminating."),
    ]

    @Test(arguments: cases, ["sshd", "sshd-session"])
    func `a message gives who and from where`(_ test: Case, _ program: String) throws {
        let line = try ParsedLine("<38>Nov 22 11:00:03 web1 \(program)[21961]: \(test.text)")
        #expect(line.format == "sshd")
        #expect(line.event.outcome == .ok)
        #expect(line["message"] == test.text)
        #expect(line["ssh_event"] == test.event)
        #expect(line["user"] == test.user)
        #expect((line["client_ip"] ?? line["client_host"]) == test.ip)
        #expect(line["client_port"] == test.port)
        #expect(line["auth_method"] == test.method)
        #expect(line["outcome"] == test.outcome)
    }

    @Test func `keys and the other end are fields`() throws {
        let key = try ParsedLine(
            "<38>Nov 22 11:00:03 web1 sshd[1]: Accepted publickey for bob from 192.0.2.1 port 5 ssh2: RSA SHA256:abc"
        )
        #expect(key["signature"] == "RSA SHA256:abc")
        let both = try ParsedLine(
            "<38>Nov 22 11:00:03 web1 sshd[1]: Connection from 192.0.2.1 port 5 on 192.0.2.2 port 22 rdomain \"\""
        )
        #expect(both["dst_ip"] == "192.0.2.2")
        #expect(both["dst_port"] == "22")
        let dropped = try ParsedLine(
            "<38>Nov 22 11:00:03 web1 sshd[1]: Did not receive identification string from 192.0.2.1 port 5")
        #expect(dropped["dropped_ip"] == "192.0.2.1")
        #expect(dropped["client_ip"] == "192.0.2.1")
    }
}

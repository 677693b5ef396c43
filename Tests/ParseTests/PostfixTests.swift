import Testing

@testable import Parse

@Suite struct PostfixTests {
    struct Case: CustomTestStringConvertible {
        let text: String
        /// Fields of the body but the message and what is hidden, as `name=value`.
        let fields: [String]
        /// What is left for the message; the whole text where nil.
        var message: String?
        var testDescription: String { String(text.prefix(80)) }
    }

    private static func delivery(_ text: String, _ fields: [String]) -> Case {
        Case(text: "E048FFD297E: " + text, fields: ["queue_id=E048FFD297E"] + fields, message: text)
    }

    /// Lines of Postfix 3.7, and of its sources.
    static let cases: [Case] = [
        // Whom a complaint is about.
        Case(
            text:
                "warning: unknown[192.0.2.1]: SASL PLAIN authentication failed: no, sasl_username=ed@x.test",
            fields: [
                "level_text=warning", "client_host=unknown", "client_ip=192.0.2.1", "sasl_method=PLAIN",
                "auth_method=PLAIN", "outcome=failure", "sasl_user=ed@x.test", "user=ed@x.test",
            ], message: "SASL PLAIN authentication failed: no, sasl_username=ed@x.test"),
        Case(
            text: "warning: 192.0.2.1: hostname a.test verification failed: Name or service not known",
            fields: ["level_text=warning", "client_ip=192.0.2.1", "client_host=a.test"],
            message: "192.0.2.1: hostname a.test verification failed: Name or service not known"),
        Case(
            text: "warning: 2001:db8::1: address not listed for hostname a.test",
            fields: ["level_text=warning", "client_ip=2001:db8::1", "client_host=a.test"],
            message: "2001:db8::1: address not listed for hostname a.test"),
        Case(
            text: "warning: Connection rate limit exceeded: 61 from unknown[192.0.2.1] for service smtp",
            fields: ["level_text=warning", "client_host=unknown", "client_ip=192.0.2.1"],
            message: "Connection rate limit exceeded: 61 from unknown[192.0.2.1] for service smtp"),
        // A delivery.
        Case(
            text:
                "4Wq2vD0Zcmz1y: client=mail.example.test[2001:db8::1]:40000, sasl_method=PLAIN, sasl_username=ed",
            fields: [
                "queue_id=4Wq2vD0Zcmz1y", "client_host=mail.example.test", "client_ip=2001:db8::1",
                "client_port=40000", "sasl_method=PLAIN", "auth_method=PLAIN", "sasl_user=ed", "user=ed",
                "outcome=success",
            ], message: "client=mail.example.test[2001:db8::1]:40000, sasl_method=PLAIN, sasl_username=ed"),
        delivery("message-id=<abc.123@wiki>", ["message_id=abc.123@wiki"]),
        delivery("uid=33 from=<www-data>", ["uid=33", "from=www-data"]),
        delivery("from=<>, size=2435, nrcpt=1 (queue active)", ["from=", "size=2435", "nrcpt=1"]),
        delivery(
            "to=<editor@webplatform.test>, relay=none, delay=0.04, delays=0/0.04/0/0, dsn=4.4.1, status=deferred (connect to 127.0.0.1[127.0.0.1]:9: Connection refused)",
            [
                "to=editor@webplatform.test", "relay=none", "delay=0.04", "delays=0/0.04/0/0", "dsn=4.4.1",
                "delivery=deferred", "smtp_response=connect to 127.0.0.1[127.0.0.1]:9: Connection refused",
            ]),
        delivery(
            #"to=<"a, b>"@x.test>, orig_to=<c>, relay=mx.x.test[192.0.2.7]:25, delay=1, delays=0/0/0/1, dsn=5.1.1, status=bounced (host said: 550 <a>, no (really))"#,
            [
                #"to="a, b>"@x.test"#, "orig_to=c", "relay=mx.x.test[192.0.2.7]:25", "dst_host=mx.x.test",
                "dst_ip=192.0.2.7", "dst_port=25", "delay=1", "delays=0/0/0/1", "dsn=5.1.1",
                "delivery=bounced", "smtp_response=host said: 550 <a>, no (really)",
            ]),
        delivery(
            "from=<a@x.test>, status=expired, returned to sender", ["from=a@x.test", "delivery=expired"]),
        delivery("removed", ["postsuper_action=removed"]),
        delivery("sender non-delivery notification: D4819FD2986", ["bounce_queue_id=D4819FD2986"]),
        delivery("skipped, still being delivered", []),
        // smtpd.
        Case(
            text: "connect from unknown[unknown]", fields: ["client_host=unknown"]),
        Case(
            text: "disconnect from localhost[127.0.0.1] ehlo=1 mail=1 rcpt=0/1 quit=1 commands=3/4",
            fields: [
                "client_host=localhost", "client_ip=127.0.0.1",
                "commands=ehlo=1 mail=1 rcpt=0/1 quit=1 commands=3/4",
            ]),
        Case(
            text: "lost connection after DATA (77 bytes) from x.test[192.0.2.1]",
            fields: [
                "lost_connection=lost connection", "smtp_stage=DATA", "client_host=x.test",
                "client_ip=192.0.2.1",
            ]),
        Case(
            text:
                "NOQUEUE: reject: RCPT from localhost[127.0.0.1]: 450 4.1.2 <user@elsewhere.test>: Recipient address rejected: Domain not found; from=<wiki@webplatform.test> to=<user@elsewhere.test> proto=ESMTP helo=<localhost>",
            fields: [
                "queue_id=NOQUEUE", "action=reject", "smtp_stage=RCPT", "client_host=localhost",
                "client_ip=127.0.0.1", "smtp_code=450", "dsn=4.1.2", "reject_target=user@elsewhere.test",
                "reject_reason=Recipient address rejected: Domain not found", "from=wiki@webplatform.test",
                "to=user@elsewhere.test", "proto=ESMTP", "helo=localhost",
            ],
            message:
                "reject: RCPT from localhost[127.0.0.1]: 450 4.1.2 <user@elsewhere.test>: Recipient address rejected: Domain not found; from=<wiki@webplatform.test> to=<user@elsewhere.test> proto=ESMTP helo=<localhost>"
        ),
        Case(
            text:
                "reject: RCPT from unknown[192.0.2.1]: 554 5.7.1 Service unavailable; Client host [192.0.2.1] blocked using bl.x.test; see http://x.test/?q=1; from=<a@b.test> to=<c@d.test> proto=ESMTP helo=<; from=<e>>",
            fields: [
                "action=reject", "smtp_stage=RCPT", "client_host=unknown", "client_ip=192.0.2.1",
                "smtp_code=554", "dsn=5.7.1", "reject_target=192.0.2.1",
                "reject_reason=blocked using bl.x.test; see http://x.test/?q=1", "from=a@b.test",
                "to=c@d.test", "proto=ESMTP", "helo=; from=<e>",
            ]),
        Case(
            text:
                "improper command pipelining after CONNECT from unknown[10.68.16.5]: EHLO x\\r\\nGET / HTTP/1.1",
            fields: [
                "smtp_stage=CONNECT", "client_host=unknown", "client_ip=10.68.16.5",
                "smtp_data=EHLO x\\r\\nGET / HTTP/1.1",
            ]),
        Case(
            text: "proxy-reject: END-OF-MESSAGE: 554 5.7.0 Spam; from=<a@b> to=<c@d> proto=ESMTP helo=<x>",
            fields: [
                "action=proxy-reject", "proxy_result=reject", "smtp_stage=END-OF-MESSAGE", "smtp_code=554",
                "dsn=5.7.0", "reject_reason=Spam", "from=a@b", "to=c@d", "proto=ESMTP", "helo=x",
            ]),
        // cleanup.
        delivery(
            "milter-reject: END-OF-MESSAGE from x.test[192.0.2.9]: 4.7.1 Try again; from=<a@b> to=<c@d> proto=ESMTP helo=<x>",
            [
                "action=milter-reject", "milter_result=reject", "smtp_stage=END-OF-MESSAGE",
                "client_host=x.test", "client_ip=192.0.2.9", "dsn=4.7.1", "reject_reason=Try again",
                "from=a@b",
                "to=c@d", "proto=ESMTP", "helo=x",
            ]),
        delivery(
            "reject: header Subject: buy; now from x.test[192.0.2.9]; from=<a@b> to=<c@d> proto=ESMTP helo=<x>: 5.7.1 spam",
            [
                "action=reject", "smtp_stage=header", "reject_target=Subject: buy; now", "client_host=x.test",
                "client_ip=192.0.2.9", "from=a@b", "to=c@d", "proto=ESMTP", "helo=x", "dsn=5.7.1",
                "reject_reason=spam",
            ]),
        // smtp.
        Case(
            text: "connect to mx.x.test[2001:db8::7]:25: Network is unreachable",
            fields: [
                "dst_host=mx.x.test", "dst_ip=2001:db8::7", "dst_port=25",
                "lost_connection=Network is unreachable",
            ]),
        delivery(
            "host mx.x.test[192.0.2.1] said: 450 4.1.8 no (in reply to RCPT TO command)",
            [
                "dst_host=mx.x.test", "dst_ip=192.0.2.1", "smtp_response=450 4.1.8 no", "smtp_stage=RCPT TO",
            ]),
        delivery(
            "conversation with mx.x.test[192.0.2.1] timed out while sending MAIL FROM",
            ["dst_host=mx.x.test", "dst_ip=192.0.2.1", "lost_while=sending MAIL FROM"]),
        Case(
            text:
                "Trusted TLS connection established to mx.x.test[192.0.2.1]:25: TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits) key-exchange ECDHE (P-256) server-signature RSA-PSS (2048 bits) server-digest SHA256",
            fields: [
                "tls_trust=Trusted", "dst_host=mx.x.test", "dst_ip=192.0.2.1", "dst_port=25",
                "tls_version=TLSv1.3", "tls_cipher=TLS_AES_256_GCM_SHA384", "tls_cipher_bits=256/256",
                "tls_key_exchange=ECDHE", "tls_signature=RSA-PSS", "tls_signature_bits=2048",
                "tls_digest=SHA256",
            ]),
        // postscreen.
        Case(
            text: "CONNECT from [192.0.2.1]:40000 to [192.0.2.2]:25",
            fields: ["client_ip=192.0.2.1", "client_port=40000", "server_ip=192.0.2.2", "server_port=25"]),
        Case(
            text: "PREGREET 11 after 0.07 from [192.0.2.1]:40000: EHLO x",
            fields: [
                "screen_violation=PREGREET", "screen_time=0.07", "client_ip=192.0.2.1", "client_port=40000",
                "smtp_data=EHLO x",
            ]),
        Case(
            text: "DNSBL rank 6 for [192.0.2.1]:40000",
            fields: ["screen_violation=DNSBL", "dnsbl_rank=6", "client_ip=192.0.2.1", "client_port=40000"]),
        Case(
            text: "PASS NEW [2001:db8::1]:9",
            fields: ["screen_access=PASS NEW", "client_ip=2001:db8::1", "client_port=9"]),
        // The others.
        Case(text: "statistics: start interval Nov 22 11:00:00", fields: ["scache_time=Nov 22 11:00:00"]),
        Case(
            text: "statistics: max connection rate 3/60s for (smtp:192.0.2.1) at Nov 22 11:00:00",
            fields: [
                "anvil_rate=3", "anvil_period=60s", "anvil_service=smtp", "client_ip=192.0.2.1",
                "anvil_time=Nov 22 11:00:00",
            ]),
        Case(
            text: "cache btree:/x/verify_cache full cleanup: retained=7 dropped=6 entries",
            fields: ["cache_cleanup=full", "cache_retained=7", "cache_dropped=6"]),
        Case(
            text: "daemon started -- version 3.7.6, configuration /etc/postfix",
            fields: ["version=3.7.6", "config_path=/etc/postfix"]),
        Case(text: "Deleted: 3 messages", fields: ["postsuper_summary=Deleted", "postsuper_count=3"]),
        Case(
            text: "addr 192.0.2.1 listed by domain bl.x.test as 127.0.0.4",
            fields: ["client_ip=192.0.2.1", "dnsbl_domain=bl.x.test", "dnsbl_result=127.0.0.4"]),
        Case(text: "starting the Postfix mail system", fields: []),
        Case(text: "ABCDE: too short for a queue", fields: []),
    ]

    @Test(arguments: cases, ["postfix/smtpd", "postfix-out/smtp", "postfix/submission/smtpd"])
    func `a message gives its parts`(_ test: Case, _ program: String) throws {
        let line = try ParsedLine("<22>Nov 22 10:59:58 web1 \(program)[21874]: \(test.text)")
        let hidden = ["message=", "pairs=", "escaped=", "proxy_text=", "milter_text="]
        let shown = line.body.filter { field in !hidden.contains { field.hasPrefix($0) } }
        #expect(shown == test.fields)
        #expect(line["message"] == test.message ?? test.text)
        #expect(line.format == "postfix")
        #expect(line.event.outcome == .ok)
    }

    @Test func `a complaint has a level, and whom it is about`() throws {
        let line = try ParsedLine(
            "<20>Nov 22 10:59:58 web1 postfix/smtpd[2]: warning: x.test[192.0.2.1]: SASL LOGIN authentication failed: no"
        )
        #expect(line.event.severity == 4)
        #expect(line["client_ip"] == "192.0.2.1")
        #expect(line["message"] == "SASL LOGIN authentication failed: no")
        let name = try ParsedLine(
            "<20>Nov 22 10:59:58 web1 postfix/smtpd[2]: warning: hostname x.test does not resolve to address 192.0.2.1: no"
        )
        #expect(name["client_host"] == "x.test")
        #expect(name["client_ip"] == "192.0.2.1")
        let fatal = try ParsedLine("<18>Nov 22 10:59:58 web1 postfix/local[2]: E048FFD297E: fatal: disk full")
        #expect(fatal["queue_id"] == "E048FFD297E")
        #expect(fatal.event.severity == 2)
        #expect(fatal["message"] == "disk full")
    }

    @Test func `the pairs are one text as well`() throws {
        let line = try ParsedLine(
            "<22>Nov 22 10:59:58 web1 postfix/smtp[2]: E048FFD297E: to=<a@b>, relay=local, dsn=2.0.0, status=sent (ok)"
        )
        #expect(line["pairs"] == "to=<a@b>, relay=local, dsn=2.0.0,")
        #expect(line.role("pairs") == .span)
    }

    @Test func `control characters are read as they were meant`() throws {
        let line = try ParsedLine(
            "<22>Nov 22 10:59:58 web1 postfix/postscreen[2]: PREGREET 8 after 0.1 from [192.0.2.1]:4: EHLO x#015#012"
        )
        #expect(line["smtp_data"] == "EHLO x\r\n")
        #expect(line["client_ip"] == "192.0.2.1")
    }

    @Test func `a response that was cut says so`() throws {
        let line = try ParsedLine(
            "<22>Nov 22 10:59:58 web1 postfix/smtp[2]: E048FFD297E: to=<a@b>, dsn=4.0.0, status=deferred (host x"
        )
        #expect(line["smtp_response"] == "host x")
        #expect(line.reasons == ["cut"])
    }
}

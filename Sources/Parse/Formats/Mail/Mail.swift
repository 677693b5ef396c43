extension Fields {
    /// Of Postfix.
    static let mail: [FieldDefinition] = [
        FieldDefinition("queue_id", .keyword, ["postfix.queueid"]),
        // The text that holds the pairs; each of them is a field.
        FieldDefinition("pairs", .text, ["postfix.keyvalue_data"], isHidden: true),
        FieldDefinition("from", .keyword, ["email.from.address", "postfix.from"]),
        FieldDefinition("to", .keyword, ["email.to.address", "postfix.to"]),
        FieldDefinition("orig_to", .keyword, ["postfix.orig_to"]),
        FieldDefinition("message_id", .keyword, ["email.message_id", "postfix.message-id"]),
        FieldDefinition("size", .number, unit: "bytes", ["postfix.size"]),
        FieldDefinition("nrcpt", .number, ["postfix.nrcpt"]),
        FieldDefinition("relay", .keyword, ["postfix.relay"]),
        FieldDefinition("delay", .number, unit: "s", ["postfix.delay"]),
        FieldDefinition("delays", .keyword, ["postfix.delays"]),
        FieldDefinition(
            "dsn", .keyword,
            ["postfix.dsn", "postfix.status_code_enhanced", "postfix.proxy_status_code_enhanced"]),
        FieldDefinition("delivery", .keyword, ["postfix.status"]),
        FieldDefinition(
            "smtp_response", .text,
            [
                "postfix.smtp_response", "postfix.pipe_response", "postfix.error_response",
                "postfix.local_response", "postfix.discard_response",
            ]),
        FieldDefinition("helo", .keyword, ["postfix.helo"]),
        FieldDefinition("proto", .keyword, ["postfix.proto"]),
        FieldDefinition("sasl_method", .keyword, ["postfix.sasl_method"]),
        FieldDefinition("sasl_user", .keyword, ["postfix.sasl_username"]),
        FieldDefinition("tls_mode", .keyword, ["postfix.tls"]),
        FieldDefinition("dst_host", .keyword, ["destination.domain"]),
        FieldDefinition("server_ip", .address, ["server.ip"]),
        FieldDefinition("server_port", .number, ["postfix.server_port"]),
        FieldDefinition("smtp_code", .number, ["postfix.status_code", "postfix.proxy_status_code"]),
        FieldDefinition("smtp_stage", .keyword, ["postfix.smtp_stage", "postfix.proxy_smtp_stage"]),
        FieldDefinition("reject_target", .keyword, ["postfix.status_data"]),
        FieldDefinition("reject_reason", .text, ["postfix.status_message"]),
        FieldDefinition("proxy_result", .keyword, ["postfix.proxy_result"]),
        FieldDefinition("proxy_text", .text, ["postfix.proxy_message"], isHidden: true),
        FieldDefinition("milter_result", .keyword, ["postfix.milter_result"]),
        FieldDefinition("milter_text", .text, ["postfix.milter_message"], isHidden: true),
        FieldDefinition("too_busy", .text, ["postfix.postscreen_toobusy_data"]),
        FieldDefinition(
            "lost_connection", .keyword, ["postfix.smtp_lostconn_data", "postfix.smtpd_lostconn_data"]),
        FieldDefinition(
            "lost_while", .text, ["postfix.smtp_lostconn_reason", "postfix.smtpd_lostconn_reason"]),
        FieldDefinition("smtp_data", .text, ["postfix.improper_pipelining_data"]),
        FieldDefinition("commands", .keyword, ["postfix.command_counter_data"]),
        FieldDefinition("ehlo_keywords", .keyword, ["postfix.discarded_ehlo_keywords"]),
        FieldDefinition("pix_workaround", .keyword, ["postfix.pix_workaround"]),
        FieldDefinition("bounce_queue_id", .keyword, ["postfix.bounce_queueid"]),
        FieldDefinition("config_path", .keyword, ["postfix.config_path"]),
        // Of TLS.
        FieldDefinition("tls_trust", .keyword, ["postfix.tls_trustlevel"]),
        FieldDefinition("tls_cipher_bits", .keyword, ["postfix.tls_cipher_size"]),
        FieldDefinition("tls_key_exchange", .keyword, ["postfix.tls_key_exchange"]),
        FieldDefinition("tls_signature", .keyword, ["postfix.tls_server_signature"]),
        FieldDefinition("tls_signature_bits", .number, ["postfix.tls_server_signature_size"]),
        FieldDefinition("tls_signature_curve", .keyword, ["postfix.tls_server_signature_curve"]),
        FieldDefinition("tls_digest", .keyword, ["postfix.tls_server_digest"]),
        FieldDefinition("tls_error", .text, ["postfix.tls_error"]),
        // Of postscreen, dnsblog, anvil, scache, verify, postsuper.
        FieldDefinition("screen_access", .keyword, ["postfix.postscreen_access"]),
        FieldDefinition("screen_violation", .keyword, ["postfix.postscreen_violation"]),
        FieldDefinition("screen_time", .number, unit: "s", ["postfix.postscreen_violation_time"]),
        FieldDefinition("dnsbl_rank", .number, ["postfix.postscreen_dnsbl_rank"]),
        FieldDefinition("dnsbl_domain", .keyword, ["postfix.dnsbl_domain"]),
        FieldDefinition("dnsbl_result", .address, ["postfix.dnsbl_result"]),
        FieldDefinition("anvil_rate", .number, ["postfix.anvil_conn_rate"]),
        FieldDefinition("anvil_period", .keyword, ["postfix.anvil_conn_period"]),
        FieldDefinition("anvil_count", .number, ["postfix.anvil_conn_count"]),
        FieldDefinition("anvil_size", .number, ["postfix.anvil_cache_size"]),
        FieldDefinition("anvil_service", .keyword, ["postfix.service"]),
        FieldDefinition("anvil_time", .keyword, ["postfix.anvil_timestamp"]),
        FieldDefinition("scache_hits", .number, ["postfix.scache_hits"]),
        FieldDefinition("scache_miss", .number, ["postfix.scache_miss"]),
        FieldDefinition("scache_success", .number, unit: "%", ["postfix.scache_success"]),
        FieldDefinition("scache_domains", .number, ["postfix.scache_domains"]),
        FieldDefinition("scache_addresses", .number, ["postfix.scache_addresses"]),
        FieldDefinition("scache_connection", .number, ["postfix.scache_connection"]),
        FieldDefinition("scache_time", .keyword, ["postfix.scache_timestamp"]),
        FieldDefinition("cache_cleanup", .keyword, ["postfix.verify_cleanup_type"]),
        FieldDefinition(
            "cache_retained", .number,
            ["postfix.verify_cache_retained", "postfix.postscreen_cache_retained"]),
        FieldDefinition(
            "cache_dropped", .number, ["postfix.verify_cache_dropped", "postfix.postscreen_cache_dropped"]),
        FieldDefinition("postsuper_action", .keyword, ["postfix.postsuper_action"]),
        FieldDefinition("postsuper_summary", .keyword, ["postfix.postsuper_summary_action"]),
        FieldDefinition("postsuper_count", .number, ["postfix.postsuper_summary_count"]),
    ]
}

extension FormatDefinition {
    /// Of Postfix: `postfix/smtpd`, `postfix/submission/smtpd`, and `postfix-out/smtp` of another instance; and of Dovecot.
    static let mail: [FormatDefinition] = [
        FormatDefinition(
            name: "postfix", programs: ProgramRule(names: ["postfix"], prefixes: ["postfix/", "postfix-"]),
            body: .code(Postfix.read),
            ecs: [
                "action": ["postfix.action"],
                "level": ["postfix.message_level", "log.level"],
            ]),
        FormatDefinition(
            name: "dovecot",
            programs: ProgramRule(names: [], prefixes: ["dovecot"]),
            body: .code(Dovecot.read)),
    ]
}

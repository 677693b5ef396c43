import Parse
import Query

/// Rows of `syslog_vectors.ndjson`: a frame, and how its origin parsed the header.
///
/// Rows with a stream (`stream_b64`) say what frames a receiver makes of the bytes of a connection. They are
/// skipped here: streams are cut into frames by `FrameDecoder` in target Ingest, before there is anything to parse.
enum SyslogVector {
    /// Compares the parts of the header.
    ///
    /// A part is also right where both daemons that were shown the same bytes read it so against the origin, as
    /// an origin may have been told how to read; the list of what is skipped then names the part.
    static func compare(
        _ row: TruthRow, _ expected: [String: TruthRow.Value], _ event: FoundEvent,
        _ verdict: inout TruthCheck.Verdict
    ) {
        let expected = row.kind == "rfc3164-local-socket" ? withoutHost(expected) : expected
        for (key, value) in expected.sorted(by: { $0.key < $1.key }) {
            guard let found = found(key, event) else {
                verdict.skipped.append(key)
                continue
            }
            var wanted: String
            switch value {
            case .null: wanted = ""
            case .text(let text): wanted = text == "<local hostname>" ? "" : text
            default: wanted = value.shown
            }
            if key == "facility" || key == "severity" { wanted = value.shown }
            if found == wanted { continue }
            if isObserved(key, found, row) {
                verdict.skipped.append("\(key) (read as rsyslog and syslog-ng do, not as the origin)")
                continue
            }
            verdict.differences.append("\(key): expected \(value.shown), got \(found.debugDescription)")
        }
        compareTime(expected, event, &verdict)
    }

    /// Datagrams of `syslog(3)` have no host, which the rows' note says too.
    ///
    /// Some rows still took `program[pid]:`
    /// for one, and the first word of the message for the program: what no host name can be is put back.
    private static func withoutHost(_ expected: [String: TruthRow.Value]) -> [String: TruthRow.Value] {
        guard case .text(let tag)? = expected["hostname"], tag.hasSuffix("]:"),
            case .text(let program)? = expected["appname"], case .text(let message)? = expected["message"],
            let open = tag.lastIndex(of: "[")
        else { return expected }
        var expected = expected
        expected["hostname"] = .null
        expected["appname"] = .text(String(tag[..<open]))
        expected["procid"] = .text(String(tag[tag.index(after: open)...].dropLast(2)))
        expected["message"] = .text("\(program): \(message)")
        return expected
    }

    /// Whether both rsyslog and syslog-ng made this of a part of the same bytes.
    private static func isObserved(_ key: String, _ found: String, _ row: TruthRow) -> Bool {
        let names: [String: (rsyslog: String, syslogNG: String)] = [
            "hostname": ("hostname", "host"), "appname": ("appname", "program"), "procid": ("procid", "pid"),
            "msgid": ("msgid", "msgid"), "message": ("msg", "msg"),
        ]
        guard let name = names[key], let peers = row.peersObserved else { return false }
        var agreeing: Set<String> = []
        for (peer, observed) in peers {
            guard case .object(let parts) = observed else { continue }
            let isRsyslog = peer.hasPrefix("rsyslog")
            if !isRsyslog, peer.contains("syslog-protocol") != (row.kind == "rfc5424") { continue }
            var value = ""
            if case .text(let text)? = parts[isRsyslog ? name.rsyslog : name.syslogNG] { value = text }
            // rsyslog keeps the blank behind the tag, and writes `-` for nothing.
            if isRsyslog, key == "message", row.kind != "rfc5424", value.hasPrefix(" ") {
                value.removeFirst()
            }
            if isRsyslog, key != "message", value == "-" { value = "" }
            if key == "hostname", ["localhost", "127.0.0.1"].contains(value) { value = "" }
            if value == found { agreeing.insert(isRsyslog ? "rsyslog" : "syslog-ng") }
        }
        return agreeing.count == 2
    }

    /// The part of the header that a key stands for; nil for a key that stands for none.
    private static func found(_ key: String, _ event: FoundEvent) -> String? {
        func text(_ name: String) -> String {
            event.value(name).map { String(decoding: $0, as: UTF8.self) } ?? ""
        }
        let priority = event.value("pri").flatMap { Int(String(decoding: $0, as: UTF8.self)) } ?? 13
        switch key {
        case "pri": return text("pri").isEmpty ? "13" : text("pri")
        case "facility": return String((priority <= 191 ? priority : 13) / 8)
        case "severity": return String((priority <= 191 ? priority : 13) % 8)
        case "hostname": return text("host")
        case "appname": return text("program")
        case "procid": return text("header_pid").isEmpty ? text("pid") : text("header_pid")
        case "msgid": return text("msgid")
        case "message": return text("message")
        case "usec" where !hasNoTime(event): return String(event.time % 1_000_000_000 / 1_000)
        default: return nil
        }
    }

    /// Whether the header says that there is no time (RFC 5424 §6.2.3).
    private static func hasNoTime(_ event: FoundEvent) -> Bool {
        guard let end = event.raw.firstIndex(of: UInt8(ascii: ">")) else { return false }
        return event.raw[end...].starts(with: ">1 - ".utf8)
    }

    /// Origins took a clock some hours east of UTC, in their own year, where a line does not say: what counts is
    /// the minute and second.
    private static func compareTime(
        _ expected: [String: TruthRow.Value], _ event: FoundEvent, _ verdict: inout TruthCheck.Verdict
    ) {
        guard case .number(let epoch)? = expected["epoch"], epoch > 1, event.value("header_time") == nil
        else { return }
        // Of a line without a time the origin tells when it was read.
        if hasNoTime(event) { return verdict.skipped.append("epoch (the line has no time)") }
        let distance = event.time / 1_000_000_000 - Int64(epoch)
        if distance % 3_600 != 0 { verdict.differences.append("epoch: \(distance) s off") }
    }
}

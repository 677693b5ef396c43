import Index
import Parse
import Query

/// Clocks that are wrong, and the rule that mends those in another zone.
extension EventExamination {
    /// - `hosts`: rows of `wplog hosts`.
    func clocks(_ hosts: [[String: AnswerCell]]) -> [Finding] {
        let wrong = hosts.compactMap { row -> Finding? in
            guard let skew = row["skew"]?.number, let clock = row["clock"]?.text, clock != "ok" else {
                return nil
            }
            return finding(row["host"]?.text ?? "-", skew, isZone: clock == "zone")
        }
        guard wrong.isEmpty else { return Array(wrong.prefix(5)) }
        return [Finding(.ok, "clocks", "no host's times of the last hour are far from their arrival")]
    }

    private func finding(_ host: String, _ skew: Double, isZone: Bool) -> Finding {
        let side = skew > 0 ? "ahead of" : "behind"
        let length = Words.length(seconds: Int64(abs(skew).rounded()))
        guard isZone else {
            return Finding(
                .warning, "clocks", "\(host)'s times are \(length) \(side) their arrival: its clock is wrong",
                fix: "timedatectl set-ntp true   # on \(host)")
        }
        let evidence = "\(host)'s times have no zone, and are always \(length) \(side) their arrival"
        let zone = zone(of: host, skew)
        let rule = "[[host]] with zone = \"\(zone)\""
        guard Self.isPlain(host) else {
            return Finding(.warning, "clocks", "\(evidence): it needs a \(rule)")
        }
        guard ruleZone(of: host) == nil else {
            return Finding(
                .warning, "clocks", "\(evidence), by the zone that a [[host]] gives it; \(zone) fits",
                fix: "editor \(file) && systemctl reload wplog")
        }
        return Finding(
            .warning, "clocks", "\(evidence): it needs a \(rule), or the name of that zone",
            fix: "printf '\\n[[host]]\\nname = \"\(host)\"\\nzone = \"\(zone)\"\\n' >> \(file) "
                + "&& systemctl reload wplog")
    }

    /// The offset that the host's clock shows: the one that its times are read with now, and the skew.
    private func zone(of host: String, _ skew: Double) -> String {
        let rule = ruleZone(of: host).flatMap { Zones.find($0) } ?? settings.zone
        let seconds = rule.offset(at: Clock.now() / 1_000_000_000)
        let minutes = seconds / 60 + Int((skew / 900).rounded()) * 15
        if minutes == 0 { return "UTC" }
        let (hours, rest) = abs(minutes).quotientAndRemainder(dividingBy: 60)
        func two(_ number: Int) -> String { String(String(100 + number).suffix(2)) }
        return "\(minutes < 0 ? "-" : "+")\(two(hours)):\(two(rest))"
    }

    private func ruleZone(of host: String) -> String? {
        settings.hosts.zone(of: Array(host.utf8), Peer(.udp, ""))
    }

    /// Whether a name can stand in a command: a line may say any.
    private static func isPlain(_ host: String) -> Bool {
        host.utf8.allSatisfy {
            (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0)
                || "-._:".utf8.contains($0)
        }
    }
}

import Parse

/// Events that lie ahead of now: mostly those of a machine whose clock is.
package struct EventsAhead: Equatable, Sendable, Decodable {
    package var events: UInt64
    /// The host with most of them; nil where they name none.
    package var host: String?
    /// How far ahead the last one of that host lies.
    package var seconds: Int64

    /// - `table`: by host, how many events, and the time of the last one.
    /// - `now`: nanoseconds since the Unix epoch.
    ///
    /// Nil where there are none.
    init?(_ table: ResultTable, now: Int64) {
        var sum: UInt64 = 0
        var most: UInt64 = 0
        var host: String?
        var last = now
        for row in table.rows {
            guard row.count == 3, case .count(let count) = row[1], case .time(let time) = row[2] else {
                continue
            }
            sum += count
            guard count > most else { continue }
            (most, last) = (count, time)
            if case .text(let name) = row[0] {
                host = String(decoding: name, as: UTF8.self)
            } else {
                host = nil
            }
        }
        guard sum > 0 else { return nil }
        events = sum
        self.host = host
        let length = max(last, now).minus(now) ?? .max
        seconds = length / 1_000_000_000 + (length % 1_000_000_000 >= 500_000_000 ? 1 : 0)
    }

    /// `12 events lie ahead of now (host db1, 60 min)`.
    package var description: String {
        let host = host.map { name in
            "host \(String(decoding: ResultText.printable(Array(name.utf8)), as: UTF8.self)), "
        }
        return "\(events) \(events == 1 ? "event lies" : "events lie") ahead of now (\(host ?? "")\(length))"
    }

    /// In the largest unit that makes two or more of it.
    private var length: String {
        for (name, unit) in [("d", Int64(86_400)), ("h", 3_600), ("min", 60)] where seconds >= 2 * unit {
            return "\((seconds + unit / 2) / unit) \(name)"
        }
        return "\(seconds) s"
    }

    /// Appends `{"events":12,"host":"db1","seconds":3600}`.
    package func append(to json: inout JSONText) {
        json.object { json in
            json.key("events")
            json.number(events)
            json.key("host")
            if let host { json.string(host) } else { json.null() }
            json.key("seconds")
            json.number(seconds)
        }
    }
}

import Index
import Query

extension DiskReport {
    /// The gauges of the disk; all of them always, 0 where a number is not known.
    var metrics: [(name: String, help: String, value: UInt64)] {
        [
            (
                "wplog_disk_state", "Room on the disk: 0 is ok, 1 low, 2 full.",
                UInt64(clamping: state.rawValue)
            ),
            ("wplog_disk_free_bytes", "Bytes that are free on the disk.", space?.free ?? 0),
            ("wplog_disk_size_bytes", "Bytes of the disk.", space?.total ?? 0),
            ("wplog_disk_reserve_bytes", "Bytes that stay free: with less nothing is taken.", reserve),
            ("wplog_disk_ballast_bytes", "Bytes of the ballast file.", ballast),
            (
                "wplog_disk_free_inodes", "Inodes that are free; 0 where they do not run out.",
                space?.freeInodes ?? 0
            ),
            ("wplog_disk_short_writes_total", "Writes and commits that found no room.", shortWrites),
            (
                "wplog_disk_growth_bytes", "Bytes that the store grows by in a day; 0 while unknown.",
                UInt64(exactly: (forecast?.bytesPerDay ?? 0).rounded()) ?? 0
            ),
        ]
    }

    /// The keys `disk`, `forecast` and `cost` of the status.
    func append(to json: inout JSONText) {
        json.key("disk")
        json.object { json in
            json.key("state")
            json.string("\(state)")
            json.key("reason")
            if state == .ok { json.null() } else { json.string(DiskWords.reason(self)) }
            for (name, number) in [
                ("total_bytes", space?.total), ("free_bytes", space?.free), ("reserve_bytes", reserve),
                ("ballast_bytes", ballast), ("free_inodes", space?.freeInodes),
                ("reserve_inodes", inodeReserve), ("short_writes", shortWrites),
            ] as [(String, UInt64?)] {
                json.key(name)
                if let number { json.number(number) } else { json.null() }
            }
        }
        json.key("forecast")
        if let forecast { append(forecast, to: &json) } else { json.null() }
        json.key("cost")
        if let cost = forecast?.cost { Self.append(cost, to: &json) } else { json.null() }
    }

    private func append(_ forecast: StoreForecast, to json: inout JSONText) {
        json.object { json in
            json.key("bytes_per_day")
            if let bytes = forecast.bytesPerDay { json.number(bytes.rounded()) } else { json.null() }
            json.key("events_per_day")
            json.number(forecast.eventsPerDay.rounded())
            json.key("days_left")
            if let days = daysLeft { json.number((days * 10).rounded() / 10) } else { json.null() }
            json.key("whole_days")
            json.number(forecast.wholeDays)
        }
    }

    private static func append(_ cost: StoreCost, to json: inout JSONText) {
        json.object { json in
            json.key("day")
            json.string("\(cost.day)")
            json.key("whole")
            json.boolean(cost.isWhole)
            json.key("events")
            json.number(cost.events)
            json.key("raw_bytes")
            json.number(cost.rawBytes)
            json.key("stored_bytes")
            json.number(cost.storedBytes)
            for (name, shares) in [("hosts", cost.hosts), ("programs", cost.programs)] {
                json.key(name)
                json.array { json in for share in shares { append(share, of: cost, to: &json) } }
            }
        }
    }

    private static func append(_ share: StoreCost.Share, of cost: StoreCost, to json: inout JSONText) {
        func part(_ bytes: UInt64, _ all: UInt64) -> Double {
            all == 0 ? 0 : (Double(bytes) / Double(all) * 10_000).rounded() / 10_000
        }
        json.object { json in
            json.key("name")
            json.string(share.name)
            json.key("events")
            json.number(share.events)
            json.key("raw_bytes")
            json.number(share.rawBytes)
            json.key("raw_share")
            json.number(part(share.rawBytes, cost.rawBytes))
            json.key("stored_bytes")
            json.number(share.storedBytes)
            json.key("stored_share")
            json.number(part(share.storedBytes, cost.storedBytes))
        }
    }
}

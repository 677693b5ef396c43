import Index
import Ingest
import Parse
import Query

/// What does not change while a server runs.
struct ServerFacts {
    /// Nanoseconds since the Unix epoch.
    let started: Int64
    let data: String
    /// What it listens to syslog on.
    let listeners: [(name: String, address: String)]
    /// What the kernel grants for UDP, in bytes.
    let udpBufferBytes: Int?
}

/// How the server is doing, as `wplog status` shows it.
struct StatusReport {
    private let store: StoreStatus
    private let counters: IngestCounters
    private let facts: ServerFacts
    private let disk: DiskReport

    init(_ store: StoreStatus, _ counters: IngestCounters, _ facts: ServerFacts, _ disk: DiskReport) {
        self.store = store
        self.counters = counters
        self.facts = facts
        self.disk = disk
    }

    /// One JSON object.
    var json: [UInt8] {
        var json = JSONText()
        json.object { json in
            json.key("version")
            json.string(Version.text)
            json.key("state")
            json.string(store.failure != nil ? "failed" : disk.state == .full ? "disk_full" : "ready")
            json.key("failure")
            if let failure = store.failure { json.string("\(failure)") } else { json.null() }
            appendFacts(to: &json)
            json.key("events_received")
            json.object { json in
                for listener in [counters.tcp, counters.udp, counters.file] {
                    json.key(listener.listener.name)
                    json.number(listener.events.value)
                }
            }
            json.key("udp_dropped")
            json.number(counters.kernelDrops.value)
            json.key("udp_dropped_disk_full")
            json.number(counters.diskFullDrops.value)
            json.key("tcp_connections")
            json.number(counters.connectionsOpen)
            json.key("events_recovered")
            json.number(store.counters.recoveredEvents)
            json.key("events_open")
            json.number(store.openEvents)
            json.key("blocks_pending")
            json.number(store.pendingBlocks)
            json.key("journal_files")
            json.number(store.journalFiles)
            json.key("commits_failed")
            json.number(store.counters.failedCommits)
            json.key("last_commit_failure")
            if let reason = store.counters.lastFailure { json.string(reason) } else { json.null() }
            json.key("days")
            json.array { json in for day in store.days { json.string("\(day)") } }
            disk.append(to: &json)
        }
        json.endLine()
        return json.bytes
    }

    private func appendFacts(to json: inout JSONText) {
        json.key("started")
        json.string(TimeText.utc(facts.started))
        json.key("now")
        json.string(TimeText.utc(Clock.now()))
        json.key("data")
        json.string(facts.data)
        json.key("listeners")
        json.array { json in
            for listener in facts.listeners {
                json.object { json in
                    json.key("listener")
                    json.string(listener.name)
                    json.key("address")
                    json.string(listener.address)
                }
            }
        }
        if let bytes = facts.udpBufferBytes {
            json.key("udp_buffer_bytes")
            json.number(bytes)
        }
        json.key("sqlite")
        json.object { json in
            json.key("version")
            json.string(SQLiteBuild.current.version)
            json.key("fts5")
            json.boolean(SQLiteBuild.current.hasFTS5)
        }
    }
}

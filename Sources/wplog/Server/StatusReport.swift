import Index
import Ingest
import Parse
import Query

/// How the server is doing, as `wplog status` shows it.
struct StatusReport {
    private let store: StoreStatus
    private let counters: IngestCounters

    init(_ store: StoreStatus, _ counters: IngestCounters) {
        self.store = store
        self.counters = counters
    }

    /// One JSON object.
    var json: [UInt8] {
        var json = JSONText()
        json.object { json in
            json.key("version")
            json.string(Version.text)
            json.key("state")
            json.string(store.failure == nil ? "ready" : "failed")
            json.key("failure")
            if let failure = store.failure { json.string("\(failure)") } else { json.null() }
            json.key("events_received")
            json.object { json in
                for listener in [counters.tcp, counters.udp] {
                    json.key(listener.listener.name)
                    json.number(listener.events.value)
                }
            }
            json.key("udp_dropped")
            json.number(counters.kernelDrops.value)
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
            json.key("days")
            json.array { json in for day in store.days { json.string("\(day)") } }
        }
        json.endLine()
        return json.bytes
    }
}

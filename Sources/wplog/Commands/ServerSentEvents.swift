/// Reads server-sent events (WHATWG HTML, §9.2) as this project's server writes them.
struct ServerSentEvents {
    struct Event {
        var name = ""
        var id = ""
        var data: [UInt8] = []
        fileprivate var lines = 0
    }

    private var pending: [UInt8] = []
    private var event = Event()

    /// The events that some more bytes complete.
    mutating func take(_ bytes: [UInt8]) -> [Event] {
        pending += bytes
        var events: [Event] = []
        var start = 0
        while let end = pending[start...].firstIndex(of: 0x0A) {
            let line = pending[start..<end]
            start = end + 1
            if line.isEmpty {
                if event.lines > 0 { events.append(event) }
                event = Event()
                continue
            }
            guard let colon = line.firstIndex(of: 0x3A) else { continue }
            var value = line[(colon + 1)...]
            if value.first == 0x20 { value = value.dropFirst() }
            switch String(decoding: line[..<colon], as: UTF8.self) {
            case "id": event.id = String(decoding: value, as: UTF8.self)
            case "event": event.name = String(decoding: value, as: UTF8.self)
            case "data":
                if event.lines > 0 { event.data.append(0x0A) }
                event.data += value
                event.lines += 1
            default: continue
            }
        }
        pending.removeSubrange(..<start)
        return events
    }
}

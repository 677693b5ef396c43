/// Finds the zones of hosts whose clocks are in another one than that of the settings.
package struct HostZones: Sendable {
    /// The zone of the times of a host, by name or address, whose lines come from a sender; nil for that of the settings.
    let find: @Sendable (_ host: [UInt8], _ sender: Peer) -> String?

    package init(_ find: @escaping @Sendable (_ host: [UInt8], _ sender: Peer) -> String?) {
        self.find = find
    }
}

/// The same for one thread: each sender and host is looked up once.
struct KnownZones {
    private let zones: HostZones?
    private var known: ByteKeyMap
    private var key: [UInt8] = []
    /// The zones that occurred, by their number in `known`; 0 is that of the settings.
    private var names = [""]

    init(_ zones: HostZones?) {
        self.zones = zones
        known = ByteKeyMap(capacity: zones == nil ? 1 : ParseLimits.rememberedKeys)
    }

    /// Whether every host has the zone of the settings.
    var isEmpty: Bool { zones == nil }

    /// The zone of a line's times; empty for that of the settings.
    ///
    /// - `host`: where the line has its host; the sender's own name or address where that is empty.
    mutating func zone(_ bytes: Span<UInt8>, _ host: Range<Int>, _ sender: Peer) -> String {
        guard let zones, sender.listener != .own else { return "" }
        // Kept for its capacity.
        var key: [UInt8] = []
        swap(&key, &self.key)
        defer { swap(&key, &self.key) }
        key.removeAll(keepingCapacity: true)
        key.append(sender.listener.rawValue)
        key.append(contentsOf: sender.address.utf8)
        key.append(0)
        let start = key.count
        if host.isEmpty {
            key.append(contentsOf: (sender.source?.host ?? sender.address).utf8)
        } else {
            key.append(bytes, host)
        }
        if let number = known.value(key.span, 0..<key.count) { return names[Int(number)] }
        let found = zones.find(Array(key[start...]), sender) ?? ""
        let number = names.firstIndex(of: found) ?? names.count
        if number == names.count { names.append(found) }
        known.remember(UInt16(truncatingIfNeeded: number), for: key.span, 0..<key.count)
        return found
    }
}

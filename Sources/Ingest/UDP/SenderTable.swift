import Parse

/// The senders of datagrams: their text, made once, and their place in the current batch.
struct SenderTable {
    private struct Entry {
        let peer: Peer
        var batch: Int
        var index: Int
    }

    private var entries: [Entry] = []
    private var byAddress: [SenderAddress: Int] = [:]
    private var batch = 0
    /// Datagrams come in runs from one sender: most look-ups end here.
    private var last: (address: SenderAddress, entry: Int)?

    /// To be called whenever the batch was emptied.
    mutating func beginBatch() {
        batch &+= 1
    }

    /// The index of the sender in `peers`, where it is added if the batch has not seen it.
    mutating func index(of address: SenderAddress, in peers: inout [Peer]) -> Int {
        let entry = last?.address == address ? last?.entry ?? 0 : find(address)
        last = (address, entry)
        if entries[entry].batch != batch {
            entries[entry].batch = batch
            entries[entry].index = peers.count
            peers.append(entries[entry].peer)
        }
        return entries[entry].index
    }

    private mutating func find(_ address: SenderAddress) -> Int {
        if let entry = byAddress[address] { return entry }
        // Forged addresses must not fill the memory. Those in the batch may then stand in it twice, which is
        // harmless.
        if entries.count >= IngestLimits.rememberedSenders {
            entries.removeAll()
            byAddress.removeAll()
        }
        entries.append(Entry(peer: Peer(.udp, address.text), batch: batch &- 1, index: 0))
        byAddress[address] = entries.count - 1
        return entries.count - 1
    }
}

import Glibc
import Index
import Ingest
import Parse

/// What wplog has to say in the log itself: found with `program:wplog`, like everything else.
struct OwnEvents: Sendable {
    private let store: Store
    private let makeParser: @Sendable () -> LineParser
    private let host: [UInt8]
    /// A full disk refuses every one of them.
    private let log = PacedLog { Output.note($0) }

    init(_ store: Store, makeParser: @escaping @Sendable () -> LineParser) {
        self.store = store
        self.makeParser = makeParser
        var name = [CChar](repeating: 0, count: 256)
        let isKnown = unsafe gethostname(&name, name.count - 1) == 0
        let bytes = name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
        host = isKnown && !bytes.isEmpty ? bytes : Array("localhost".utf8)
    }

    /// Stores one event.
    ///
    /// `id` is its RFC 5424 MSGID; facility syslog (5).
    func store(level: UInt8, id: String, _ message: String) {
        var batch = EventBatch()
        let now = Clock.now()
        batch.received = now
        batch.peers = [Peer(.own, "")]
        batch.bytes = Array("<\(5 * 8 + level)>1 ".utf8)
        TimeLayout(.iso, zone: .z, fractionDigits: 6).render(now, into: &batch.bytes)
        batch.bytes += [0x20] + host + Array(" wplog \(getpid()) \(id) - \(message)".utf8)
        var parser = makeParser()
        parser.parse(0..<batch.bytes.count, peer: 0, in: &batch)
        do { try store.append(batch) } catch {
            log.write("own", "an event of wplog's own is not stored: \(error)")
        }
    }
}

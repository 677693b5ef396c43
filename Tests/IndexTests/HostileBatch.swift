import Parse
import TestSupport

extension EventBatch {
    /// Events with ranges that no parser of ours makes: fields that overlap, cross, stand out of order, or repeat.
    static func hostile(_ random: inout SeededRandom) -> EventBatch {
        let roles: [FieldValue.Role] = [.hole, .hole, .span, .span, .time, .derived]
        let fields: [FieldID] = [
            .host, .program, .message, .raw, .level, .headerTime, FieldID(999), FieldID(60_000),
        ]
        var batch = EventBatch()
        batch.peers = [Peer(.tcp, "10.1.2.3")]
        batch.received = LineBatch.received
        batch.derived = random.bytes(40)
        for _ in 0..<random.below(20) {
            let start = batch.bytes.count
            batch.bytes += (0..<40).map { _ in
                random.once(in: 8) ? 0xFF : random.pick(Array("ab1.2 -\0".utf8))
            }
            let first = batch.fields.count
            for _ in 0..<random.below(12) {
                let role = random.pick(roles)
                let base = role == .derived ? 0 : start
                let ends = [base + random.below(41), base + random.below(41)].sorted()
                let layout = TimeLayout(random.pick(TimeLayout.Style.allCases), zone: .z)
                batch.fields.append(
                    FieldValue(random.pick(fields), role, ByteRange(ends[0]..<ends[1]), layout: layout))
            }
            // In order the values nest and are kept; in any order they must do no harm.
            if !random.once(in: 3) {
                batch.fields[first...].sort {
                    ($0.bytes.start, $1.bytes.end) < ($1.bytes.start, $0.bytes.end)
                }
            }
            batch.events.append(
                Event(
                    raw: ByteRange(start..<batch.bytes.count), firstField: UInt32(first),
                    fieldCount: UInt16(batch.fields.count - first), time: LineBatch.received,
                    severity: UInt8(random.below(256)), facility: UInt8(random.below(256)), outcome: .ok,
                    reasons: [],
                    format: UInt16(random.below(3)), peer: UInt16(random.below(3))))
        }
        return batch
    }
}

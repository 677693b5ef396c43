/// The contents of a zone file: instants at which the clock changed, and a rule for the time behind them.
struct ZoneTable: Sendable {
    /// Seconds since the Unix epoch, ascending.
    private var transitions: [Int64] = []
    /// Seconds east of UTC from the transition of the same index on.
    private var offsets: [Int] = []
    /// Before the first transition (RFC 8536 §3.2: type 0).
    private var first = 0
    private var footer: ZoneFooter?

    /// Reads RFC 8536 §3.
    ///
    /// Of a version 2+ file only the second, 64-bit block counts.
    init(tzif bytes: [UInt8]) throws(ZoneError) {
        var at = 0
        let header = try Header(bytes, at: 0)
        if header.version == 0 {
            try readBlock(bytes, header, at: 44, timeSize: 4)
            return
        }
        at = 44 + header.blockSize(timeSize: 4)
        let second = try Header(bytes, at: at)
        at += 44
        try readBlock(bytes, second, at: at, timeSize: 8)
        at += second.blockSize(timeSize: 8)
        // §3.3: the rule stands between two line feeds, and may be empty.
        let newline = UInt8(ascii: "\n")
        guard at < bytes.count, bytes[at] == newline, let end = bytes[(at + 1)...].firstIndex(of: newline)
        else { throw .truncated(offset: max(at, bytes.count) + 1, size: bytes.count) }
        if end > at + 1 { footer = try ZoneFooter(Array(bytes[at + 1..<end])) }
    }

    func offset(at instant: Int64) -> Int {
        guard let last = transitions.last else { return footer?.offset(at: instant) ?? first }
        if instant >= last, let footer { return footer.offset(at: instant) }
        var low = 0
        var high = transitions.count
        while low < high {
            let middle = (low + high) / 2
            if transitions[middle] <= instant { low = middle + 1 } else { high = middle }
        }
        return low == 0 ? first : offsets[low - 1]
    }

    private mutating func readBlock(
        _ bytes: [UInt8], _ header: Header, at start: Int, timeSize: Int
    ) throws(ZoneError) {
        let size = start + header.blockSize(timeSize: timeSize)
        guard size <= bytes.count else { throw .truncated(offset: size, size: bytes.count) }
        let indices = start + header.transitions * timeSize
        let types = indices + header.transitions
        guard header.types > 0 else { throw .badType(index: 0, types: 0) }
        first = Self.signed(bytes, at: types)
        for index in 0..<header.transitions {
            let type = Int(bytes[indices + index])
            guard type < header.types else { throw .badType(index: type, types: header.types) }
            let time = start + index * timeSize
            let instant =
                timeSize == 8
                ? Int64(
                    bitPattern: UInt64(Self.word(bytes, at: time)) << 32
                        | UInt64(Self.word(bytes, at: time + 4)))
                : Int64(Self.signed(bytes, at: time))
            if let previous = transitions.last, instant <= previous { throw .unordered(transition: index) }
            transitions.append(instant)
            offsets.append(Self.signed(bytes, at: types + type * 6))
        }
    }

    fileprivate static func word(_ bytes: [UInt8], at offset: Int) -> UInt32 {
        bytes[offset..<offset + 4].reduce(0) { $0 << 8 | UInt32($1) }
    }

    private static func signed(_ bytes: [UInt8], at offset: Int) -> Int {
        Int(Int32(bitPattern: word(bytes, at: offset)))
    }
}

/// RFC 8536 §3.1: 44 bytes with the counts of what follows.
private struct Header {
    let version: UInt8
    let transitions: Int
    let types: Int
    /// Bytes of the parts that do not depend on the size of a time, but for 4 (or 8) a leap second.
    private let rest: Int
    private let leapSeconds: Int

    init(_ bytes: [UInt8], at start: Int) throws(ZoneError) {
        guard bytes.count - start >= 44 else { throw .truncated(offset: start + 44, size: bytes.count) }
        guard bytes[start..<start + 4].elementsEqual("TZif".utf8) else { throw .notAZoneFile }
        version = bytes[start + 4]
        let universal = Int(ZoneTable.word(bytes, at: start + 20))
        let standard = Int(ZoneTable.word(bytes, at: start + 24))
        leapSeconds = Int(ZoneTable.word(bytes, at: start + 28))
        transitions = Int(ZoneTable.word(bytes, at: start + 32))
        types = Int(ZoneTable.word(bytes, at: start + 36))
        let characters = Int(ZoneTable.word(bytes, at: start + 40))
        rest = transitions + types * 6 + characters + leapSeconds * 4 + standard + universal
    }

    /// Bytes of the block behind this header.
    ///
    /// Counts are 32 bits, so this cannot overflow.
    func blockSize(timeSize: Int) -> Int { (transitions + leapSeconds) * timeSize + rest }
}

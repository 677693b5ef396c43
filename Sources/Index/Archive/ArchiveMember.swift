/// One gzip member of an archive (RFC 1952): some hundred events of one block, and a header that says of itself how
/// long it is, so that a reader finds the next member even where this one is damaged.
///
///     1f 8b 08 04  00 00 00 00  00 ff     gzip, deflate, an extra field; no time, no name; any system
///     1a 00  'W' 'P'  16 00               the extra field: 26 bytes, of which one subfield of 22
///     01  flags  events:u32  bytes:u32  text:u32  check:u32  reserved:u32
///     … the deflate stream …
///     crc:u32  length:u32                 of the text
///
/// Numbers are little-endian. `bytes` is the whole member, `text` its text. `check` is the CRC-32 of all other bytes of
/// the member in front of the trailer: with the trailer, every bit of a member is checked by something.
struct ArchiveMember: Sendable {
    /// Where it begins in its file.
    var offset: Int
    /// Its length in the file.
    var bytes: Int
    var events: Int
    var textBytes: Int
    /// Whether its first event is the first of a block.
    var beginsBlock: Bool

    static let headerBytes = 38
    static let trailerBytes = 8
    private static let version: UInt8 = 1
    private static let fixed: [UInt8] = [
        0x1F, 0x8B, 8, 4, 0, 0, 0, 0, 0, 0xFF, 26, 0, UInt8(ascii: "W"), UInt8(ascii: "P"), 22, 0, version,
    ]
    /// Where `check` stands.
    private static let checkOffset = 30

    /// Makes the bytes of a member.
    static func encode(
        _ text: [UInt8], events: Int, beginsBlock: Bool, with compressor: inout DeflateCompressor
    ) throws(StoreError) -> [UInt8] {
        guard let stream = compressor.deflate(text) else { throw .stopped("no memory to compress with") }
        var bytes = fixed
        bytes.reserveCapacity(headerBytes + stream.count + trailerBytes)
        bytes.append(beginsBlock ? 1 : 0)
        for number in [events, headerBytes + stream.count + trailerBytes, text.count] {
            bytes.append(littleEndian: UInt32(truncatingIfNeeded: number))
        }
        bytes.append(littleEndian: check(bytes[...], [0, 0, 0, 0], stream[...]))
        bytes += [0, 0, 0, 0]
        bytes += stream
        bytes.append(littleEndian: CRC32.of(text))
        bytes.append(littleEndian: UInt32(truncatingIfNeeded: text.count))
        return bytes
    }

    private static func check(
        _ head: ArraySlice<UInt8>, _ reserved: ArraySlice<UInt8>, _ stream: ArraySlice<UInt8>
    ) -> UInt32 {
        CRC32.of(stream, after: CRC32.of(reserved, after: CRC32.of(head)))
    }

    /// Reads the header at the beginning of `bytes`; nil where there is none that can be.
    init?(header bytes: ArraySlice<UInt8>, at offset: Int) {
        guard bytes.count >= Self.headerBytes, bytes.prefix(Self.fixed.count).elementsEqual(Self.fixed) else {
            return nil
        }
        func number(_ place: Int) -> Int {
            let at = bytes.startIndex + place
            return Int(bytes[at]) | Int(bytes[at + 1]) << 8 | Int(bytes[at + 2]) << 16
                | Int(bytes[at + 3]) << 24
        }
        let flags = bytes[bytes.startIndex + 17]
        self.offset = offset
        events = number(18)
        self.bytes = number(22)
        textBytes = number(26)
        beginsBlock = flags & 1 != 0
        guard flags <= 1, events > 0, events <= IndexLimits.eventsPerBlock,
            self.bytes > Self.headerBytes + Self.trailerBytes, self.bytes <= IndexLimits.memberBytes,
            textBytes <= IndexLimits.memberTextBytes
        else { return nil }
    }

    init(offset: Int, bytes: Int, events: Int, textBytes: Int, beginsBlock: Bool) {
        self.offset = offset
        self.bytes = bytes
        self.events = events
        self.textBytes = textBytes
        self.beginsBlock = beginsBlock
    }

    /// The text of the member with these bytes; throws what is wrong with them.
    ///
    /// - `isThorough`: looks at every bit; a query is content with what gzip itself checks.
    func text(of bytes: [UInt8], _ expander: DeflateExpander, isThorough: Bool) throws(StoreError) -> [UInt8]
    {
        guard let header = ArchiveMember(header: bytes[...], at: offset), header.bytes == bytes.count,
            header.bytes == self.bytes, header.textBytes == textBytes, header.events == events
        else { throw .damaged("the header of the member at byte \(offset)") }
        let stream = bytes[Self.headerBytes..<bytes.count - Self.trailerBytes]
        if isThorough {
            let reserved = bytes[Self.checkOffset + 4..<Self.headerBytes]
            var known = ByteReader(bytes, Self.checkOffset..<Self.checkOffset + 4)
            guard try known.integer(UInt32.self) == Self.check(bytes[..<Self.checkOffset], reserved, stream)
            else { throw .damaged("the check of the member at byte \(offset) is not that of its bytes") }
        }
        guard let text = expander.expand(stream, count: textBytes) else {
            throw .damaged("the member at byte \(offset) does not expand to \(textBytes) bytes")
        }
        var trailer = ByteReader(bytes, bytes.count - Self.trailerBytes..<bytes.count)
        guard try trailer.integer(UInt32.self) == CRC32.of(text),
            try trailer.integer(UInt32.self) == UInt32(truncatingIfNeeded: text.count)
        else { throw .damaged("the CRC-32 of the member at byte \(offset) is not that of its text") }
        return text
    }
}

import Glibc
import Parse

/// The frames that are not yet in a segment, on disk before anything else happens to them.
///
/// A `write` per batch makes them safe from a kill of the process; `fdatasync` a few times a second makes them safe
/// from a power cut. Files are named by their first sequence number, and go when every event in them is in a
/// committed block.
struct Journal: ~Copyable {
    static let magic = Array("wplogj02".utf8)
    /// Of files without held lines, sources and marks, which are still read.
    static let firstMagic = Array("wplogj01".utf8)

    private let layout: StoreLayout
    private var file: JournalFile
    /// First sequence numbers of all files, oldest first; the last one is written to.
    private(set) var files: [UInt64]
    /// Files that were closed for writing since the last sync.
    private var unsynced: [Int32] = []
    /// Whether a file was made since the last sync: its name is not on the disk before the folder is.
    private var hasNewFile = true

    /// Begins a new file for the events from `nextSequence` on, behind the files that are there.
    init(layout: StoreLayout, files: [UInt64], nextSequence: UInt64) throws(StoreError) {
        self.layout = layout
        file = try JournalFile(creating: layout.journalFile(firstSequence: nextSequence))
        self.files = files.filter { $0 < nextSequence } + [nextSequence]
    }

    deinit {
        for descriptor in unsynced { Glibc.close(descriptor) }
    }

    /// Writes one record.
    ///
    /// When this throws, nothing of it is in the journal.
    mutating func append(
        _ batch: EventBatch, firstSequence: UInt64, days: [Day]
    ) throws(StoreError) {
        guard !batch.isEmpty else { return }
        if file.size >= IndexLimits.journalFileBytes { try rotate(firstSequence) }
        let firsts = [batch.events.first?.raw, batch.held.first?.raw].compactMap { $0?.range.lowerBound }
        let lasts = [batch.events.last?.raw, batch.held.last?.raw].compactMap { $0?.range.upperBound }
        let bytes = (firsts.min() ?? 0)..<(lasts.max() ?? 0)
        var header: [UInt8] = []
        JournalRecord(batch, firstSequence: firstSequence, days: days, base: bytes.lowerBound).encode(
            to: &header)
        var prefix: [UInt8] = []
        prefix.append(littleEndian: UInt32(truncatingIfNeeded: header.count))
        prefix.append(littleEndian: UInt32(truncatingIfNeeded: bytes.count))
        prefix.append(littleEndian: hashBytes(header.span))
        prefix.append(littleEndian: hashBytes(batch.bytes.span.extracting(bytes)))
        try file.write((prefix + header).span, batch.bytes.span.extracting(bytes))
    }

    /// Descriptors whose data a sync must bring to the disk, the caller's to sync and to close.
    mutating func takeUnsynced() -> [Int32] {
        var descriptors = unsynced + [dup(file.descriptor)]
        if hasNewFile { descriptors.append(unsafe open(layout.journal, O_RDONLY | O_DIRECTORY | O_CLOEXEC)) }
        unsynced = []
        hasNewFile = false
        return descriptors.filter { $0 >= 0 }
    }

    /// Whether `removeFiles` would remove any.
    func hasFiles(before sequence: UInt64) -> Bool { files.count > 1 && files[1] <= sequence }

    /// Removes the files that hold only events before `sequence`.
    mutating func removeFiles(before sequence: UInt64) {
        while files.count > 1, files[1] <= sequence {
            unsafe unlink(layout.journalFile(firstSequence: files[0]))
            files.removeFirst()
        }
    }

    /// Begins an empty file where the present one holds only events that are in committed blocks.
    ///
    /// `nextSequence` is the number of the next event.
    mutating func startAnew(_ nextSequence: UInt64) throws(StoreError) {
        guard file.size > Self.magic.count else { return }
        try rotate(nextSequence)
        removeFiles(before: nextSequence)
    }

    /// Whether there is one file, with nothing in it.
    var isEmpty: Bool { files.count == 1 && file.size <= Self.magic.count }

    /// Begins a new file, whose name says which number comes next.
    mutating func begin(_ nextSequence: UInt64) throws(StoreError) { try rotate(nextSequence) }

    private mutating func rotate(_ nextSequence: UInt64) throws(StoreError) {
        // A file without events, but with lines that wait for others: the name is taken.
        if files.last == nextSequence { return }
        let next = try JournalFile(creating: layout.journalFile(firstSequence: nextSequence))
        let old = dup(file.descriptor)
        if old >= 0 { unsynced.append(old) }
        file = next
        hasNewFile = true
        files.append(nextSequence)
    }
}

/// One open journal file.
struct JournalFile: ~Copyable {
    let descriptor: Int32
    private let path: String
    /// Bytes of whole records.
    private(set) var size: Int
    /// Half a record stands behind them, which could not be cut off yet.
    private var isTorn = false

    /// Makes an empty file.
    ///
    /// Takes the place of one that held no event.
    init(creating path: String) throws(StoreError) {
        self.path = path
        descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        size = 0
        guard descriptor >= 0 else { throw .system("open", path) }
        try write(Journal.magic.span, [UInt8]().span)
    }

    deinit {
        if descriptor >= 0 { Glibc.close(descriptor) }
    }

    /// Writes both spans, or nothing.
    mutating func write(_ first: Span<UInt8>, _ second: Span<UInt8>) throws(StoreError) {
        let total = first.count + second.count
        if isTorn { try cutBack() }
        let result = unsafe first.withUnsafeBytes { first in
            unsafe second.withUnsafeBytes { second in unsafe Self.writeAll(descriptor, [first, second]) }
        }
        guard result == total else {
            let failure = StoreError.system("write", path)
            do throws(StoreError) { try cutBack() } catch {
                // A full disk mends itself, and then this does too; nothing is written before.
                isTorn = true
                if failure.isOutOfSpace { throw failure }
                throw .stopped("\(path) could be neither written nor cut back")
            }
            throw failure
        }
        size += total
    }

    /// Cuts off what stands behind the last whole record: it would be taken for the end of the file.
    private mutating func cutBack() throws(StoreError) {
        guard ftruncate(descriptor, off_t(size)) == 0, lseek(descriptor, off_t(size), SEEK_SET) >= 0 else {
            throw .system("cut back", path)
        }
        isTorn = false
    }

    /// Bytes written before an error, if there was one.
    private static func writeAll(_ descriptor: Int32, _ parts: [UnsafeRawBufferPointer]) -> Int {
        var vectors = unsafe parts.map {
            unsafe iovec(iov_base: UnsafeMutableRawPointer(mutating: $0.baseAddress), iov_len: $0.count)
        }
        var written = 0
        var next = 0
        while unsafe next < vectors.count {
            let count = unsafe vectors[next...].withUnsafeBufferPointer {
                unsafe writev(descriptor, $0.baseAddress, Int32($0.count))
            }
            if count < 0 {
                if errno == EINTR { continue }
                return written
            }
            written += count
            var rest = count
            while unsafe next < vectors.count && rest >= vectors[next].iov_len {
                unsafe rest -= vectors[next].iov_len
                next += 1
            }
            if unsafe next < vectors.count, rest > 0 {
                unsafe vectors[next].iov_base = vectors[next].iov_base?.advanced(by: rest)
                unsafe vectors[next].iov_len -= rest
            }
        }
        return written
    }
}

extension StoreError {
    /// The last system error.
    static func system(_ operation: String, _ path: String) -> StoreError {
        let code = errno
        let reason = unsafe strerror(code).map { unsafe String(cString: $0) } ?? "error \(code)"
        return .system(operation: operation, path: path, code: code, reason: reason)
    }
}

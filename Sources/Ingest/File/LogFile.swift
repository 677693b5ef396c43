import Glibc

/// A log file, read from its beginning in parts that end with a line; one that is compressed with gzip is unpacked.
package final class LogFile {
    private let descriptor: Int32
    private let path: String
    private var gunzip: Gunzip?
    private var pending: [UInt8] = []
    private var isOver = false
    private var damage: String?
    /// Bytes of the file on disk, and how many of them have been read.
    package let size: Int
    package private(set) var bytesRead = 0
    /// When the file was changed last, in nanoseconds since the Unix epoch; nil for what is no file, such as a pipe.
    package let modified: Int64?

    /// - `path`: a file, or `-` for standard input.
    package init(_ path: String) throws(LogFileError) {
        self.path = path
        descriptor = path == "-" ? dup(STDIN_FILENO) : unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .system(path, errno) }
        var status = stat()
        let isKnown = unsafe fstat(descriptor, &status) == 0
        size = isKnown ? Int(status.st_size) : 0
        let isFile = isKnown && status.st_mode & S_IFMT == S_IFREG
        // Whoever sets a file's time to the epoch, as some builds do, says nothing of when it was written.
        modified = isFile && status.st_mtim.tv_sec > 0 ? Self.nanoseconds(status.st_mtim) : nil
        if isKnown, status.st_mode & S_IFMT == S_IFDIR { throw .isFolder(path) }
        pending = try Self.read(descriptor, path)
        bytesRead = pending.count
        isOver = pending.isEmpty
        if pending.starts(with: Gunzip.magic) {
            let head = pending
            pending = []
            gunzip = Gunzip()
            unpack(head)
        }
    }

    deinit {
        if descriptor >= 0 { close(descriptor) }
    }

    /// The next lines with their line feeds, about `count` bytes of content; nil at the end.
    ///
    /// Only the last line of a file, and one of more than `IngestLimits.lineBytes`, can be without its line feed. A
    /// line longer than `count` comes whole. Where
    /// an archive ends early or is damaged, what could be unpacked comes first, and the next call throws.
    package func next(_ count: Int) throws(LogFileError) -> [UInt8]? {
        while true {
            let limit = min(max(count, 1), pending.count)
            // The last line feed within the first `count` bytes; in a longer line the first one.
            var end = pending.count < count ? nil : pending[..<limit].lastIndex(of: 0x0A)
            if end == nil, pending.count >= count { end = pending[limit...].firstIndex(of: 0x0A) }
            if let end { return take(end + 1) }
            // No log has such lines; whatever this is, memory stays bounded. Of a line 64 KiB are kept anyway.
            if pending.count >= IngestLimits.lineBytes { return take(pending.count) }
            if isOver {
                if !pending.isEmpty { return take(pending.count) }
                guard let damage else { return nil }
                self.damage = nil
                throw .damaged(path, damage)
            }
            try fill()
        }
    }

    private func take(_ count: Int) -> [UInt8] {
        let part = Array(pending[..<count])
        pending.removeFirst(count)
        return part
    }

    private func fill() throws(LogFileError) {
        let bytes = try Self.read(descriptor, path)
        bytesRead += bytes.count
        isOver = bytes.isEmpty
        guard let isWhole = gunzip?.isWhole else {
            pending += bytes
            return
        }
        if isOver, !isWhole { damage = "it ends inside a compressed part" }
        unpack(bytes)
    }

    /// What is wrong with an archive ends it, and is said once all before it has been given.
    private func unpack(_ bytes: [UInt8]) {
        do { try gunzip?.add(bytes, to: &pending) } catch {
            damage = "\(error)"
            isOver = true
        }
    }

    private static func nanoseconds(_ time: timespec) -> Int64? {
        let (scaled, overflow) = Int64(time.tv_sec).multipliedReportingOverflow(by: 1_000_000_000)
        let (sum, carried) = scaled.addingReportingOverflow(Int64(time.tv_nsec))
        return overflow || carried ? nil : sum
    }

    private static func read(_ descriptor: Int32, _ path: String) throws(LogFileError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = unsafe bytes.withUnsafeMutableBytes {
                unsafe Glibc.read(descriptor, $0.baseAddress, $0.count)
            }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw .system(path, errno) }
            bytes.removeLast(bytes.count - count)
            return bytes
        }
    }
}

/// Why a log file cannot be read.
package enum LogFileError: Error, CustomStringConvertible {
    case system(String, Int32)
    case isFolder(String)
    case damaged(String, String)

    package var description: String {
        switch self {
        case .system(let path, let code):
            "cannot read \(path): "
                + (unsafe strerror(code).map { unsafe String(cString: $0) } ?? "error \(code)")
        case .isFolder(let path): "\(path) is a folder; name the files in it"
        case .damaged(let path, let reason):
            "\(path) is damaged: \(reason); what stands before that was read"
        }
    }
}

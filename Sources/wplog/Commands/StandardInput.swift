import Glibc

/// Lines of standard input, some at a time.
struct StandardInput: ~Copyable {
    private let separator: UInt8
    private var pending: [UInt8] = []
    private var isOver = false

    /// - Parameter separator: the byte that ends a line.
    init(separator: UInt8 = 0x0A) { self.separator = separator }

    /// Whether more bytes, or the end, come within some milliseconds.
    func hasMore(within milliseconds: Int64) -> Bool {
        guard !isOver else { return false }
        var input = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
        return unsafe poll(&input, 1, Int32(clamping: milliseconds)) > 0
    }

    /// The next lines without their separators, some or one at least; nil at the end.
    ///
    /// A last line needs none.
    mutating func next() throws -> [[UInt8]]? {
        while !isOver {
            var chunk = [UInt8](repeating: 0, count: 1 << 16)
            let count = unsafe chunk.withUnsafeMutableBytes {
                unsafe read(STDIN_FILENO, $0.baseAddress, $0.count)
            }
            if count < 0 {
                if errno == EINTR { continue }
                let reason = unsafe strerror(errno).map { unsafe String(cString: $0) } ?? "error \(errno)"
                throw ExitCode.usage("standard input: \(reason)")
            }
            isOver = count == 0
            pending += chunk.prefix(count)
            if !isOver, !chunk.prefix(count).contains(separator) { continue }
            var lines = pending.split(separator: separator, omittingEmptySubsequences: false).map {
                Array($0)
            }
            pending = lines.popLast() ?? []
            if isOver, !pending.isEmpty { lines.append(pending) }
            if !lines.isEmpty { return lines }
        }
        return nil
    }
}

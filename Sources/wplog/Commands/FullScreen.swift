import Glibc
import Synchronization

/// The whole terminal, without what stood there before; gives it back as it was.
///
/// Keys come at once and are not shown.
final class FullScreen: Sendable {
    /// How the terminal was.
    private let before: Mutex<termios?>
    private static let isInterrupted = Atomic<Bool>(false)

    init() {
        var state = termios()
        let isKnown = unsafe tcgetattr(STDIN_FILENO, &state) == 0
        before = Mutex(isKnown ? state : nil)
        for number in [SIGINT, SIGTERM, SIGHUP] {
            signal(number) { _ in FullScreen.isInterrupted.store(true, ordering: .relaxed) }
        }
        if isKnown {
            state.c_lflag &= ~tcflag_t(ICANON | ECHO)
            unsafe tcsetattr(STDIN_FILENO, TCSANOW, &state)
        }
        // Another screen, and no cursor.
        try? Output.write(Array("\u{1B}[?1049h\u{1B}[?25l".utf8))
    }

    /// Whether the user, or a signal, has ended it.
    var isOver: Bool {
        if Self.isInterrupted.load(ordering: .relaxed) { return true }
        var ready = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
        guard unsafe poll(&ready, 1, 0) > 0 else { return false }
        var key: UInt8 = 0
        let count = unsafe read(STDIN_FILENO, &key, 1)
        if count <= 0 || key == UInt8(ascii: "q") || key == UInt8(ascii: "Q") {
            Self.isInterrupted.store(true, ordering: .relaxed)
            return true
        }
        return false
    }

    /// Shows these lines, and nothing else.
    func show(_ lines: [String]) throws {
        let text = lines.map { $0 + "\u{1B}[K" }.joined(separator: "\r\n")
        try Output.write(Array("\u{1B}[H\(text)\u{1B}[J".utf8))
    }

    func leave() {
        try? Output.write(Array("\u{1B}[?25h\u{1B}[?1049l".utf8))
        before.withLock { before in
            if var state = before { unsafe tcsetattr(STDIN_FILENO, TCSANOW, &state) }
            before = nil
        }
    }
}

import FoundationEssentials
import Glibc

/// What the terminal can do.
enum Terminal {
    static func isTerminal(_ descriptor: Int32) -> Bool { isatty(descriptor) == 1 }

    /// Columns.
    static var width: Int { size.columns }

    /// Columns and rows of standard output's terminal; 80 and 24 where nobody knows.
    static var size: (columns: Int, rows: Int) {
        var size = winsize()
        let isKnown = unsafe ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0
        let named = ProcessInfo.processInfo.environment["COLUMNS"].flatMap { Int($0) }
        return (max(20, isKnown ? Int(size.ws_col) : named ?? 80), isKnown ? max(5, Int(size.ws_row)) : 24)
    }

    static var isDumb: Bool { ProcessInfo.processInfo.environment["TERM"] == "dumb" }

    /// Whether to colour what goes to a descriptor (no-color.org).
    static func wantsColors(_ option: String, _ descriptor: Int32) -> Bool {
        switch option {
        case "always": true
        case "never": false
        default:
            isTerminal(descriptor) && !isDumb
                && (ProcessInfo.processInfo.environment["NO_COLOR"] ?? "").isEmpty
        }
    }
}

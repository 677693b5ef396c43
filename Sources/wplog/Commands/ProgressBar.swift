import Glibc

/// How far some work is: one line on a terminal, from 300 ms on, a few times a second.
struct ProgressBar {
    private let start = ContinuousClock.now
    private var shown: ContinuousClock.Instant?
    private let isTerminal = Terminal.isTerminal(STDERR_FILENO)

    private static let width = 20
    private static let clearLine = "\r\u{1B}[K"

    private var seconds: Double { (ContinuousClock.now - start) / .seconds(1) }

    /// Things a second so far.
    func rate(_ count: Int) -> Int { Int(Double(count) / max(0.001, seconds)) }

    /// Shows a text, the bar, and the time that is left.
    ///
    /// - `share`: from 0 to 1; nil where nobody knows.
    mutating func show(_ name: String, share: Double?, _ text: String) {
        let now = ContinuousClock.now
        guard isTerminal, now - start > .milliseconds(300),
            shown.map({ now - $0 > .milliseconds(200) }) ?? true
        else { return }
        shown = now
        guard let share, share > 0 else { return Output.progress(Self.clearLine + name + text) }
        let part = min(1, share)
        let left = Int((seconds / part * (1 - part)).rounded(.up))
        let filled = Int(part * Double(Self.width))
        let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: Self.width - filled)
        Output.progress(Self.clearLine + "\(name)\(bar) \(Int(part * 100)) %  \(text)  \(left) s left")
    }

    /// Takes the line away.
    func end() {
        if shown != nil { Output.progress(Self.clearLine) }
    }
}

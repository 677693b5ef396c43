package import Parse

/// Splits a TCP stream into syslog frames: octet counting (RFC 6587 §3.4.1), newline, or NUL (§3.4.2), told apart
/// per frame.
///
/// Pure: the caller owns the bytes and the position. It hands in the same bytes again, with more behind them,
/// until a frame is complete; bytes before `position` are done and may be dropped. What was searched once is
/// not searched again, so a peer that sends single bytes costs as much as one that sends all at once.
///
///     25 <13>1 - - - - - - counted<13>a line⏎⏎<13>another⏎
///        └──────────────────────┘ └───────┘   └─────────┘
///
/// No more than `IngestLimits.frameBytes` are ever needed at once: a longer frame is cut there, flagged
/// `truncated`, and its rest is discarded as it arrives.
package struct FrameDecoder: Sendable {
    package enum Step: Equatable, Sendable {
        /// Nothing more can be said without more bytes.
        case needMore
        /// One frame, without count and delimiter, and without the delimiter that some senders put inside of
        /// the count.
        ///
        /// A trailing CR belongs to it.
        case frame(Range<Int>, ParseReasons)
        /// The stream cannot be framed any further.
        ///
        /// Nothing may be decoded after it.
        case reject(FrameError)
    }

    /// What happened besides frames.
    ///
    /// The caller may set it back at any time.
    package struct Tally: Equatable, Sendable {
        /// Frames without content: nothing, or only CR and NUL.
        package var emptyFrames = 0
        /// Bytes of truncated frames beyond the limit.
        package var discardedBytes = 0
        /// Work: bytes looked at, each as often as it was looked at.
        package var examinedBytes = 0
    }

    private enum State {
        /// Before a frame.
        case start
        /// In a frame that ends at a delimiter.
        case line
        /// In a frame of this many bytes.
        case counted(Int)
        /// In the discarded part of a line.
        case restOfLine
        /// Before this many discarded bytes of a counted frame.
        case restOfCounted(Int)
    }

    /// What ends the lines of this stream.
    private enum Ending {
        /// No line has ended yet.
        case unknown
        case lineFeed
        /// A NUL, as Python's `SysLogHandler` writes it. Line feeds are part of the text then.
        case nul
    }

    private var state = State.start
    private var ending = Ending.unknown
    /// Bytes behind the position that hold no delimiter.
    private var searched = 0
    private var afterCounted = false
    package var tally = Tally()

    package init() {}

    /// An octet-counted frame has begun and is not complete.
    package var isInsideCounted: Bool {
        switch state {
        case .counted, .restOfCounted: true
        case .start, .line, .restOfLine: false
        }
    }

    /// The next frame at or after `position`, which moves behind what is done.
    package mutating func next(in bytes: borrowing Span<UInt8>, from position: inout Int) -> Step {
        while position < bytes.count {
            switch state {
            case .start:
                if let step = begin(bytes, &position) { return step }
            case .line:
                if let step = line(bytes, &position) { return step }
            case .counted(let count):
                let kept = min(count, IngestLimits.frameBytes)
                guard bytes.count - position >= kept else { return .needMore }
                let range = position..<position + kept
                position = range.upperBound
                afterCounted = true
                state = count > kept ? .restOfCounted(count - kept) : .start
                guard count == kept else { return .frame(range, .truncated) }
                return .frame(Frame.withoutDelimiter(bytes, range), Frame.complete)
            case .restOfLine:
                let end = delimiter(bytes, position..<bytes.count, frame: position)
                tally.discardedBytes &+= (end ?? bytes.count) - position
                position = end.map { $0 + 1 } ?? bytes.count
                if end != nil { state = .start }
            case .restOfCounted(let count):
                let skipped = min(count, bytes.count - position)
                tally.discardedBytes &+= skipped
                position += skipped
                state = skipped < count ? .restOfCounted(count - skipped) : .start
            }
        }
        return .needMore
    }

    /// At the end of the stream, after `next` wanted more: the unfinished frame, flagged `unterminated`, if
    /// there is one.
    package mutating func finish(in bytes: borrowing Span<UInt8>, from position: inout Int) -> Step {
        defer {
            state = .start
            searched = 0
            position = bytes.count
        }
        let range = position..<max(position, bytes.count)
        guard !range.isEmpty else { return .needMore }
        if Frame.isBlank(bytes, range) {
            tally.emptyFrames &+= 1
            return .needMore
        }
        return .frame(range, .unterminated)
    }

    /// Decides how a frame is delimited.
    ///
    /// Returns a step where it cannot go on.
    private mutating func begin(_ bytes: borrowing Span<UInt8>, _ position: inout Int) -> Step? {
        let first = bytes[position]
        tally.examinedBytes &+= 1
        if first == ASCII.lf || first == ASCII.nul && ending == .nul {
            tally.emptyFrames &+= 1
            position += 1
            return nil
        }
        if first == ASCII.less {
            state = .line
            return nil
        }
        guard ASCII.isDigit(first) else {
            // Some senders put CR, LF or NUL behind a counted frame: this is no sign of a wrong count.
            guard !afterCounted || first == ASCII.cr || first == ASCII.nul else {
                return .reject(.lostFraming)
            }
            state = .line
            return nil
        }
        tally.examinedBytes &+= min(bytes.count - position, IngestLimits.digitRun)
        switch FrameHeader.read(bytes, at: position) {
        case .undecided: return .needMore
        case .line: state = .line
        case .counted(let count, let skip):
            position += skip
            state = .counted(count)
        case .invalid(let error): return .reject(error)
        }
        return nil
    }

    /// Looks for the end of a line.
    ///
    /// Returns nil where the line was empty.
    private mutating func line(_ bytes: borrowing Span<UInt8>, _ position: inout Int) -> Step? {
        let limit = position + IngestLimits.frameBytes
        let known = min(bytes.count, limit + 1)
        let end = delimiter(bytes, min(position + searched, known)..<known, frame: position)
        guard end != nil || known > limit else {
            searched = known - position
            return .needMore
        }
        let range = position..<(end ?? limit)
        position = end.map { $0 + 1 } ?? limit
        state = end == nil ? .restOfLine : .start
        searched = 0
        afterCounted = false
        // A sender of NULs may write a line feed before each.
        let frame = ending == .nul ? Frame.withoutDelimiter(bytes, range) : range
        if Frame.isBlank(bytes, frame) {
            tally.emptyFrames &+= 1
            if end == nil { tally.discardedBytes &+= range.count }
            return nil
        }
        return .frame(frame, end == nil ? .truncated : Frame.complete)
    }

    /// The first delimiter in `range`, which is a part of the frame that begins at `frame`; bytes after it may be
    /// there.
    private mutating func delimiter(_ bytes: borrowing Span<UInt8>, _ range: Range<Int>, frame: Int) -> Int? {
        switch ending {
        case .lineFeed: return search(ASCII.lf, bytes, range)
        case .nul:
            let nul = search(ASCII.nul, bytes, range)
            let rest = range.lowerBound..<(nul ?? range.upperBound)
            guard let lineFeed = lineFeedBeforeFrame(bytes, rest, frame) else { return nul }
            // The NUL before was a byte of a message after all.
            ending = .lineFeed
            return lineFeed
        case .unknown: return firstDelimiter(bytes, range, frame: frame)
        }
    }

    /// The delimiter of the first line, which decides about those after it.
    ///
    /// A NUL counts where it ends what the sender has said so far, or where a frame follows; any other is a byte of
    /// a message. Such a message may hold line feeds, but none that a frame follows.
    private mutating func firstDelimiter(
        _ bytes: borrowing Span<UInt8>, _ range: Range<Int>, frame: Int
    ) -> Int? {
        let lineFeed = search(ASCII.lf, bytes, range)
        // What was the last byte before may have a frame after it now.
        var at = max(frame, range.lowerBound - 2)
        while let nul = search(ASCII.nul, bytes, at..<range.upperBound) {
            at = nul + 1
            guard at == bytes.count || Self.beginsFrame(bytes, at),
                !Frame.isBlank(bytes, frame..<nul)
            else { continue }
            if lineFeed != nil, lineFeedBeforeFrame(bytes, frame..<nul, frame) != nil { break }
            ending = .nul
            return nul
        }
        if lineFeed != nil { ending = .lineFeed }
        return lineFeed
    }

    /// A line feed with a frame after it.
    private mutating func lineFeedBeforeFrame(
        _ bytes: borrowing Span<UInt8>, _ range: Range<Int>, _ frame: Int
    ) -> Int? {
        var at = max(frame, range.lowerBound - 2)
        while let lineFeed = search(ASCII.lf, bytes, at..<range.upperBound) {
            at = lineFeed + 1
            if Self.beginsFrame(bytes, at) { return lineFeed }
        }
        return nil
    }

    /// Whether `<` and a digit stand at an offset, or a count before them.
    private static func beginsFrame(_ bytes: borrowing Span<UInt8>, _ start: Int) -> Bool {
        var at = start
        while at < bytes.count, ASCII.isDigit(bytes[at]), at - start < IngestLimits.countDigits { at += 1 }
        if at > start {
            guard at < bytes.count, bytes[at] == ASCII.space else { return false }
            at += 1
        }
        return at + 1 < bytes.count && bytes[at] == ASCII.less && ASCII.isDigit(bytes[at + 1])
    }

    private mutating func search(_ byte: UInt8, _ bytes: borrowing Span<UInt8>, _ range: Range<Int>) -> Int? {
        let found = ByteSearch.first(byte, in: bytes, range)
        tally.examinedBytes &+= (found ?? range.upperBound) - range.lowerBound
        return found
    }
}

/// What holds for a frame from any way in.
enum Frame {
    /// No reason.
    ///
    /// The literal `[]` is not specialised across modules and costs 20 ns a frame.
    static var complete: ParseReasons { ParseReasons(rawValue: 0) }

    /// The frame without a delimiter at its end that is no part of the message: NULs, one line feed, NULs before
    /// that.
    ///
    /// Senders close a datagram so, pad it with NULs, or count the delimiter of a stream.
    static func withoutDelimiter(_ bytes: borrowing Span<UInt8>, _ range: Range<Int>) -> Range<Int> {
        var end = withoutNULs(bytes, range.lowerBound, range.upperBound)
        if end > range.lowerBound, bytes[end - 1] == ASCII.lf {
            end = withoutNULs(bytes, range.lowerBound, end - 1)
        }
        return range.lowerBound..<end
    }

    private static func withoutNULs(_ bytes: borrowing Span<UInt8>, _ start: Int, _ end: Int) -> Int {
        var end = end
        while end > start, bytes[end - 1] == ASCII.nul { end -= 1 }
        return end
    }

    /// Nothing but CR and NUL: counted as empty, not stored.
    static func isBlank(_ bytes: borrowing Span<UInt8>, _ range: Range<Int>) -> Bool {
        for index in range where bytes[index] != ASCII.cr && bytes[index] != ASCII.nul { return false }
        return true
    }
}

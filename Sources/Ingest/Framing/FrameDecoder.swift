package import Parse

/// Splits a TCP stream into syslog frames: octet counting (RFC 6587 §3.4.1) or newline (§3.4.2), told apart
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
        /// One frame, without count and delimiter.
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

    private let nulDelimits: Bool
    private var state = State.start
    /// Bytes behind the position that hold no delimiter.
    private var searched = 0
    private var afterCounted = false
    package var tally = Tally()

    /// `nulDelimits`: a NUL ends a line as a newline does.
    ///
    /// Off, it is a byte like any other.
    package init(nulDelimits: Bool = false) {
        self.nulDelimits = nulDelimits
    }

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
                return .frame(range, count > kept ? .truncated : Frame.complete)
            case .restOfLine:
                let end = delimiter(bytes, position..<bytes.count)
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
        if first == ASCII.lf || nulDelimits && first == ASCII.nul {
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
        let end = delimiter(bytes, min(position + searched, known)..<known)
        guard end != nil || known > limit else {
            searched = known - position
            return .needMore
        }
        let range = position..<(end ?? limit)
        position = end.map { $0 + 1 } ?? limit
        state = end == nil ? .restOfLine : .start
        searched = 0
        afterCounted = false
        if Frame.isBlank(bytes, range) {
            tally.emptyFrames &+= 1
            if end == nil { tally.discardedBytes &+= range.count }
            return nil
        }
        return .frame(range, end == nil ? .truncated : Frame.complete)
    }

    private mutating func delimiter(_ bytes: borrowing Span<UInt8>, _ range: Range<Int>) -> Int? {
        var found: Int?
        if nulDelimits {
            // Two searches with memchr could each run through all bytes for every frame.
            for index in range where bytes[index] == ASCII.lf || bytes[index] == ASCII.nul {
                found = index
                break
            }
        } else {
            found = ByteSearch.first(ASCII.lf, in: bytes, range)
        }
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

    /// Nothing but CR and NUL: counted as empty, not stored.
    static func isBlank(_ bytes: borrowing Span<UInt8>, _ range: Range<Int>) -> Bool {
        for index in range where bytes[index] != ASCII.cr && bytes[index] != ASCII.nul { return false }
        return true
    }
}

import Parse

@testable import Ingest

/// One frame as a test compares it.
struct Framed: Equatable, CustomStringConvertible {
    var bytes: [UInt8]
    var noted: ParseReasons = []

    init(_ bytes: some Sequence<UInt8>, _ noted: ParseReasons = []) {
        self.bytes = Array(bytes)
        self.noted = noted
    }

    var description: String {
        let text = String(decoding: bytes.prefix(60), as: UTF8.self).debugDescription
        return "\(bytes.count) B \(text)\(noted.descriptions)"
    }
}

/// All that came out of a stream.
struct Decoded: Equatable {
    var frames: [Framed] = []
    var error: FrameError?
    var tally = FrameDecoder.Tally()

    /// Feeds the pieces one after the other, as a connection does: finished bytes are dropped after each.
    init(_ pieces: some Sequence<ArraySlice<UInt8>>) {
        var decoder = FrameDecoder()
        var arena: [UInt8] = []
        feed: for piece in pieces {
            arena += piece
            var position = 0
            steps: while true {
                switch decoder.next(in: arena.span, from: &position) {
                case .frame(let range, let noted): frames.append(Framed(arena[range], noted))
                case .needMore: break steps
                case .reject(let error):
                    self.error = error
                    break feed
                }
            }
            arena.removeFirst(position)
        }
        if error == nil {
            var position = 0
            if case .frame(let range, let noted) = decoder.finish(in: arena.span, from: &position) {
                frames.append(Framed(arena[range], noted))
            }
        }
        tally = decoder.tally
    }

    init(_ text: String) {
        self.init([Array(text.utf8)[...]])
    }

    init(frames: [Framed], error: FrameError?) {
        self.frames = frames
        self.error = error
    }

    /// Without the tally, which says how often bytes were looked at.
    var outcome: Decoded { Decoded(frames: frames, error: error) }
}

/// The oracle: splits a whole stream the plain way.
///
/// Shares no code with the decoder; knows no delimiter but LF: the first line must end with it.
func naiveFrames(_ stream: [UInt8], keeping limit: Int = 65_536) -> Decoded {
    var frames: [Framed] = []
    var left = stream[...]
    var error: FrameError?
    func isBlank(_ bytes: ArraySlice<UInt8>) -> Bool { bytes.allSatisfy { $0 == 13 || $0 == 0 } }
    while !left.isEmpty, error == nil {
        let digits = left.prefix { (48...57).contains($0) }
        let number = String(decoding: digits, as: UTF8.self)
        if digits.count <= 32, number.first != "0",
            left.dropFirst(digits.count).starts(with: Array(" <".utf8)),
            !digits.isEmpty
        {
            guard let count = UInt64(number).map({ Int(clamping: $0) }) else {
                error = .badOctetCount
                break
            }
            guard count <= 1_048_576 else {
                error = .frameTooLarge
                break
            }
            var body = left.dropFirst(digits.count + 1).prefix(count)
            left = left.dropFirst(digits.count + 1 + count)
            let whole = body.count == count || body.count > limit
            // A delimiter inside of the count is none of the frame's.
            if count <= limit, body.count == count {
                body = body.dropLast(body.reversed().prefix { $0 == 0 }.count)
                if body.last == 10 { body = body.dropLast() }
                body = body.dropLast(body.reversed().prefix { $0 == 0 }.count)
            }
            frames.append(
                Framed(
                    body.prefix(limit),
                    count > limit && body.count >= limit ? .truncated : whole ? [] : .unterminated))
        } else if let end = left.firstIndex(of: 10) {
            let line = left[..<end]
            left = left[(end + 1)...]
            if !isBlank(line.prefix(limit)) {
                frames.append(Framed(line.prefix(limit), line.count > limit ? .truncated : []))
            }
        } else {
            let line = left
            left = []
            if !isBlank(line.prefix(limit)) {
                frames.append(Framed(line.prefix(limit), line.count > limit ? .truncated : .unterminated))
            }
        }
    }
    return Decoded(frames: frames, error: error)
}

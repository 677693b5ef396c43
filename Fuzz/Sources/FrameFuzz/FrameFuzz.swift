import FuzzSupport
import Parse

@testable import Ingest

/// Any split of a stream gives the frames of the whole, and the decoder always gets on.
///
/// First byte: bit 0 NUL ends lines, bit 1 long runs (0xFF stands for 40,000 letters). Second byte: how the stream
/// is cut. The rest is the stream.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzFrames(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    var input = unsafe Input(start, count)
    let options = input.byte()
    let cut = input.byte()
    var stream = input.rest()
    if options & 2 != 0 { stream = Stream.expanded(stream) }
    let nulDelimits = options & 1 != 0

    let whole = Decoded([stream[...]], nulDelimits: nulDelimits)
    let pieces = Decoded(Stream.pieces(of: stream, cut), nulDelimits: nulDelimits)
    require(pieces.frames == whole.frames, "a split of the stream gives other frames")
    require(pieces.error == whole.error, "a split gives \(pieces.error as Any) for \(whole.error as Any)")
    require(pieces.tally.emptyFrames == whole.tally.emptyFrames, "a split counts other empty frames")
    require(pieces.tally.discardedBytes == whole.tally.discardedBytes, "a split discards other bytes")
    // Each byte of a header may come alone, and 32 bytes be read to see whether it is one.
    let most = 40 * stream.count
    require(whole.tally.examinedBytes <= most, "\(whole.tally.examinedBytes) looks at \(stream.count) bytes")
    require(
        pieces.tally.examinedBytes <= most, "\(pieces.tally.examinedBytes) looks at \(stream.count) bytes")
    return 0
}

/// All that comes out of a stream.
struct Decoded {
    struct Frame: Equatable {
        var bytes: ArraySlice<UInt8>
        var noted: ParseReasons

        static func == (left: Frame, right: Frame) -> Bool {
            left.noted == right.noted && left.bytes.elementsEqual(right.bytes)
        }
    }

    private(set) var frames: [Frame] = []
    private(set) var error: FrameError?
    private(set) var tally = FrameDecoder.Tally()

    /// Feeds the pieces as a connection does: finished bytes are dropped after each.
    init(_ pieces: [ArraySlice<UInt8>], nulDelimits: Bool) {
        var decoder = FrameDecoder(nulDelimits: nulDelimits)
        var arena: [UInt8] = []
        for piece in pieces where error == nil {
            arena += piece
            var position = 0
            step(&decoder, arena, &position)
            arena.removeFirst(position)
            require(
                error != nil || arena.count <= IngestLimits.frameBytes + 1,
                "\(arena.count) bytes must be kept")
        }
        if error == nil {
            var position = 0
            if case .frame(let range, let noted) = decoder.finish(in: arena.span, from: &position) {
                require(range.upperBound <= arena.count, "an unfinished frame ends outside")
                frames.append(Frame(bytes: arena[range], noted: noted))
            }
            require(position == arena.count, "the end leaves bytes")
        }
        tally = decoder.tally
    }

    /// Takes the frames that are complete.
    private mutating func step(_ decoder: inout FrameDecoder, _ arena: [UInt8], _ position: inout Int) {
        while true {
            let before = position
            let step = decoder.next(in: arena.span, from: &position)
            require(position >= before && position <= arena.count, "the position left the bytes")
            switch step {
            case .frame(let range, let noted):
                require(range.lowerBound >= before, "a frame begins in the one before")
                require(range.upperBound <= position, "a frame ends behind the position")
                require(position > before, "a frame without progress")
                require(range.count <= IngestLimits.frameBytes, "a frame of \(range.count) bytes")
                frames.append(Frame(bytes: arena[range], noted: noted))
            case .needMore: return
            case .reject(let error):
                self.error = error
                return
            }
        }
    }
}

enum Stream {
    /// The stream with long runs, which inputs are too short for.
    static func expanded(_ stream: [UInt8]) -> [UInt8] {
        var expanded: [UInt8] = []
        var runs = 0
        for byte in stream {
            if byte == 0xFF, runs < 8 {
                runs += 1
                expanded += [UInt8](repeating: UInt8(ascii: "a"), count: 40_000)
            } else {
                expanded.append(byte)
            }
        }
        return expanded
    }

    /// The stream in pieces; `cut` says how long they are.
    static func pieces(of stream: [UInt8], _ cut: UInt8) -> [ArraySlice<UInt8>] {
        // Single bytes of a long stream take longer than they find.
        let least = stream.count / 2_000
        var state = UInt64(cut) &+ 1
        var pieces: [ArraySlice<UInt8>] = []
        var start = 0
        while start < stream.count {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            let length = least + 1 + Int(state >> 33) % (1 + Int(cut) * Int(cut) / 16)
            let end = min(stream.count, start + length)
            pieces.append(stream[start..<end])
            start = end
        }
        return pieces
    }
}

internal import CPCRE2

/// How a match ended.
package enum GrokOutcome: Hashable, Sendable {
    case matched
    case noMatch
    /// The engine stopped at a limit of steps, stack or heap before it knew.
    case limit
}

/// Runs grok programs over bytes.
///
/// One for each thread: it owns what a match writes to.
///
/// A match allocates nothing. The ranges of a match stay until the next one.
@safe package struct GrokMatcher: ~Copyable {
    private let data: OpaquePointer
    private let context: OpaquePointer
    private let stack: OpaquePointer?
    private let offsets: UnsafeMutablePointer<Int>
    /// The program of the last match.
    private var program: GrokProgram?
    /// Groups 0 ..< this were written by the last match; PCRE2 leaves the others as some match before left
    /// them.
    private var written = 0
    /// Offset of the first byte that the last match saw.
    private var base = 0

    /// Makes a matcher with the limits of `GrokLimits`.
    package init() {
        // PCRE2 fails here only when memory is out, which no program of ours survives.
        guard let data = unsafe pcre2_match_data_create_8(UInt32(GrokLimits.groups + 1), nil),
            let context = unsafe pcre2_match_context_create_8(nil),
            let offsets = unsafe pcre2_get_ovector_pointer_8(data)
        else { preconditionFailure("out of memory for match data") }
        unsafe pcre2_set_match_limit_8(context, GrokLimits.matchSteps)
        unsafe pcre2_set_depth_limit_8(context, GrokLimits.matchDepth)
        unsafe pcre2_set_heap_limit_8(context, GrokLimits.matchHeapKiB)
        // Without a stack of its own, machine code takes 32 KiB of the thread's.
        unsafe stack = pcre2_jit_stack_create_8(
            GrokLimits.jitStackBytes.first, GrokLimits.jitStackBytes.most, nil)
        unsafe pcre2_jit_stack_assign_8(context, nil, stack.map { unsafe UnsafeMutableRawPointer($0) })
        unsafe self.data = data
        unsafe self.context = context
        unsafe self.offsets = offsets
    }

    deinit {
        unsafe pcre2_match_data_free_8(data)
        unsafe pcre2_match_context_free_8(context)
        unsafe pcre2_jit_stack_free_8(stack)
    }

    /// Matches the bytes `from ..< to` and nothing around them: `^`, `$`, `\b` and look-behind see no other
    /// byte.
    ///
    /// A range that does not lie within `bytes` does not match.
    package mutating func match(
        _ program: GrokProgram, _ bytes: Span<UInt8>, from: Int, to: Int
    ) -> GrokOutcome {
        written = 0
        guard from >= 0, from <= to, to <= bytes.count else { return .noMatch }
        if self.program !== program { self.program = program }
        base = from
        let data = unsafe data
        let context = unsafe context
        let result = unsafe bytes.withUnsafeBufferPointer { buffer -> Int32 in
            // An empty span may have no address; PCRE2 takes none with a length of 0.
            let subject = unsafe buffer.baseAddress.map { unsafe $0 + from }
            return program.compiled
                ? unsafe pcre2_jit_match_8(program.code, subject, to - from, 0, 0, data, context)
                : unsafe pcre2_match_8(program.code, subject, to - from, 0, 0, data, context)
        }
        if result > 0 {
            written = Int(result)
            return .matched
        }
        return result == PCRE2_ERROR_NOMATCH ? .noMatch : .limit
    }

    /// Where the last match found the field `captureIndex` of its program's `captures`: offsets into the
    /// bytes that were matched.
    ///
    /// Nil when the field was not set, or the last match failed. Of several groups with the field's name the
    /// first that is set counts.
    package func range(of captureIndex: Int) -> ByteRange? {
        guard let program, written > 0, captureIndex >= 0, captureIndex < program.captures.count else {
            return nil
        }
        var index = program.firstGroup[captureIndex]
        let end = program.firstGroup[captureIndex + 1]
        while index < end {
            if let range = range(ofGroup: program.groups[index]) { return range }
            index += 1
        }
        return nil
    }

    /// Where the last match ended; nil when it failed.
    package var matchEnd: Int? { range(ofGroup: 0).map { Int($0.end) } }

    private func range(ofGroup group: Int) -> ByteRange? {
        guard group < written else { return nil }
        let start = unsafe offsets[2 * group]
        let end = unsafe offsets[2 * group + 1]
        // PCRE2_UNSET is -1 here. `\K` in a look-ahead can put the end before the start.
        guard start >= 0, end >= start else { return nil }
        return ByteRange(
            start: UInt32(truncatingIfNeeded: base &+ start), end: UInt32(truncatingIfNeeded: base &+ end))
    }
}

/// The memory behind its pointers belongs to one matcher alone, which cannot be copied: it may move to
/// another thread, and only a call that has it exclusively writes to it.
extension GrokMatcher: @unchecked Sendable {}

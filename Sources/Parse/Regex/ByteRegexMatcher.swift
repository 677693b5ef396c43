internal import CPCRE2

/// Runs one regular expression over values, within `RegexLimits`.
///
/// One for each query: it owns what a match writes to, and the time that all its matches may take. A match
/// allocates nothing.
@safe package struct ByteRegexMatcher: ~Copyable {
    private let regex: ByteRegex
    private let data: OpaquePointer
    private let context: OpaquePointer
    private let stack: OpaquePointer?
    private var timeLeft: Duration

    /// `time`: what all matches together may take.
    package init(_ regex: ByteRegex, time: Duration = RegexLimits.time) {
        self.regex = regex
        timeLeft = time
        // PCRE2 fails here only when memory is out, which no program of ours survives.
        guard let data = unsafe pcre2_match_data_create_8(1, nil),
            let context = unsafe pcre2_match_context_create_8(nil)
        else { preconditionFailure("out of memory for match data") }
        unsafe pcre2_set_match_limit_8(context, RegexLimits.steps)
        unsafe pcre2_set_depth_limit_8(context, RegexLimits.depth)
        unsafe pcre2_set_heap_limit_8(context, RegexLimits.heapKiB)
        // Without a stack of its own, machine code takes 32 KiB of the thread's.
        unsafe stack = pcre2_jit_stack_create_8(
            RegexLimits.jitStackBytes.first, RegexLimits.jitStackBytes.most, nil)
        unsafe pcre2_jit_stack_assign_8(context, nil, stack.map { unsafe UnsafeMutableRawPointer($0) })
        unsafe self.data = data
        unsafe self.context = context
    }

    deinit {
        unsafe pcre2_match_data_free_8(data)
        unsafe pcre2_match_context_free_8(context)
        unsafe pcre2_jit_stack_free_8(stack)
    }

    /// Whether the value at `range` holds a match.
    ///
    /// `^`, `$`, `\b` and look-behind see nothing around the value. A range that does not lie within `bytes`
    /// does not match.
    package mutating func match(_ bytes: Span<UInt8>, _ range: Range<Int>) -> GrokOutcome {
        guard range.lowerBound >= 0, range.upperBound <= bytes.count else { return .noMatch }
        guard timeLeft > .zero else { return .limit }
        let begin = ContinuousClock.now
        defer { timeLeft -= ContinuousClock.now - begin }
        var start = range.lowerBound
        while true {
            // A match may begin in start ... last.
            var last = min(start + RegexLimits.places, range.upperBound)
            // A character must not be cut.
            while regex.isUnicode, last < range.upperBound, bytes[last] & 0xC0 == 0x80 { last += 1 }
            let outcome = match(bytes, range, from: start, to: last)
            if outcome != .noMatch || last == range.upperBound { return outcome }
            if ContinuousClock.now - begin >= timeLeft { return .limit }
            start = last
        }
    }

    /// A match that begins in `from ... to`.
    private func match(_ bytes: Span<UInt8>, _ range: Range<Int>, from: Int, to: Int) -> GrokOutcome {
        let data = unsafe data
        let context = unsafe context
        let regex = regex
        unsafe pcre2_set_offset_limit_8(context, to - range.lowerBound)
        let result = unsafe bytes.withUnsafeBufferPointer { buffer -> Int32 in
            // An empty span may have no address; PCRE2 takes none with a length of 0.
            let subject = unsafe buffer.baseAddress.map { unsafe $0 + range.lowerBound }
            let offset = from - range.lowerBound
            return regex.isCompiled
                ? unsafe pcre2_jit_match_8(regex.code, subject, range.count, offset, 0, data, context)
                : unsafe pcre2_match_8(regex.code, subject, range.count, offset, 0, data, context)
        }
        // 0: there is room for the whole match, and not for its groups.
        if result >= 0 { return .matched }
        return result == PCRE2_ERROR_NOMATCH ? .noMatch : .limit
    }
}

/// The memory behind its pointers belongs to one matcher alone, which cannot be copied: it may move to
/// another thread, and only a call that has it exclusively writes to it.
extension ByteRegexMatcher: @unchecked Sendable {}

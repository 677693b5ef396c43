internal import CPCRE2

/// A compiled grok pattern.
///
/// Immutable, shared by all threads; a `GrokMatcher` runs it.
@safe package final class GrokProgram: Sendable {
    /// The fields that the pattern reads, in the order in which they first stand in it.
    ///
    /// Several groups of one name are one capture.
    package let captures: [GrokCapture]
    /// Whether the whole range given must match, or only its beginning.
    package let wholeLine: Bool
    /// The regular expression that PCRE2 was given.
    package let regex: String

    /// Never changed after compilation, which is what PCRE2 asks of code that several threads use.
    nonisolated(unsafe) let code: OpaquePointer
    /// Whether there is machine code.
    ///
    /// Without it (a kernel that allows no executable memory) PCRE2 interprets.
    let compiled: Bool
    /// The groups of all captures, capture by capture, and where each capture's groups begin.
    let groups: [Int]
    let firstGroup: [Int]

    /// Compiles `pattern`.
    ///
    /// It always matches from the first byte given; with `wholeLine`, to the last one too. `origin` stands
    /// for the file's name in errors.
    package convenience init(
        _ pattern: String, library: PatternLibrary, wholeLine: Bool, origin: String = "pattern"
    ) throws(GrokError) {
        try self.init(pattern, library: library, wholeLine: wholeLine, origin: origin, machineCode: true)
    }

    /// `machineCode`: whether to compile to machine code where that is possible.
    init(
        _ pattern: String, library: PatternLibrary, wholeLine: Bool, origin: String, machineCode: Bool
    ) throws(GrokError) {
        let source = GrokSource(file: origin, line: 1, text: Array(pattern.utf8), start: 0)
        let expansion = try GrokExpansion(source, library: library)
        unsafe code = try unsafe Self.compile(expansion, wholeLine: wholeLine, source: source)
        compiled = unsafe machineCode && pcre2_jit_compile_8(code, PCRE2_JIT_COMPLETE) == 0
        captures = expansion.captures
        self.wholeLine = wholeLine
        regex = String(decoding: expansion.output, as: UTF8.self)
        var groups: [Int] = []
        var firstGroup = [0]
        for capture in expansion.captures.indices {
            for (index, owner) in expansion.groupCaptures.enumerated() where owner == capture {
                groups.append(index + 1)
            }
            firstGroup.append(groups.count)
        }
        self.groups = groups
        self.firstGroup = firstGroup
    }

    deinit { unsafe pcre2_code_free_8(code) }

    /// No UTF: a line is bytes, and invalid UTF-8 is no reason to fail.
    ///
    /// `^` and `$` also match at newlines and `.` matches them, as in Logstash. Anchored, because the match
    /// limit counts for each start anew.
    private static func compile(
        _ expansion: GrokExpansion, wholeLine: Bool, source: GrokSource
    ) throws(GrokError) -> OpaquePointer {
        var options =
            PCRE2_DOTALL | PCRE2_MULTILINE | PCRE2_NO_AUTO_CAPTURE | PCRE2_ANCHORED | PCRE2_NEVER_UTF
        if wholeLine { options |= PCRE2_ENDANCHORED }
        var number: Int32 = 0
        var offset = 0
        let code = unsafe expansion.output.withUnsafeBufferPointer { text in
            unsafe pcre2_compile_8(text.baseAddress, text.count, options, &number, &offset, nil)
        }
        if let code = unsafe code { return unsafe code }
        let place = expansion.place(of: PCRE2.fault(number, offset)) ?? (source, 0)
        throw GrokError(.badRegex(PCRE2.message(number)), in: place.source, at: place.offset)
    }
}

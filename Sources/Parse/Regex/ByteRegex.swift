internal import CPCRE2

/// A compiled regular expression of a query: found anywhere in a value, case-sensitive.
///
/// Immutable, shared by all threads; a `ByteRegexMatcher` runs it.
///
/// A pattern of ASCII matches bytes: `.` is any byte but a newline, so that a byte that is no UTF-8 hides
/// nothing. A pattern with other characters matches characters, as `[äö]` and `ü+` are meant; a byte that is
/// no UTF-8 is then no character, and only what stands beside it can match.
@safe package final class ByteRegex: Sendable {
    /// Why a text is no regular expression: PCRE2's words, and the byte of the text.
    package struct Failure: Error, Equatable {
        package var message: String
        package var offset: Int
    }

    /// Never changed after compilation, which is what PCRE2 asks of code that several threads use.
    nonisolated(unsafe) let code: OpaquePointer
    /// Whether there is machine code.
    ///
    /// Without it (a kernel that allows no executable memory) PCRE2 interprets.
    let isCompiled: Bool

    /// Whether characters are matched, and not bytes.
    let isUnicode: Bool

    /// Throws where `init` would.
    package static func check(_ pattern: String) throws(Failure) { _ = try Self(pattern, machineCode: false) }

    /// Compiles `pattern`.
    ///
    /// Throws where PCRE2 refuses it, or where it is longer than `RegexLimits.patternBytes`.
    package convenience init(_ pattern: String) throws(Failure) {
        try self.init(pattern, machineCode: true)
    }

    /// `machineCode`: whether to compile to machine code where that is possible.
    init(_ pattern: String, machineCode: Bool) throws(Failure) {
        let text = Array(pattern.utf8)
        guard text.count <= RegexLimits.patternBytes else {
            throw Failure(
                message:
                    "the regular expression has \(text.count) bytes, the limit is \(RegexLimits.patternBytes)",
                offset: 0)
        }
        isUnicode = text.contains { $0 >= 0x80 }
        // \C could stand between the bytes of a character.
        var options = PCRE2_USE_OFFSET_LIMIT | PCRE2_NEVER_BACKSLASH_C
        options |= isUnicode ? PCRE2_UTF | PCRE2_UCP | PCRE2_MATCH_INVALID_UTF : PCRE2_NEVER_UTF
        var number: Int32 = 0
        var offset = 0
        let code = unsafe text.withUnsafeBufferPointer { text in
            unsafe pcre2_compile_8(text.baseAddress, text.count, options, &number, &offset, nil)
        }
        guard let code = unsafe code else {
            let place = min(max(0, PCRE2.fault(number, offset)), max(0, text.count - 1))
            throw Failure(message: PCRE2.message(number), offset: place)
        }
        unsafe self.code = code
        isCompiled = unsafe machineCode && pcre2_jit_compile_8(code, PCRE2_JIT_COMPLETE) == 0
    }

    deinit { unsafe pcre2_code_free_8(code) }
}

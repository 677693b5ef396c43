internal import CPCRE2

/// What grok and the regular expressions of queries share of PCRE2.
enum PCRE2 {
    /// PCRE2's own words for an error.
    static func message(_ number: Int32) -> String {
        var text = [UInt8](repeating: 0, count: 256)
        let length = unsafe text.withUnsafeMutableBufferPointer { buffer in
            unsafe pcre2_get_error_message_8(number, buffer.baseAddress, buffer.count)
        }
        return length > 0
            ? String(decoding: text.prefix(Int(length)), as: UTF8.self) : "error \(number) of PCRE2"
    }

    /// Where the fault of a pattern is, by the number and the offset of the error.
    ///
    /// PCRE2 stops behind the fault; but for a look-behind it says where that begins, and at a quantifier it
    /// steps back.
    static func fault(_ number: Int32, _ offset: Int) -> Int {
        number == PCRE2_ERROR_LOOKBEHIND_NOT_FIXED_LENGTH || number == PCRE2_ERROR_QUANTIFIER_INVALID
            ? offset : offset - 1
    }
}

extension Span where Element == UInt8 {
    /// Whether the bytes of `range` are text: well-formed UTF-8 without control characters other than those that
    /// part lines and columns.
    func isReadable(_ range: Range<Int>) -> Bool {
        for index in range where self[index] < 0x20 || self[index] == 0x7F {
            guard self[index] == 0x09 || self[index] == 0x0A || self[index] == 0x0D else { return false }
        }
        return isUTF8(range)
    }

    /// Whether the bytes of `range` are well-formed UTF-8 (Unicode, table 3-7: no overlong form, no
    /// surrogate, nothing above U+10FFFF).
    ///
    /// NUL and control bytes are well-formed.
    package func isUTF8(_ range: Range<Int>) -> Bool {
        var at = range.lowerBound
        let end = range.upperBound
        while at < end {
            // Log lines are nearly all ASCII: eight bytes a step.
            while at &+ 8 <= end, word(at: at) & 0x8080_8080_8080_8080 == 0 { at &+= 8 }
            guard at < end else { return true }
            // The sequences of one word stand together.
            while at < end, self[at] >= 0x80 {
                let length = sequenceLength(at: at, to: end)
                if length == 0 { return false }
                at &+= length
            }
            if at < end { at &+= 1 }
        }
        return true
    }

    /// The length of the multi-byte sequence at `at`; 0 where it is malformed, or cut off at `end`.
    @inline(__always)
    package func sequenceLength(at: Int, to end: Int) -> Int {
        let lead = self[at]
        guard end - at >= 2 else { return 0 }
        let second = self[at &+ 1]
        switch lead {
        case 0xC2...0xDF:
            return isTrail(second) ? 2 : 0
        case 0xE0...0xEF:
            guard end - at >= 3, isTrail(self[at &+ 2]) else { return 0 }
            let lowest: UInt8 = lead == 0xE0 ? 0xA0 : 0x80
            let highest: UInt8 = lead == 0xED ? 0x9F : 0xBF
            return second >= lowest && second <= highest ? 3 : 0
        case 0xF0...0xF4:
            guard end - at >= 4, isTrail(self[at &+ 2]), isTrail(self[at &+ 3]) else { return 0 }
            let lowest: UInt8 = lead == 0xF0 ? 0x90 : 0x80
            let highest: UInt8 = lead == 0xF4 ? 0x8F : 0xBF
            return second >= lowest && second <= highest ? 4 : 0
        default:
            return 0
        }
    }

    private func isTrail(_ byte: UInt8) -> Bool { byte & 0xC0 == 0x80 }
}

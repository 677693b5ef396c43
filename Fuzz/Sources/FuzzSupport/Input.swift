/// The bytes of one run: a few at the front choose what is done, the rest is what it is done to.
package struct Input {
    private var bytes: ArraySlice<UInt8>

    /// Copies the `count` bytes from `start` on; libFuzzer gives no address with a count of 0.
    package init(_ start: UnsafePointer<UInt8>?, _ count: Int) {
        unsafe bytes = Array(UnsafeBufferPointer(start: start, count: start == nil ? 0 : count))[...]
    }

    /// The next byte; 0 behind the end.
    package mutating func byte() -> UInt8 { bytes.popFirst() ?? 0 }

    /// The next two bytes as a number.
    package mutating func number() -> Int { Int(byte()) << 8 | Int(byte()) }

    /// The bytes up to `delimiter`, which is taken away with them, or all that are left.
    package mutating func part(endedBy delimiter: UInt8) -> [UInt8] {
        let part = bytes.prefix { $0 != delimiter }
        bytes = bytes.dropFirst(part.count + 1)
        return Array(part)
    }

    /// All that is left.
    package mutating func rest() -> [UInt8] {
        defer { bytes = [] }
        return Array(bytes)
    }

    package var isEmpty: Bool { bytes.isEmpty }
}

/// Ends the run where a property does not hold.
///
/// libFuzzer keeps the input.
package func require(
    _ holds: Bool, _ property: @autoclosure () -> String, file: StaticString = #fileID, line: UInt = #line
) {
    if !holds { fatalError(property(), file: file, line: line) }
}

/// A network as bits written out: one character for each of 32 or 128.
struct NaiveNetwork {
    private let prefix: String
    private let isV4: Bool

    /// Takes `address/bits` or one address of IPv6.
    init(_ text: String) {
        let parts = text.split(separator: "/")
        let bits = Self.bits(String(parts[0])) ?? "none"
        isV4 = bits.count == 32
        prefix = String(bits.prefix(parts.count > 1 ? Int(parts[1]) ?? 0 : bits.count))
    }

    func holds(_ value: [UInt8]) -> Bool {
        guard let text = String(validating: value, as: UTF8.self), let bits = Self.bits(text) else {
            return false
        }
        return (bits.count == 32) == isV4 && bits.hasPrefix(prefix)
    }

    /// The bits of an address; nil for other texts.
    static func bits(_ text: String) -> String? {
        if text.wholeMatch(of: #/(0|[1-9][0-9]{0,2})(\.(0|[1-9][0-9]{0,2})){3}/#) != nil {
            let numbers = text.split(separator: ".").compactMap { Int($0) }
            return numbers.allSatisfy { $0 < 256 } ? numbers.map { binary($0, 8) }.joined() : nil
        }
        var text = text
        // A last part of IPv4 is two groups.
        if let colon = text.lastIndex(of: ":"), text[colon...].contains(".") {
            guard let last = bits(String(text[text.index(after: colon)...])), last.count == 32 else {
                return nil
            }
            text = text[...colon] + hex(last.prefix(16)) + ":" + hex(last.suffix(16))
        }
        let halves = text.split(separator: #/::/#, omittingEmptySubsequences: false).map { half in
            half.isEmpty
                ? [] : half.split(separator: ":", omittingEmptySubsequences: false).map { String($0) }
        }
        guard halves.count <= 2, text.contains(":") else { return nil }
        let groups = halves.flatMap { $0 }
        guard groups.allSatisfy({ $0.wholeMatch(of: #/[0-9a-fA-F]{1,4}/#) != nil }),
            halves.count == 1 ? groups.count == 8 : groups.count < 8
        else { return nil }
        let zeros = [String](repeating: "0", count: 8 - groups.count)
        let all = halves.count == 1 ? groups : halves[0] + zeros + halves[1]
        let bits = all.map { binary(Int($0, radix: 16) ?? 0, 16) }.joined()
        let mapped = String(repeating: "0", count: 80) + String(repeating: "1", count: 16)
        return bits.hasPrefix(mapped) ? String(bits.dropFirst(96)) : bits
    }

    private static func binary(_ number: Int, _ width: Int) -> String {
        let digits = String(number, radix: 2)
        return String(repeating: "0", count: width - digits.count) + digits
    }

    private static func hex(_ bits: Substring) -> String { String(Int(bits, radix: 2) ?? 0, radix: 16) }
}

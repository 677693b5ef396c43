/// Random numbers that a printed seed brings back: SplitMix64 (G.
///
/// Steele et al., 2014).
package struct SeededRandom: RandomNumberGenerator, Sendable {
    /// What to print when a property fails.
    package let seed: UInt64
    private var state: UInt64

    package init(seed: UInt64 = .random(in: .min ... .max)) {
        self.seed = seed
        state = seed
    }

    package mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// A number from 0 up to, but not including, `bound`, which must be above 0.
    package mutating func below(_ bound: Int) -> Int { Int.random(in: 0..<bound, using: &self) }

    /// True once in `count` calls.
    package mutating func once(in count: Int) -> Bool { below(count) == 0 }

    /// One of `choices`, which must not be empty.
    package mutating func pick<Element>(_ choices: [Element]) -> Element { choices[below(choices.count)] }

    package mutating func bytes(_ count: Int) -> [UInt8] {
        (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &self) }
    }
}

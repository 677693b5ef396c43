import Foundation

/// Lines of real shapes, of known formats: those of a file in `Benchmarks/Lines`, or of one in `Examples`.
///
/// The paths are those of the checkout, where `make bench` begins.
struct LineFile {
    struct Line {
        /// The format that must read it.
        let format: String
        let frame: [UInt8]
    }

    /// The day that they are of: 2026-11-22.
    ///
    /// Seconds since the Unix epoch.
    static let day = 1_795_305_600

    let lines: [Line]

    /// A file of lines `FORMAT`, tab, frame.
    ///
    /// `#` begins a comment line, and ␤ stands for a line feed.
    init(_ name: String) throws {
        var lines: [Line] = []
        for text in try Self.text(of: "Benchmarks/Lines/" + name) where !text.hasPrefix("#") {
            let parts = text.split(separator: "\t", maxSplits: 1)
            guard parts.count == 2 else { throw Failure("\(name): no tab behind the format in: \(text)") }
            lines.append(
                Line(format: String(parts[0]), frame: Array(parts[1].replacing("\u{2424}", with: "\n").utf8)))
        }
        self.lines = lines
    }

    /// The messages of an example, each with a syslog header.
    init(example name: String, header: String, format: String) throws {
        lines = try Self.text(of: "Examples/" + name).map {
            Line(format: format, frame: Array((header + $0).utf8))
        }
    }

    private static func text(of path: String) throws -> [Substring] {
        guard let bytes = FileManager.default.contents(atPath: path) else {
            throw Failure("there is no \(path) here; start it from the root of the checkout")
        }
        return String(decoding: bytes, as: UTF8.self).split(separator: "\n")
    }

    /// `count` lines or a few less: each format has as many as the others, in a random order that is always
    /// the same.
    func mixed(_ count: Int) -> [Line] {
        let formats = Dictionary(grouping: lines, by: \.format).sorted { $0.key < $1.key }.map(\.value)
        guard !formats.isEmpty else { return [] }
        var mix: [Line] = []
        for round in 0..<count / formats.count { mix += formats.map { $0[round % $0.count] } }
        var random = FixedRandom()
        return mix.shuffled(using: &random)
    }

    /// Lines as RFC 6587 §3.4.1 frames them, with their lengths: so they may hold line feeds.
    static func stream(_ lines: [Line]) -> [UInt8] {
        var bytes: [UInt8] = []
        for line in lines { bytes += Array("\(line.frame.count) ".utf8) + line.frame }
        return bytes
    }
}

/// SplitMix64, always from the same seed.
struct FixedRandom: RandomNumberGenerator {
    private var state: UInt64 = 2026

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }
}

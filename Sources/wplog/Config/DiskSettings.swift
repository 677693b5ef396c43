import Index

extension DiskPolicy {
    /// Reads the settings `disk_reserve` and `disk_ballast`.
    init(_ values: SettingValues) throws {
        self.init(
            reserve: try values.read(.diskReserve) { try Reserve($0) },
            ballast: try values.read(.diskBallast) { text in
                if text == "off" || text == "0" { return 0 }
                guard let bytes = ByteSize.bytes(text) else {
                    throw ExitCode.usage("\"\(text)\" is no size: write 64MiB, 100MB, or off")
                }
                return bytes
            })
    }
}

extension DiskPolicy.Reserve {
    /// Reads `auto`, `500MB`, `2%` or `off`.
    init(_ text: String) throws {
        if text == "auto" {
            self = .standard
        } else if text == "off" || text == "0" {
            self = .off
        } else if text.hasSuffix("%"), let percent = ByteSize.decimal(text.dropLast()) {
            guard percent < 100 else {
                throw ExitCode.usage("\"\(text)\" leaves nothing for the data: write less than 100%")
            }
            self = percent == 0 ? .off : .share(percent / 100)
        } else if let bytes = ByteSize.bytes(text) {
            self = .bytes(bytes)
        } else {
            throw ExitCode.usage("\"\(text)\" is no size and no share: write auto, 500MB, 2%, or off")
        }
    }
}

/// Sizes as people write them.
enum ByteSize {
    /// kB is 1,000 bytes, KiB 1,024, and so on; in either case.
    private static let units: [String: Double] = [
        "": 1, "b": 1, "kb": 1e3, "mb": 1e6, "gb": 1e9, "tb": 1e12, "kib": 1_024, "mib": 1_048_576,
        "gib": 1_073_741_824, "tib": 1_099_511_627_776,
    ]

    /// Reads `500MB`, `1.5 GiB` or `1000`; nil for anything else, and for what 64 bits cannot count.
    static func bytes(_ text: String) -> UInt64? {
        let number = text.prefix { $0.isASCII && $0.isNumber || $0 == "." }
        let unit = text.dropFirst(number.count).drop { $0 == " " }
        guard let value = decimal(number), let factor = units[unit.lowercased()] else { return nil }
        return UInt64(exactly: (value * factor).rounded())
    }

    /// Reads `12` or `1.5`: digits, with one point among them at most, and no sign, exponent or space.
    static func decimal(_ text: Substring) -> Double? {
        let isPlain = text.utf8.allSatisfy { (0x30...0x39).contains($0) || $0 == 0x2E }
        guard isPlain, text.utf8.first != 0x2E, text.utf8.last != 0x2E, text.utf8.count <= 20 else {
            return nil
        }
        return Double(text)
    }
}

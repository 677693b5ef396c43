/// The SHA-256 sums of a backup's files, as `sha256sum` writes them: 64 digits, two spaces, the path, a line feed.
struct BackupSums: Equatable {
    /// Sums by path below the folder.
    var sums: [String: String] = [:]

    init() {}

    /// Reads the file of a backup; throws where a byte of it is not as it was written.
    init(_ bytes: [UInt8], path: String) throws(BackupError) {
        let damage = BackupError.damaged([
            "\(path) is damaged, or is none of wplog's: the backup cannot be verified"
        ])
        guard bytes.last == 0x0A else { throw damage }
        for line in bytes.dropLast().split(separator: 0x0A, omittingEmptySubsequences: false) {
            let digits = line.prefix(64)
            let name = String(decoding: line.dropFirst(66), as: UTF8.self)
            guard digits.count == 64, digits.allSatisfy(Self.isDigit),
                Array(line.dropFirst(64).prefix(2)) == [32, 32],
                (try? PlainFile("", name)) != nil,
                sums.updateValue(String(decoding: digits, as: UTF8.self), forKey: name) == nil
            else { throw damage }
        }
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x61...0x66).contains(byte)
    }

    var text: String { sums.keys.sorted().map { "\(sums[$0] ?? "")  \($0)\n" }.joined() }
}

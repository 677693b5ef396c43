import TestSupport

@testable import Index

extension StoreFixture {
    /// Random lines, and some that make large blocks of values which hardly repeat.
    static func archivable(_ count: Int, seed: UInt64) -> [[UInt8]] {
        var random = RandomLines(seed: seed)
        return (0..<count).map { number in
            let id = String(SeededRandom.mix(seed &+ UInt64(number)), radix: 16)
            let text =
                switch number % 4 {
                case 0: ""
                case 1: "<13>1 2026-11-2\(number % 3)T11:00:00.\(100 + number % 900)Z docs app - - - id=\(id)"
                case 2:
                    "<190>1 2026-11-20T10:00:00Z docs nginx 7 - - 10.0.\(number % 200).3 - - "
                        + "[20/Nov/2026:10:00:00 +0000] \"GET /\(id)?q=%C3%BC HTTP/1.1\" 200 \(number) \"-\" "
                        + "\"agent \\\"\(number % 7)\\\" é\" rid=\(id) rt=0.\(number)"
                default:
                    "<13>1 2026-11-21T10:00:00Z h p - - - {\"k\":\"\\u00e9 \(id)\",\"n\":[1,\(number)]}"
                }
            return text.isEmpty ? random.line() : Array(text.utf8)
        }
    }

    /// A store with such lines.
    convenience init(_ directory: String, archivable count: Int, seed: UInt64) throws {
        try self.init(directory)
        for start in stride(from: 0, to: count, by: 500) {
            try append(Self.archivable(min(500, count - start), seed: seed &+ UInt64(start)))
        }
    }
}

extension Store {
    /// The days of the store: they are there once their first block is committed.
    func committedDays() throws -> [Day] {
        try onWriter { try commitOpenBlocks() }
        return try archivableDays(before: Day(number: .max), restored: true)
    }

    func archiveAll() throws -> [ArchivedDay] { try committedDays().compactMap { try archive($0) } }
}

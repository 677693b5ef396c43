import Glibc

/// Which classes have been deleted from a day, so that a daily run looks at each day once.
package struct RetentionRecord: Sendable, Equatable {
    /// Of the classes.
    package let digest: String
    /// The newest event that the day had: later ones have not been looked at.
    package let lastSequence: UInt64

    package init(digest: String, lastSequence: UInt64) {
        self.digest = digest
        self.lastSequence = lastSequence
    }

    /// Whether nothing is left to do for the other one.
    func covers(_ other: RetentionRecord) -> Bool {
        digest == other.digest && lastSequence >= other.lastSequence
    }

    /// Reads DIR/retention: `DAY DIGEST NUMBER` a line.
    ///
    /// A line that is none is left out, and its day looked at once more.
    static func all(_ layout: StoreLayout) throws(StoreError) -> [Day: RetentionRecord] {
        guard unsafe access(layout.retention, F_OK) == 0 else { return [:] }
        var records: [Day: RetentionRecord] = [:]
        for line in String(decoding: try FileBytes.read(layout.retention), as: UTF8.self).split(
            separator: "\n")
        {
            let words = line.split(separator: " ")
            guard words.count == 3, let day = Day(String(words[0])), let number = UInt64(words[2]) else {
                continue
            }
            records[day] = RetentionRecord(digest: String(words[1]), lastSequence: number)
        }
        return records
    }

    static func write(_ records: [Day: RetentionRecord], _ layout: StoreLayout) throws(StoreError) {
        var text: [UInt8] = []
        for (day, record) in records.sorted(by: { $0.key < $1.key }) {
            text += "\(day) \(record.digest) \(record.lastSequence)\n".utf8
        }
        try FileBytes.replace(layout.retention, with: text)
    }
}

import Glibc
import Parse

/// How far files have been imported, so that no line of them is taken twice.
///
/// The journal carries each step together with its events; this carries the last step of each file on when journal
/// files go. docs/format/imports.md describes the file.
struct ImportRecord: Sendable {
    private static let head = "wplogi01"
    private static let remedy =
        "move it away: files that are imported again are then taken from their beginning"
    private var marks: [ImportMark] = []
    /// Whether a step is in the journal alone.
    private var isChanged = false

    init() {}

    /// Reads the file of a store; empty where there is none.
    ///
    /// Throws where it is damaged.
    init(_ layout: StoreLayout) throws(StoreError) {
        guard unsafe access(layout.imports, F_OK) == 0 else { return }
        let text = String(decoding: try FileBytes.read(layout.imports), as: UTF8.self)
        var lines = text.split(separator: "\n")[...]
        guard let head = lines.popFirst(), head == Self.head else {
            throw .damaged("\(layout.imports) is no import record of this version; \(Self.remedy)")
        }
        for line in lines {
            let parts = line.split(separator: " ", maxSplits: 3)
            guard parts.count == 4, let offset = UInt64(parts[0]), let hash = UInt64(parts[1], radix: 16),
                let events = UInt64(parts[2])
            else { throw .damaged("\(layout.imports) holds a line that is none; \(Self.remedy)") }
            marks.append(
                ImportMark(file: String(parts[3]), offset: offset, contentHash: hash, events: events))
        }
    }

    /// Takes a step: it stands in for the one before it of the same file.
    mutating func add(_ mark: ImportMark) {
        isChanged = true
        if let index = marks.firstIndex(where: { $0.file == mark.file }) {
            marks[index] = mark
        } else {
            marks.append(mark)
        }
    }

    var isEmpty: Bool { marks.isEmpty }

    /// The last steps of the files that begin as `head` says.
    func marks(of head: String) -> [ImportMark] { marks.filter { $0.file.hasPrefix(head + "-") } }

    /// Brings the steps to the disk where they are not there yet.
    mutating func save(_ layout: StoreLayout) throws(StoreError) {
        guard isChanged else { return }
        try write(layout)
        isChanged = false
    }

    /// Writes the steps down, whether or not that was done before.
    func write(_ layout: StoreLayout) throws(StoreError) {
        var text = Self.head + "\n"
        for mark in marks {
            text += "\(mark.offset) \(String(mark.contentHash, radix: 16)) \(mark.events) \(mark.file)\n"
        }
        try FileBytes.replace(layout.imports, with: Array(text.utf8))
    }
}

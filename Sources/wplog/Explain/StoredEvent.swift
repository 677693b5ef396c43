import FoundationEssentials
import Parse

/// An event as a search gives it in JSON.
struct StoredEvent {
    let id: String
    let raw: [UInt8]
    private let members: [String: TruthRow.Value]

    /// Reads one line of a search's output; nil for a line that is no event.
    init?(_ line: some Sequence<UInt8>) {
        guard let members = try? JSONDecoder().decode([String: TruthRow.Value].self, from: Data(line)),
            case .text(let id)? = members["id"], case .text(let raw)? = members["raw"]
        else { return nil }
        self.members = members
        self.id = id
        if case .text(let encoded)? = members["raw_base64"], let data = Data(base64Encoded: encoded) {
            self.raw = [UInt8](data)
        } else {
            self.raw = Array(raw.utf8)
        }
    }

    /// The first value of a field as text; empty where there is none.
    func text(_ name: String) -> String {
        switch members[name] {
        case .text(let text)?: text
        case .list(let list)?: list.first.map(\.plain) ?? ""
        case .some(let value): value.plain
        case nil: ""
        }
    }

    /// What is known of the line where it has no header of its own.
    var source: LineSource? {
        text("listener") == "file" ? LineSource(program: text("program"), host: text("host")) : nil
    }

    /// When it was received; nil where that cannot be read.
    var received: Int64? { TimeReading.rfc3339(Array(text("received").utf8))?.nanoseconds }
}

extension TruthRow.Value {
    /// As text, without quotes.
    var plain: String { if case .text(let text) = self { text } else { shown } }
}

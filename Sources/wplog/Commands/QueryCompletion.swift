import ArgumentParser
import FoundationEssentials
import Parse
import Query

/// What a shell may put behind the beginning of a query: fields, their values, and stages.
enum QueryCompletion {
    /// For the words of a query.
    static let kind = CompletionKind.custom { words, _, prefix async in
        let typed = TypedWord(words, prefix, isBash: CompletionShell.requesting == .bash)
        return await completions(of: typed.text, behindPipe: typed.isBehindPipe).compactMap(typed.completion)
    }

    /// For an argument that is a field.
    static let fields = CompletionKind.custom { _, _, prefix async in
        names.filter { $0.hasPrefix(prefix) }
    }

    private static let names = Set(
        Fields.catalogue.filter { !$0.isHidden }.map(\.name) + ["raw", "time", "received"]
    ).sorted()

    /// The words that may stand in place of what has been typed.
    private static func completions(of text: String, behindPipe: Bool) async -> [String] {
        let last = text.split(separator: " ", omittingEmptySubsequences: false).last.map { String($0) } ?? ""
        let before = String(text.dropLast(last.count))
        if before.split(separator: " ").last == "|" || before.isEmpty && behindPipe {
            return StageVerb.names.filter { $0.hasPrefix(last) }.map { before + $0 }
        }
        let sign = last.hasPrefix("-") ? "-" : ""
        let word = last.dropFirst(sign.count)
        guard let colon = word.firstIndex(of: ":") else {
            return names.filter { $0.hasPrefix(word) }.map { "\(before)\(sign)\($0):" }
        }
        let field = String(word[..<colon])
        let value = String(word[word.index(after: colon)...])
        return await values(field, value).map { "\(before)\(sign)\(field):\($0)" }
    }

    /// Values that the index has, from a server; none where there is no server.
    private static func values(_ field: String, _ prefix: String) async -> [String] {
        guard let source = try? Source(server: nil, place: PlaceOptions.parse([])), case .server = source
        else {
            return []
        }
        let question = SearchQuestion("", since: "7d", until: nil, form: OutputForm(.tsv))
        let bytes = try? await source.inventory(.values(of: field, prefix: prefix, limit: 30), question)
        let lines = String(decoding: bytes ?? [], as: UTF8.self).split(separator: "\n").dropFirst()
        return lines.compactMap { line in
            guard let value = line.split(separator: "\t").first.map({ String($0) }), value != "-" else {
                return nil
            }
            return value.contains(" ") ? "\"\(value)\"" : value
        }
    }
}

/// The word before the cursor, put together again where a shell has cut it.
private struct TypedWord {
    let text: String
    /// What the shell has put aside, and does not want to see again.
    private let cut: String
    /// Whether the word before is a `|` of its own.
    let isBehindPipe: Bool

    /// - `words`: the words of the line, as far as the cursor.
    /// - `prefix`: the last one of them.
    init(_ words: [String], _ prefix: String, isBash: Bool) {
        var rest = words.dropLast()
        var prefix = prefix
        var cut = ""
        if isBash {
            // Inside of quotes bash gives the word with its quote, and wants it without.
            if let quote = prefix.first, quote == "'" || quote == "\"" {
                prefix.removeFirst()
            } else if prefix == ":" || rest.last == ":",
                let field = prefix == ":" ? rest.last : rest.dropLast().last
            {
                // It also ends words at a colon.
                cut = field + ":"
                rest = rest.dropLast(prefix == ":" ? 1 : 2)
                if prefix == ":" { prefix = "" }
            }
        }
        isBehindPipe = rest.last.map { ["|", "'|'", "\"|\"", "\\|"].contains($0) } ?? false
        self.cut = cut
        text = cut + prefix
    }

    /// What the shell is to put in place of its word.
    func completion(_ text: String) -> String? {
        text.hasPrefix(cut) ? String(text.dropFirst(cut.count)) : nil
    }
}

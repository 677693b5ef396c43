import Parse

/// The known name that a mistyped one most likely stands for.
package enum Suggestion {
    /// The field meant by `name`, by its short name; nil if none is near.
    static func field(for name: String) -> String? {
        let names = Fields.catalogue.flatMap { [$0.name] + $0.aliases }
        return nearest(to: name, in: names).flatMap { Fields.definition(of: $0)?.name }
    }

    /// The first of the names with the fewest edits, at most two, and one in a word of three letters or
    /// fewer.
    package static func nearest(to word: String, in names: [String]) -> String? {
        let word = Array(word.utf8).map(Token.lowercased)
        guard word.count <= 64 else { return nil }
        var best: (name: String, edits: Int)?
        for name in names {
            let edits = Self.edits(word, Array(name.utf8))
            if edits <= (word.count <= 3 ? 1 : 2), edits < best?.edits ?? .max { best = (name, edits) }
        }
        return best?.name
    }

    /// Insertions, deletions, replacements and swaps of neighbours between two short words.
    private static func edits(_ a: [UInt8], _ b: [UInt8]) -> Int {
        var beforeLast: [Int] = []
        var last = Array(0...b.count)
        for i in a.indices {
            var row = [i + 1]
            for j in b.indices {
                var cost = min(last[j + 1] + 1, row[j] + 1, last[j] + (a[i] == b[j] ? 0 : 1))
                if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] {
                    cost = min(cost, beforeLast[j - 1] + 1)
                }
                row.append(cost)
            }
            (beforeLast, last) = (last, row)
        }
        return last[b.count]
    }
}

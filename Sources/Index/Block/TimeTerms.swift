package import Parse

/// Which words the times of a block can bring into its lines.
///
/// The term index holds no times: each line has its own. So each block says in which forms it writes times, and a
/// word of such a form is looked for in the block whether or not the index knows it. Forms of tokens: a digit
/// stands as `9`, a letter as `a`, numbers of one or two digits alike as `9`: `9 9999 9a9 999999a`.
package enum TimeTerms {
    /// The forms of a block, each once, separated by blanks.
    static func of(_ block: Block) throws(StoreError) -> String {
        var layouts: Set<TimeLayout> = []
        for index in 0..<block.shapes.values.count {
            let shape = try Shape(block.shapes.values[index], columns: block.columns.count)
            for case .time(let layout) in shape.elements { layouts.insert(layout) }
        }
        return layouts.reduce(into: Set<String>()) { $0.formUnion(forms(of: $1)) }.sorted().joined(
            separator: " ")
    }

    /// The forms of the tokens that a layout writes: those of a sample, as they are the same for every time.
    package static func forms(of layout: TimeLayout) -> Set<String> {
        var text: [UInt8] = []
        layout.render(1_418_601_599_123_456_789, into: &text)
        var forms: Set<String> = []
        Token.forEach(in: text.span, 0..<text.count) { forms.insert(form(text[$0])) }
        return forms
    }

    /// The form of a word that a time can bring; nil for a word that none can.
    package static func form(ofWord word: [UInt8]) -> String? {
        let letters = word.prefix { $0 >= 0x41 }.count
        if letters == word.count {
            return letters <= 5 && names.contains(String(decoding: word, as: UTF8.self).lowercased())
                ? "a" : nil
        }
        guard word.count <= 12, word.allSatisfy({ $0 < 0x80 && $0 != 0x5F }) else { return nil }
        return form(word[...])
    }

    /// Whether a word that a time can bring begins so.
    static func isBeginning(_ word: [UInt8]) -> Bool {
        word.count <= 5 && names.contains { $0.utf8.starts(with: word) }
    }

    private static func form(_ token: ArraySlice<UInt8>) -> String {
        var form = ""
        var digits = 0
        func flush() {
            if digits > 0 { form += digits <= 2 ? "9" : String(repeating: "9", count: digits) }
            digits = 0
        }
        for byte in token {
            if byte >= 0x30 && byte <= 0x39 {
                digits += 1
            } else {
                flush()
                // A name is one letter, whatever its length: months have three, zones up to five.
                if form.last != "a" { form += "a" }
            }
        }
        flush()
        return form
    }

    private static let names: Set<String> = [
        "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
        "mon", "tue", "wed", "thu", "fri", "sat", "sun", "z", "t", "utc", "gmt", "am", "pm",
        "est", "edt", "cst", "cdt", "mst", "mdt", "pst", "pdt", "cet", "cest", "bst", "wet", "west", "eet",
        "eest",
    ]
}

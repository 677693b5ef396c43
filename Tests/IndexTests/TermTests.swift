import Parse
import TestSupport
import Testing

@testable import Index

/// The index may say "perhaps" too often; it must never say "no" to a block that holds the text.
struct TermTests {
    @Test func `a block admits every text that one of its lines or fields holds on token edges`() throws {
        var maker = LineBatch()
        for _ in 0..<8 {
            var lines = RandomLines(seed: .random(in: .min ... .max))
            let batch = maker.batch(lines.lines(60))
            var texts = batch.lines
            for event in batch.events {
                // Times that the block writes itself are no fields that a query can name.
                for field in batch.fields(of: event)
                where field.field != .headerTime && field.field != .logTime {
                    texts.append(Array(batch.bytes(of: field)))
                }
            }
            let unadmitted = try Self.unadmitted(texts, by: BlockForms([batch]), &lines.random)
            #expect(unadmitted == [])
        }
    }

    @Test func `a block admits the texts of fields that begin and end inside of tokens`() throws {
        for _ in 0..<100 {
            var random = SeededRandom()
            let batch = EventBatch.hostile(&random)
            let forms = try BlockForms([batch])
            var texts = batch.lines
            for row in 0..<forms.block.count {
                for name in ["host", "program", "message"] {
                    texts += try forms.values(of: name, row: row)
                }
            }
            let unadmitted = try Self.unadmitted(texts, by: forms, &random)
            #expect(unadmitted == [])
        }
    }

    /// Those probes of random parts of the texts, on token edges, that the index of the block would turn away.
    private static func unadmitted(
        _ texts: [[UInt8]], by forms: BlockForms, _ random: inout SeededRandom
    ) throws -> [String] {
        let words = Set(forms.encoded.words.split(separator: 0x20).map { Array($0) })
        let times = Set(forms.encoded.timeTerms.split(separator: " ").map { String($0) })
        var unadmitted: [String] = []
        for text in texts {
            let edges = (0...text.count).filter { isEdge($0, text) }
            for _ in 0..<12 {
                let ends = [random.pick(edges), random.pick(edges)].sorted()
                // A token may go on behind the part that a prefix names.
                let token = text[ends[0]...].prefix(while: Token.isTokenByte)
                let prefix = TermProbe.probe(ofPrefix: Array(token.prefix(4 + random.below(40))))
                let part = Array(text[ends[0]..<ends[1]])
                for probe in TermProbe.probes(of: part) + (prefix.map { [$0] } ?? []) {
                    let isAdmitted =
                        switch probe.term {
                        case .word(let word): words.contains(word)
                        case .id(let hash): forms.encoded.bloom.mayContain(hash)
                        case .prefix: forms.admits(probe)
                        }
                    if isAdmitted || probe.timeForm.map(times.contains) ?? false { continue }
                    let shown = String(decoding: part, as: UTF8.self).debugDescription
                    unadmitted.append("\(probe) of \(shown), seed \(random.seed)")
                }
            }
        }
        return unadmitted
    }

    private static func isEdge(_ place: Int, _ text: [UInt8]) -> Bool {
        place == 0 || place == text.count
            || !(Token.isTokenByte(text[place - 1]) && Token.isTokenByte(text[place]))
    }

    @Test(arguments: [
        ("timeout", true), ("TimeO", true), ("_id_", true), ("größe", true), ("t\u{FC}r_", true),
        // Short ones, and those of numbers, ids and times.
        ("tim", false), ("", false), ("2026x", false), ("deadbeef", false), ("12345678", false),
        ("sept", true),
        ("eest", false), ("west", false), ("weste", true), ("a b c", false),
    ])
    func `the index is asked only for beginnings that it knows`(_ prefix: String, _ isKnown: Bool) {
        #expect((TermProbe.probe(ofPrefix: Array(prefix.utf8)) != nil) == isKnown)
    }

    /// Unkeyed hashes that end alike, as a sender could craft them, must not end alike in the set.
    @Test func `crafted hashes are spread by the seed`() {
        let set = HashSet()
        let ends = Set((0..<4_096).map { set.keyed(UInt64($0) << 20 | 0xABCDE) & 0xFFFF })
        #expect(ends.count > 3_000, "seed \(set.seed)")
        #expect(Set((0..<4_096).map { set.keyed(UInt64($0)) }).count == 4_096)
    }

    @Test func `a filter never forgets, and rarely invents`() {
        var random = SeededRandom()
        for count in [1, 2, 10, 1_000, 20_000] {
            var filter = BloomFilter(terms: count)
            let terms = (0..<count).map { _ in random.next() }
            for term in terms { filter.insert(term) }
            #expect(terms.allSatisfy(filter.mayContain), "seed \(random.seed)")
            let reread = BloomFilter(bits: filter.bits)
            let invented = (0..<20_000).count { _ in reread.mayContain(random.next()) }
            if count >= 1_000 { #expect(invented < 400, "\(invented) of 20,000, seed \(random.seed)") }
        }
    }

    /// Hashes of real texts are not random numbers: ids that count up, addresses of one net.
    @Test func `a filter of ids that count up rarely invents`() {
        var filter = BloomFilter(terms: 4_000)
        for number in 0..<4_000 { filter.insert(hashBytes(Array("\(1_000_000 + number)".utf8).span)) }
        let invented = (4_000..<24_000).count {
            filter.mayContain(hashBytes(Array("\(1_000_000 + $0)".utf8).span))
        }
        #expect(invented < 400)
    }

    @Test(arguments: [
        ("12345", false), ("123456", true), ("abcdef", false), ("abcdefabcd", false), ("abcdef1234", true),
        ("abcdef123", false), ("abcdeg1234", false), (String(repeating: "x", count: 40), false),
        (String(repeating: "x", count: 41), true), ("", false),
    ])
    func `ids are what few lines share`(_ token: String, _ isID: Bool) {
        #expect(Token.isID(Array(token.utf8).span) == isID)
    }

    @Test(arguments: [
        ("1.2.3.4", ["1.2.3.4"]), ("x 10.0.0.7:80", ["10.0.0.7"]), ("1.2.3", []),
        ("1.2.3.4.5", ["1.2.3.4", "2.3.4.5"]),
        ("1.2.3.4444", []), ("1.2..3.4", []), ("1.2.3.x", []), ("256.999.1.1", ["256.999.1.1"]),
        ("a1.2.3.4", []),
    ])
    func `addresses are four numbers with points between`(_ text: String, _ found: [String]) {
        let bytes = Array(text.utf8)
        var scanner = AddressScanner()
        var addresses: [String] = []
        Token.forEach(in: bytes.span, 0..<bytes.count) { token in
            if let first = scanner.next(token, in: bytes.span) {
                addresses.append(String(decoding: bytes[first..<token.upperBound], as: UTF8.self))
            }
        }
        #expect(addresses == found)
    }

    @Test func `every token of every time has a form that its layout lists`() {
        var random = SeededRandom()
        for style in TimeLayout.Style.allCases {
            for zone in [TimeLayout.Zone.unwritten, .z, .colon, .blank] {
                for digits in UInt8(0)...9 {
                    let offset = Int16(random.below(2_879) - 1_439)
                    let layout = TimeLayout(style, zone: zone, fractionDigits: digits, offsetMinutes: offset)
                    let forms = TimeTerms.forms(of: layout)
                    for _ in 0..<20 {
                        var text: [UInt8] = []
                        layout.render(Int64.random(in: .min ... .max, using: &random), into: &text)
                        for probe in TermProbe.probes(of: text) {
                            #expect(
                                probe.timeForm.map(forms.contains) ?? false,
                                "\(probe) of \(String(decoding: text, as: UTF8.self)), seed \(random.seed)")
                        }
                    }
                }
            }
        }
    }

    @Test(
        arguments: [
            ("21", "9"), ("1", "9"), ("2026", "9999"), ("nov", "a"), ("NOV", "a"), ("z", "a"),
            ("21t10", "9a9"),
            ("123456z", "999999a"), ("november", nil), ("error", nil), ("500", "999"), ("a_1", nil),
            ("caf\u{E9}", nil),
        ] as [(String, String?)])
    func `words that a time can bring have a form`(_ word: String, _ form: String?) {
        #expect(TimeTerms.form(ofWord: Array(word.utf8)) == form)
    }
}

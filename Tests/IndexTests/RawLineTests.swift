import Parse
import TestSupport
import Testing

@testable import Index

/// What comes out of a block is what came in, byte for byte, whatever the parser made of it.
struct RawLineTests {
    @Test func `random and mutated lines come back byte for byte`() throws {
        var maker = LineBatch()
        for _ in 0..<6 {
            var random = RandomLines(seed: .random(in: .min ... .max))
            random.hasLongLines = true
            let lines = random.lines(500)
            let forms = try BlockForms([
                maker.batch(Array(lines[..<200])),
                maker.batch(Array(lines[200...]), received: LineBatch.received + 1),
            ])
            #expect(try forms.lost(lines) == [], "seed \(random.random.seed)")
        }
    }

    @Test func `the lines of real programs come back byte for byte`() throws {
        var maker = LineBatch()
        let lines = try Repository.lines(in: "Examples", suffix: ".log").flatMap { line in
            ["<13>Nov 22 11:00:00 docs nginx: ", "<13>1 2026-11-22T11:00:00.5Z docs apache2 - - - ", ""]
                .map { Array($0.utf8) + line }
        }
        #expect(lines.count > 500)
        for start in stride(from: 0, to: lines.count, by: 2_000) {
            let some = Array(lines[start..<min(start + 2_000, lines.count)])
            #expect(try BlockForms([maker.batch(some)]).lost(some) == [])
        }
    }

    /// No parser of ours makes such ranges.
    ///
    /// A wrong one must cost fields, never bytes.
    @Test func `fields that overlap, cross or stand out of order cost no byte`() throws {
        for _ in 0..<400 {
            var random = SeededRandom()
            let batch = EventBatch.hostile(&random)
            let forms = try BlockForms([batch])
            #expect(try forms.lost(batch.lines) == [], "seed \(random.seed)")
        }
    }

    @Test func `a block with more shapes than it may have keeps lines and fields`() throws {
        var maker = LineBatch()
        var lines: [[UInt8]] = []
        for number in 0..<IndexLimits.shapesPerBlock + 300 {
            // Each blank more is another shape: blanks between header fields belong to no field.
            let tail = String(repeating: " ", count: 1 + number % 700) + "a=\(number)"
            let access = #"1.2.3.4 - - [22/Nov/2026:11:00:00 +0000] "GET / HTTP/1.1" 200 5 "-" "-""#
            lines.append(
                Array("<13>Nov 22 11:00:0\(number / 700) docs nginx: \(access)\(tail) request_line=x".utf8))
        }
        let batch = maker.batch(lines)
        let forms = try BlockForms([batch])
        #expect(try forms.lost(lines) == [])
        #expect(try forms.stored.shapeCount() > IndexLimits.shapesPerBlock)
        let last = forms.block.count - 1
        for name in ["a", "status", "host", "message", "request_line"] {
            let values = try forms.values(of: name, row: last)
            let expected = batch.values(of: name, in: batch.events[last])
            #expect(
                values.map { String(decoding: $0, as: UTF8.self) }.sorted() == expected.sorted(), "\(name)")
        }
    }

    @Test func `a block with no room for columns keeps lines of many shapes`() throws {
        var batch = EventBatch()
        batch.peers = [Peer(.tcp, "10.1.2.3")]
        // 250 values of each of 17 fields fill the columns; then every event has a shape of its own.
        func add(_ line: [UInt8], fields: [FieldValue]) {
            let start = batch.bytes.count
            batch.bytes += line
            batch.events.append(
                Event(
                    raw: ByteRange(start..<batch.bytes.count), firstField: UInt32(batch.fields.count),
                    fieldCount: UInt16(fields.count), time: 0, severity: 0, facility: 0, outcome: .ok,
                    reasons: [],
                    format: 0, peer: 0))
            batch.fields += fields
        }
        for field in 20..<37 {
            let start = batch.bytes.count
            let fields = (0..<250).map {
                FieldValue(FieldID(UInt16(field)), .hole, ByteRange(start + $0..<start + $0 + 1))
            }
            add([UInt8](repeating: 0x61, count: 250), fields: fields)
        }
        for number in 0..<IndexLimits.shapesPerBlock + 10 { add(Array("line \(number)".utf8), fields: []) }
        let forms = try BlockForms([batch])
        #expect(forms.block.names.count == IndexLimits.columnsPerBlock)
        #expect(try forms.lost(batch.lines) == [])
    }

    @Test func `a full table of field names costs no byte`() async {
        await #expect(processExitsWith: .success) {
            var maker = LineBatch()
            for number in 0..<Fields.limit { _ = Fields.table.id(of: "filler\(number)") }
            var random = RandomLines(seed: 7)
            let lines = random.lines(300)
            try #require(try BlockForms([maker.batch(lines)]).lost(lines) == [])
        }
    }

    @Test func `a literal longer than a length can say is one text`() throws {
        var batch = EventBatch()
        batch.bytes = [UInt8](repeating: UInt8(ascii: "a"), count: 200_000)
        batch.events = [
            Event(
                raw: ByteRange(0..<200_000), firstField: 0, fieldCount: 0, time: 0, severity: 0, facility: 0,
                outcome: .ok, reasons: [], format: 0, peer: 9)
        ]
        let forms = try BlockForms([batch])
        #expect(try forms.lost(batch.lines) == [])
        // The one word of the line runs across the pieces that it is stored in.
        for probe in TermProbe.probes(of: batch.bytes) { #expect(forms.admits(probe)) }
    }
}

extension BlockForms {
    /// All values that the block has of a field, in one event.
    func values(of name: String, row: Int) throws -> [[UInt8]] {
        var values: [[UInt8]] = []
        let shape = try stored.shape(ofRow: row)
        for index in stored.columns(of: name) {
            let column = try stored.column(index)
            if let value = column.value(at: row) { values.append(Array(column.values[value])) }
            guard let begin = shape.elements.firstIndex(of: .begin(column: index)) else { continue }
            var depth = 0
            var end = begin
            repeat {
                if case .begin = shape.elements[end] { depth += 1 }
                if case .end = shape.elements[end] { depth -= 1 }
                end += 1
            } while depth > 0
            var text: [UInt8] = []
            try stored.append(shape, begin..<end, row, to: &text)
            values.append(text)
        }
        return values
    }

    /// Whether the index of the block lets a query for the probe's term look into it.
    func admits(_ probe: TermProbe) -> Bool {
        if let form = probe.timeForm, encoded.timeTerms.split(separator: " ").contains(Substring(form)) {
            return true
        }
        switch probe.term {
        case .word(let word): return encoded.words.split(separator: 0x20).contains { $0.elementsEqual(word) }
        case .id(let hash): return encoded.bloom.mayContain(hash)
        case .prefix(let prefix):
            return encoded.words.split(separator: 0x20).contains { $0.starts(with: prefix) }
                || encoded.bloom.mayContain(Token.beginningHash(prefix.span))
        }
    }
}

extension EventBatch {
    /// The values of a field of an event, as text.
    func values(of name: String, in event: Event) -> [String] {
        fields(of: event).filter { Fields.table.name(of: $0.field.rawValue) == name }
            .map { String(decoding: bytes(of: $0), as: UTF8.self) }
    }
}

import TestSupport
import Testing

@testable import Index
@testable import Parse

/// The way back: what is taken out of a block makes the same block again.
struct BlockEventsTests {
    /// The block of the events that come out of a block, stored or in memory.
    private static func again(_ block: BlockReader) throws -> BlockForms {
        let events = try BlockEvents(block)
        var builder = BlockBuilder(day: Day(containing: 0), strangers: events.strangers)
        let sequences = try block.sequences()
        for row in 0..<block.count {
            var batch = EventBatch()
            try events.append(row, to: &batch)
            builder.beginBatch()
            builder.append(batch.events[0], of: batch, sequence: sequences[row])
        }
        return try BlockForms(builder.block)
    }

    private static func differences(_ forms: BlockForms) throws -> [String] {
        var found: [String] = []
        for (name, reader) in [("open", forms.open), ("stored", forms.stored)] {
            let again = try again(reader)
            #expect(again.block.rawBytes == forms.block.rawBytes)
            for row in 0..<reader.count {
                let (was, isNow) = (try StoredEvent(reader, row), try StoredEvent(again.stored, row))
                if was != isNow { found.append("\(name), row \(row):\n  \(was)\n  \(isNow)") }
                // Where neither line is one value, also the parts stand where they stood.
                let shapes = (try reader.shape(ofRow: row), try again.stored.shape(ofRow: row))
                if shapes.0.elements.count != shapes.1.elements.count {
                    found.append("\(name), row \(row): shapes \(shapes.0.elements) and \(shapes.1.elements)")
                }
            }
        }
        return found
    }

    @Test func `random lines make the same block again`() throws {
        for round in 0..<8 {
            let seed = UInt64.random(in: .min ... .max)
            let lines = Reading.lines(300, seed: seed)
            let reading: Reading = round % 2 == 0 ? .alpha : .beta
            let forms = try BlockForms([
                reading.batch(Array(lines[..<100])), reading.batch(Array(lines[100...]), received: 77),
            ])
            #expect(try Self.differences(forms) == [], "seed \(seed)")
        }
    }

    @Test func `the lines of real programs make the same block again`() throws {
        let lines = try Repository.lines(in: "Examples", suffix: ".log").flatMap { line in
            ["<13>Nov 22 11:00:00 docs nginx: ", "<13>1 2026-11-22T11:00:00.5Z docs apache2 - - - ", ""]
                .map { Array($0.utf8) + line }
        }
        #expect(lines.count > 500)
        let forms = try BlockForms([Reading.beta.batch(Array(lines.prefix(3_000)))])
        #expect(try Self.differences(forms) == [])
    }

    @Test func `events that no parser makes come back as they were stored`() throws {
        for _ in 0..<300 {
            var random = SeededRandom()
            let forms = try BlockForms([EventBatch.hostile(&random)])
            let again = try Self.again(forms.stored)
            for row in 0..<forms.block.count {
                #expect(
                    try StoredEvent(again.stored, row) == StoredEvent(forms.stored, row),
                    "seed \(random.seed)")
            }
        }
    }

    @Test func `a block of too many shapes comes back, however often, and does not grow`() throws {
        let lines = (0..<IndexLimits.shapesPerBlock + 300).map { number in
            let tail = String(repeating: " ", count: 1 + number % 700) + "a=\(number)"
            let access = #"1.2.3.4 - - [22/Nov/2026:11:00:00 +0000] "GET / HTTP/1.1" 200 5 "-" "-""#
            return Array("<13>Nov 22 11:00:0\(number / 700) docs nginx: \(access)\(tail)".utf8)
        }
        var forms = try BlockForms([Reading.beta.batch(lines)])
        let first = try (0..<forms.block.count).map { try StoredEvent(forms.stored, $0) }
        let columns = forms.block.names.count
        for _ in 0..<2 {
            forms = try Self.again(forms.stored)
            #expect(try (0..<forms.block.count).map { try StoredEvent(forms.stored, $0) } == first)
            #expect(forms.block.names.count == columns)
        }
    }

    @Test func `names beyond the table come back from blocks that have them`() async {
        await #expect(processExitsWith: .success) {
            let lines = (0..<50).map { Array("<13>1 - docs json - - - {\"late\($0)\":\"x\($0)\"}".utf8) }
            var forms = try BlockForms([Reading.beta.batch(lines)])
            // As if another process had stored it: in this one the table is full without these names.
            var names = forms.block.names
            for index in names.indices where names[index].name.hasPrefix("late") {
                names[index] = ColumnName(name: "stranger" + names[index].name, occurrence: 0)
            }
            let block = forms.block
            forms = try BlockForms(
                Block(
                    day: block.day, times: block.times, received: block.received, sequences: block.sequences,
                    names: names, columns: block.columns, shapes: block.shapes, rawBytes: block.rawBytes))
            for number in 0..<Fields.limit { _ = Fields.table.id(of: "filler\(number)") }
            let again = try Self.again(forms.stored)
            for row in 0..<block.count {
                try #require(try StoredEvent(again.stored, row) == StoredEvent(forms.stored, row))
            }
            try #require(again.block.names.contains { $0.name == "strangerlate7" })
        }
    }

    @Test func `a damaged block is an error`() throws {
        let forms = try BlockForms([Reading.beta.batch(Reading.lines(60, seed: 5))])
        let block = forms.block
        for (column, text) in [("level", "loud"), ("parse", "so-so"), ("reason", "bad_pri bad_mood")] {
            var columns = block.columns
            let index = try #require(block.names.firstIndex { $0.name == column })
            var table = ByteTable()
            table.append(Array(text.utf8).span)
            columns[index] = Column(values: table, codes: [UInt16](repeating: 1, count: block.count))
            let damaged = Block(
                day: block.day, times: block.times, received: block.received, sequences: block.sequences,
                names: block.names, columns: columns, shapes: block.shapes, rawBytes: block.rawBytes)
            #expect(throws: StoreError.self, "\(column)") { try Self.again(BlockReader(damaged)) }
        }
        let nameless = Block(
            day: block.day, times: block.times, received: block.received, sequences: block.sequences,
            names: block.names.reversed(), columns: block.columns.reversed(), shapes: block.shapes,
            rawBytes: block.rawBytes)
        #expect(throws: StoreError.self) { try BlockEvents(BlockReader(nameless)) }
    }
}

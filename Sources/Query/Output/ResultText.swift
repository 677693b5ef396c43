import Index
package import Parse

/// Results as people read them, and as other programs cut them up.
///
/// One line a row.
package enum ResultText {
    /// How rows are written.
    package enum Style: String, Sendable, CaseIterable {
        /// Time, host, program and message; tables in columns.
        case text
        /// Newline-delimited JSON.
        case json
        /// The lines as they were received, byte for byte; tables separated by tabs.
        case raw
    }

    /// The rows of a result.
    ///
    /// Times are on the clocks of `zone`.
    package static func bytes(_ result: SearchResult, _ style: Style, zone: ZoneRule) -> [UInt8] {
        switch (style, result.rows) {
        case (.json, _):
            var json = JSONText()
            ResultJSON.append(result, to: &json)
            return json.bytes
        case (.raw, .events(let events)):
            return events.reduce(into: []) { output, event in
                output += event.raw
                if event.raw.last != UInt8(ascii: "\n") { output.append(UInt8(ascii: "\n")) }
            }
        case (.text, .events(let events)):
            return events.reduce(into: []) { append($1, zone: zone, to: &$0) }
        case (.raw, .table(let table)):
            return table.rows.reduce(into: []) { output, row in
                output += Array(row.map { text($0, zone: zone) }.joined(separator: "\t").utf8) + [0x0A]
            }
        case (.text, .table(let table)): return bytes(table, zone: zone)
        }
    }

    private static func append(_ event: FoundEvent, zone: ZoneRule, to output: inout [UInt8]) {
        output += Array(local(event.time, zone: zone).utf8)
        for name in ["host", "program"] {
            output.append(UInt8(ascii: " "))
            output += printable(event.value(name) ?? [UInt8(ascii: "-")])
        }
        output.append(UInt8(ascii: " "))
        output += printable(event.value("message") ?? event.raw)
        output.append(UInt8(ascii: "\n"))
    }

    /// Columns as wide as their widest cell; numbers to the right.
    private static func bytes(_ table: ResultTable, zone: ZoneRule) -> [UInt8] {
        let rows = [table.columns] + table.rows.map { row in row.map { text($0, zone: zone) } }
        let widths = table.columns.indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        let isNumber = table.columns.indices.map { column in
            table.rows.allSatisfy { if case .count = $0[column] { true } else { false } }
        }
        var output = ""
        for row in rows {
            for (column, cell) in row.enumerated() {
                let padding = String(repeating: " ", count: widths[column] - cell.count)
                let isLast = column == row.count - 1
                output += isNumber[column] ? padding + cell : isLast ? cell : cell + padding
                output += isLast ? "\n" : "  "
            }
        }
        return Array(output.utf8)
    }

    private static func text(_ cell: ResultTable.Cell, zone: ZoneRule) -> String {
        switch cell {
        case .text(let text): String(decoding: printable(text), as: UTF8.self)
        case .count(let count): String(count)
        case .number(let value): DecimalText.shortest(value)
        case .time(let time): local(time, zone: zone, digits: 0)
        case .missing: "-"
        }
    }

    /// `2026-11-22 10:02:11.482` on the clocks of `zone`.
    private static func local(_ time: Int64, zone: ZoneRule, digits: UInt8 = 3) -> String {
        let minutes = Int16(clamping: zone.offset(at: time / 1_000_000_000) / 60)
        var bytes: [UInt8] = []
        TimeLayout(.iso, fractionDigits: digits, offsetMinutes: minutes).render(time, into: &bytes)
        if bytes.count > 10 { bytes[10] = UInt8(ascii: " ") }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Text that can do nothing to a terminal: control characters and marks that turn the direction of writing are
    /// shown as what they are, bytes that are not UTF-8 as `\xhh`.
    static func printable(_ bytes: [UInt8]) -> [UInt8] {
        if bytes.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) { return bytes }
        var output: [UInt8] = []
        var rest = bytes[...]
        while let first = rest.first {
            guard let (scalar, length) = scalar(at: rest) else {
                output += escape(UInt32(first), "\\x", digits: 2)
                rest = rest.dropFirst()
                continue
            }
            switch scalar.value {
            case 0x09: output.append(0x09)
            case ..<0x20, 0x7F...0x9F: output += escape(scalar.value, "\\x", digits: 2)
            case 0x061C, 0x200E...0x200F, 0x2028...0x202E, 0x2066...0x2069:
                output += Array("<U+".utf8) + escape(scalar.value, "", digits: 4) + [UInt8(ascii: ">")]
            default: output += rest.prefix(length)
            }
            rest = rest.dropFirst(length)
        }
        return output
    }

    /// The character that the bytes begin with, and its length; nil where they are not UTF-8.
    private static func scalar(at bytes: ArraySlice<UInt8>) -> (Unicode.Scalar, Int)? {
        var iterator = bytes.prefix(4).makeIterator()
        var decoder = UTF8()
        guard case .scalarValue(let scalar) = decoder.decode(&iterator) else { return nil }
        return (scalar, UTF8.width(scalar))
    }

    private static func escape(_ value: UInt32, _ prefix: String, digits: Int) -> [UInt8] {
        let hex = String(value, radix: 16, uppercase: prefix.isEmpty)
        return Array((prefix + String(repeating: "0", count: max(0, digits - hex.count)) + hex).utf8)
    }
}

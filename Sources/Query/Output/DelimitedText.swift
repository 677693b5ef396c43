import Parse

/// Writes rows of cells as CSV and TSV.
enum DelimitedText {
    /// Appends a row of CSV (RFC 4180).
    ///
    /// Lines end with LF: Excel, LibreOffice and pandas read both ends, and `cut`, `awk` and `grep` would
    /// take the CR for a part of the last cell.
    static func appendCSV(_ cells: [[UInt8]?], isVerbatim: Bool, to output: inout [UInt8]) {
        for (index, cell) in cells.enumerated() {
            if index > 0 { output.append(UInt8(ascii: ",")) }
            if let cell {
                let text = isVerbatim ? cell : ResultText.printable(cell, keepsLines: true)
                appendQuoted(isFormula(text) ? [UInt8(ascii: "'")] + text : text, to: &output)
            }
        }
        output.append(0x0A)
    }

    /// Appends a row of TSV, with `\t`, `\n`, `\r` and `\\` for what would end a cell, as PostgreSQL's COPY has
    /// it.
    static func appendTSV(
        _ cells: [[UInt8]?], isVerbatim: Bool, missing: [UInt8] = [], to output: inout [UInt8]
    ) {
        for (index, cell) in cells.enumerated() {
            if index > 0 { output.append(0x09) }
            guard let cell else {
                output += missing
                continue
            }
            let text = cell.contains(where: isSpecial) ? escaped(cell) : cell
            output += isVerbatim ? text : ResultText.printable(text)
        }
        output.append(0x0A)
    }

    /// Whether a spreadsheet would take the cell for a formula.
    ///
    /// Numbers are none, nor is the lone `-` of logs. The last are the wide forms of `=`, `+`, `-` and `@`.
    static func isFormula(_ text: [UInt8]) -> Bool {
        switch text.first {
        case UInt8(ascii: "-"): text.count > 1 && !JSONText.isNumber(text)
        case UInt8(ascii: "="), UInt8(ascii: "+"), UInt8(ascii: "@"), 0x09, 0x0A, 0x0D: true
        case 0xEF:
            text.count >= 3 && (text[1] == 0xBC && [0x8B, 0x8D, 0x9D, 0xA0].contains(text[2]))
        default: false
        }
    }

    private static func appendQuoted(_ text: [UInt8], to output: inout [UInt8]) {
        let quote = UInt8(ascii: "\"")
        let needsQuotes =
            text.first == 0x20 || text.last == 0x20
            || text.contains { $0 == quote || $0 == UInt8(ascii: ",") || $0 == 0x0A || $0 == 0x0D }
        guard needsQuotes else {
            output += text
            return
        }
        output.append(quote)
        for byte in text {
            if byte == quote { output.append(quote) }
            output.append(byte)
        }
        output.append(quote)
    }

    private static func isSpecial(_ byte: UInt8) -> Bool {
        byte == 0x09 || byte == 0x0A || byte == 0x0D || byte == UInt8(ascii: "\\")
    }

    private static func escaped(_ text: [UInt8]) -> [UInt8] {
        text.flatMap { byte in
            switch byte {
            case 0x09: Array("\\t".utf8)
            case 0x0A: Array("\\n".utf8)
            case 0x0D: Array("\\r".utf8)
            case UInt8(ascii: "\\"): Array("\\\\".utf8)
            default: [byte]
            }
        }
    }
}

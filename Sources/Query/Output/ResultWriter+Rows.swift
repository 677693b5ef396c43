import Index
import Parse

extension ResultWriter {
    /// `2026-11-22 10:02:11.482 host program message`.
    mutating func appendFullLine(_ event: FoundEvent, to output: inout [UInt8]) {
        clock.append(event.time, digits: 3, to: &output)
        for name in ["host", "program"] {
            output.append(0x20)
            output += form.shown(event.value(name) ?? [UInt8(ascii: "-")])
        }
        output.append(0x20)
        output += form.shown(event.value("message") ?? event.raw)
        output.append(0x0A)
    }

    /// A template with its values.
    mutating func appendLine(
        _ template: OutputTemplate, to output: inout [UInt8],
        cell: (_ name: String, _ field: String) -> ResultTable.Cell
    ) {
        for part in template.parts {
            switch part {
            case .text(let text): output += text
            case .field(let name, let field):
                let text = CellText.readable(cell(name, field), of: name, digits: 3, &clock)
                output += form.shown(text)
            }
        }
        output.append(0x0A)
    }

    /// All fields of an event, its time first.
    ///
    /// The line is left out where the event has a message, which says the same.
    mutating func appendPairs(_ event: FoundEvent, _ mark: EventMark, to output: inout [UInt8]) {
        var line: [UInt8] = []
        LogfmtText.append("time", Array(TimeText.utc(event.time).utf8), to: &line)
        LogfmtText.append("id", Array(event.id.utf8), to: &line)
        for field in event.fields {
            let traits = FieldTraits.of(field.name)
            if traits.isHidden { continue }
            LogfmtText.append(traits.isOwn ? "field.\(field.name)" : field.name, field.value, to: &line)
        }
        if event.value("message") == nil { LogfmtText.append("raw", event.raw, to: &line) }
        if mark != .match { LogfmtText.append("_context", Array("true".utf8), to: &line) }
        if mark == .request { LogfmtText.append("_request", Array("true".utf8), to: &line) }
        output += line
        output.append(0x0A)
    }

    /// A row for programs.
    mutating func append(_ row: [ResultTable.Cell], _ columns: [String], to output: inout [UInt8]) {
        switch form.style {
        case .json:
            ResultJSON.append(row, columns, to: &json)
            takeJSON(to: &output)
        case .logfmt:
            var line: [UInt8] = []
            for (name, cell) in zip(columns, row) {
                if let text = CellText.exact(cell) { LogfmtText.append(name, text, to: &line) }
            }
            output += line
            output.append(0x0A)
        case .text, .raw, .csv, .tsv, .table: appendDelimited(row.map(CellText.exact), to: &output)
        }
    }

    /// The header of CSV and TSV, once.
    mutating func appendHeader(_ names: [String], to output: inout [UInt8]) {
        if hasHeader { return }
        hasHeader = true
        appendDelimited(names.map { Array($0.utf8) }, to: &output)
    }

    func appendDelimited(_ cells: [[UInt8]?], to output: inout [UInt8]) {
        if form.style == .csv {
            DelimitedText.appendCSV(cells, isVerbatim: form.isVerbatim, to: &output)
        } else {
            DelimitedText.appendTSV(
                cells, isVerbatim: form.isVerbatim, missing: form.style == .raw ? [UInt8(ascii: "-")] : [],
                to: &output)
        }
    }

    /// Moves what was written as JSON.
    mutating func takeJSON(to output: inout [UInt8]) {
        output += json.bytes
        json.removeAll()
    }
}

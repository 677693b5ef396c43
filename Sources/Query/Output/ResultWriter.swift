import Parse

/// Writes results row by row, so that a stream without an end needs no more memory than one of its rows.
///
/// Only the table of events waits for the first rows, as they tell how wide its columns are.
package struct ResultWriter {
    let form: OutputForm
    /// The columns of events, and the fields that they show.
    let columns: [(name: String, field: String)]
    let template: OutputTemplate?
    var clock: LocalClock
    var json = JSONText()
    var hasHeader = false
    private var terminal: TerminalEvents
    private var grid: EventGrid
    private var hasWritten = false
    private var isNewGroup = false

    /// A writer for one answer: it keeps the header, the last day and their like.
    package init(_ form: OutputForm) {
        self.form = form
        let names = form.fields.isEmpty ? form.style.eventColumns : form.fields
        columns = names.map { name in (name, Fields.definition(of: name)?.name ?? name) }
        let isText = form.style == .text && !form.fields.isEmpty
        template = form.template ?? (isText ? OutputTemplate(fields: form.fields) : nil)
        clock = LocalClock(form.zone)
        terminal = TerminalEvents(form)
        grid = EventGrid(form, columns)
    }

    /// Appends one event.
    ///
    /// - `mark`: what it is, where others than those that were looked for are shown as well.
    package mutating func append(
        _ event: FoundEvent, _ mark: EventMark = .match, to output: inout [UInt8]
    ) {
        let startsGroup = isNewGroup
        isNewGroup = false
        hasWritten = true
        if let template {
            if startsGroup { output += "--\n".utf8 }
            appendLine(template, to: &output) { _, field in event.cell(field) }
            return
        }
        switch form.style {
        case .raw:
            if startsGroup { output += "--\n".utf8 }
            output += event.raw
            if event.raw.last != 0x0A { output.append(0x0A) }
        case .text where form.isTerminal:
            terminal.append(event, mark, isNewGroup: startsGroup, to: &output)
        case .text:
            if startsGroup { output += "--\n".utf8 }
            appendFullLine(event, to: &output)
        case .table: grid.append(event, &clock, to: &output)
        case .csv, .tsv:
            appendHeader(columns.map(\.name), to: &output)
            appendDelimited(columns.map { CellText.exact(event.cell($0.field)) }, to: &output)
        case .json where form.fields.isEmpty:
            ResultJSON.append(event, mark, to: &json)
            json.endLine()
            takeJSON(to: &output)
        case .logfmt where form.fields.isEmpty: appendPairs(event, mark, to: &output)
        case .json, .logfmt: append(columns.map { event.cell($0.field) }, columns.map(\.name), to: &output)
        }
    }

    /// Says that the next event does not follow the last one.
    package mutating func groupBreak() { isNewGroup = hasWritten }

    /// Appends a table.
    package mutating func append(_ table: ResultTable, to output: inout [UInt8]) {
        if let template {
            for row in table.rows {
                appendLine(template, to: &output) { name, field in
                    let column = table.columns.firstIndex(of: name) ?? table.columns.firstIndex(of: field)
                    return column.flatMap { $0 < row.count ? row[$0] : nil } ?? .missing
                }
            }
            return
        }
        switch form.style {
        case .text, .table:
            TableText(form).append(table, &clock, to: &output)
            return
        case .csv, .tsv: appendHeader(table.columns, to: &output)
        case .raw, .json, .logfmt: break
        }
        for row in table.rows { append(row, table.columns, to: &output) }
    }

    /// Appends what waited.
    ///
    /// Without any row, the header where the style has one.
    package mutating func finish(to output: inout [UInt8]) {
        if template != nil { return }
        switch form.style {
        case .csv, .tsv: appendHeader(columns.map(\.name), to: &output)
        case .table: grid.finish(to: &output)
        case .text, .raw, .json, .logfmt: break
        }
    }
}

package import Parse

/// Results as people read them, and as other programs cut them up.
///
/// One line a row.
package enum ResultText {
    /// The rows of a result.
    ///
    /// Times that people read are on the clocks of `zone`.
    package static func bytes(_ result: SearchResult, _ style: OutputStyle, zone: ZoneRule) -> [UInt8] {
        bytes(result, OutputForm(style, zone: zone))
    }

    /// The rows of a result in a form.
    package static func bytes(_ result: SearchResult, _ form: OutputForm) -> [UInt8] {
        var writer = ResultWriter(form)
        var output: [UInt8] = []
        switch result.rows {
        case .events(let events): for event in events { writer.append(event, to: &output) }
        case .table(let table): writer.append(table, to: &output)
        }
        writer.finish(to: &output)
        return output
    }
}

/// How rows are written.
package enum OutputStyle: String, Sendable, CaseIterable {
    /// Lines for people: time, host, program and message; tables in columns.
    case text
    /// The lines as they were received, byte for byte; tables separated by tabs.
    case raw
    /// Newline-delimited JSON.
    case json
    /// Comma-separated values with a header (RFC 4180, but for the line ends).
    case csv
    /// Tab-separated values with a header.
    case tsv
    /// Columns below each other, with a header.
    case table
    /// `key=value` pairs.
    case logfmt

    /// The style of a name as users write it: the raw value, or `jsonl` or `ndjson`.
    package init?(named name: String) {
        switch name {
        case "jsonl", "ndjson": self = .json
        default: self.init(rawValue: name)
        }
    }

    /// The names of all styles, as an error message lists them.
    package static var list: String { allCases.map(\.rawValue).joined(separator: ", ") }

    /// The media type of an answer over HTTP.
    package var contentType: String {
        switch self {
        case .json: "application/x-ndjson"
        case .text, .table, .logfmt: "text/plain; charset=utf-8"
        case .csv: "text/csv; charset=utf-8; header=present"
        case .tsv: "text/tab-separated-values; charset=utf-8"
        case .raw: "application/octet-stream"
        }
    }

    /// The columns of events where nobody chose any: what most lines have, and how to find the event again.
    ///
    /// They are fixed, as a stream cannot know what fields are to come.
    var eventColumns: [String] {
        switch self {
        case .csv, .tsv: ["time", "host", "program", "level", "message", "id"]
        case .table: ["time", "host", "program", "level", "message"]
        case .text, .raw, .json, .logfmt: []
        }
    }
}

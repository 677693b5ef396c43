/// What is made of the events that the filter lets through, or of the rows of the stage before.
///
/// The rows of a search are its events, oldest first; those of a table stand in the table's order.
package enum Stage: Equatable, Sendable {
    /// `where`: rows that pass.
    case filter(Filter)
    /// Cuts new fields out of a text.
    case extract(Extraction)
    /// One row a group: `count`, `stats`, `dc`, `uniq`, `histogram`, `timechart`, `rate`.
    case aggregate(Aggregation)
    /// The groups with the most rows, or with `isRare` the fewest, with their share in percent.
    case top(Int, fields: [String], isRare: Bool)
    case sort([SortKey])
    /// The first rows.
    case head(Int)
    /// The last rows.
    case tail(Int)
    /// These columns alone, in this order.
    case fields([String])
    /// All columns but these.
    case without([String])
    /// The newest of the events that have the same values in all the fields; the first of a table's rows.
    case dedup([String])
    /// How often each form of message occurs; with `newSince` only forms that did not occur for that long (in
    /// nanoseconds) before the window.
    case patterns(newSince: Int64?)
    /// Events before and behind each event, and those of the same request.
    case context(before: Int, after: Int, of: ContextScope = .host)
    /// How often each form of message occurs in the window, and as long (in nanoseconds) before.
    case diff(Int64)
}

/// Whose events stand around an event.
package enum ContextScope: String, Equatable, Sendable, CaseIterable {
    /// All programs of its host.
    case host
    /// Its program on its host.
    case program
    /// All hosts.
    case all

    /// The fields that are the same in all of these events.
    var fields: [String] {
        switch self {
        case .host: ["host"]
        case .program: ["host", "program"]
        case .all: []
        }
    }
}

/// Groups of rows, and what is computed of each.
///
/// Without functions a row says that the group is there.
package struct Aggregation: Equatable, Sendable {
    package var functions: [AggregateFunction]
    package var by: [String]
    package var step: Step?

    package init(_ functions: [AggregateFunction], by: [String] = [], step: Step? = nil) {
        self.functions = functions
        self.by = by
        self.step = step
    }

    /// Steps of the clock, each a group of its own; steps without events are shown, too.
    package enum Step: Equatable, Sendable {
        /// Chosen by the window.
        case automatic
        /// Nanoseconds, above zero.
        case fixed(Int64)
    }

    /// The names of the columns that come out.
    package var columns: [String] { (step == nil ? [] : ["time"]) + by + functions.map(\.name) }
}

/// One column of an aggregation.
package struct AggregateFunction: Equatable, Sendable {
    package enum Kind: String, Equatable, Sendable, CaseIterable {
        case count, dc, sum, avg, min, max, p50, p90, p95, p99, first, last, rate
    }

    package var kind: Kind
    /// What is looked at; nil for `count` and `rate` of all rows.
    package var field: String?
    /// Another name than `kind(field)` for the column.
    package var alias: String?

    package init(_ kind: Kind, _ field: String? = nil, alias: String? = nil) {
        self.kind = kind
        self.field = field
        self.alias = alias
    }

    /// The name of the column.
    package var name: String { alias ?? written }

    /// As a query writes it, without its alias: `count`, `p95(request_time)`.
    package var written: String { field.map { "\(kind)(\($0))" } ?? "\(kind)" }
}

/// One column to sort by.
package struct SortKey: Equatable, Sendable {
    package var field: String
    package var isDescending: Bool

    package init(_ field: String, isDescending: Bool = false) {
        self.field = field
        self.isDescending = isDescending
    }
}

/// `extract "user=<user> from <client>"`: texts between literals become fields.
///
/// The pattern is looked for anywhere in the text; the first place where all its literals follow each other
/// counts. A name stands for the shortest text up to the next literal, or for the rest where none follows; `<_>`
/// for a text that no field takes.
package struct Extraction: Equatable, Sendable {
    package enum Part: Equatable, Sendable {
        case literal(String)
        /// Nil: a text that is skipped.
        case field(String?)
    }

    package var parts: [Part]
    package var source: String

    package init(_ parts: [Part], from source: String = "raw") {
        self.parts = parts
        self.source = source
    }

    /// The fields that it makes, in the order of the pattern.
    package var fields: [String] {
        parts.compactMap { if case .field(let name?) = $0 { name } else { nil } }
    }
}

extension Stage {
    /// How many events, by the values of the fields.
    package static func count(by fields: [String]) -> Stage {
        .aggregate(Aggregation([AggregateFunction(.count)], by: fields))
    }

    /// How many events in each step of time, in nanoseconds; nil: chosen by the window.
    package static func histogram(step: Int64?) -> Stage {
        .aggregate(Aggregation([AggregateFunction(.count)], step: step.map { .fixed($0) } ?? .automatic))
    }
}

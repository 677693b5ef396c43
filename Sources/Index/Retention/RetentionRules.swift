/// How long events are kept, and where.
package struct RetentionRules: Sendable, Equatable {
    /// Days in the store; older ones are archived.
    package var hotDays: Int
    /// Bytes of the store beyond which the oldest closed days are archived early; nil for no limit.
    package var hotSize: Int?
    /// Days in the archive; older ones are deleted.
    ///
    /// Nil keeps them.
    package var archiveKeep: Int?
    /// The classes of events that go earlier.
    package var classes: [Class]

    /// Events that are deleted from the store before their day is archived.
    package struct Class: Sendable, Equatable {
        /// A query without stages.
        package let query: String
        /// Days.
        package let keep: Int

        package init(query: String, keep: Int) {
            self.query = query
            self.keep = keep
        }

        /// What of a rule decides which events go.
        var text: String { "\(keep) \(query)" }
    }

    package static let hotDaysDefault = 30

    package init(
        hotDays: Int = hotDaysDefault, hotSize: Int? = nil, archiveKeep: Int? = nil, classes: [Class] = []
    ) {
        self.hotDays = hotDays
        self.hotSize = hotSize
        self.archiveKeep = archiveKeep
        self.classes = classes
    }

    /// Says in one number which of the classes hold for a day.
    static func digest(of classes: [Class]) -> String {
        FileDigest.of(Array(classes.map(\.text).joined(separator: "\n").utf8))
    }
}

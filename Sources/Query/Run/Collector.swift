import Index

/// Takes the blocks of a scan and makes a result of them.
protocol Collector: SendableMetatype {
    /// Whether a block with events of these times can still change the result.
    ///
    /// Blocks come in the order of their last times, newest first; in an ascending scan in that of their first ones.
    mutating func wants(_ times: ClosedRange<Int64>) throws -> Bool
    mutating func add(_ match: MatchedBlock) throws
    /// The blocks so far may be closed now: what is kept of them has to be read.
    mutating func release() throws
    /// No more blocks of this day come.
    mutating func endDay() throws
    /// Whether a second one of these would be of use for the blocks that are left.
    var canShare: Bool { get }
    /// Takes an archived block for lost, if it can do without; false where the scan has to begin again without it.
    mutating func loses(_ damage: StoreError) -> Bool
    /// Takes over what another one has collected; its blocks are closed.
    mutating func merge(_ other: Self)
}

extension Collector {
    mutating func loses(_ damage: StoreError) -> Bool { false }
    var canShare: Bool { true }
    mutating func wants(_ times: ClosedRange<Int64>) -> Bool { true }
    mutating func release() throws {}
    mutating func endDay() throws { try release() }
}

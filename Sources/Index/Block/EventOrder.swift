/// Where an event stands among others: at its time.
///
/// Many programs write whole seconds, and what came of a request would stand before its causes of the same second. So
/// an event whose time has no fraction stands where it arrived, as far as that lies within its second. Events with
/// equal places stand in the order of their numbers, which is that of their arrival.
package enum EventOrder {
    private static let second: Int64 = 1_000_000_000

    /// Whether a time names no fraction of a second.
    static func isWhole(_ time: Int64) -> Bool { time % second == 0 }

    /// The place of an event, from its time to the end of its second.
    ///
    /// All are nanoseconds since the Unix epoch.
    package static func place(_ time: Int64, received: Int64) -> Int64 {
        isWhole(time) ? max(time, min(received, end(of: time))) : time
    }

    /// The last place in the second of a time: no event that is not later stands behind it.
    package static func end(of time: Int64) -> Int64 {
        let part = time % second
        let (end, isBeyond) = time.addingReportingOverflow(part < 0 ? -part - 1 : second - 1 - part)
        return isBeyond ? .max : end
    }

    /// The first place in the second of a time: no event that is not earlier stands before it.
    package static func start(of time: Int64) -> Int64 {
        let part = time % second
        let (start, isBeyond) = time.subtractingReportingOverflow(part < 0 ? part + second : part)
        return isBeyond ? .min : start
    }
}

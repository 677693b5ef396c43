extension TimeReading {
    /// Reads all of `text` as `2026-11-21T10:00:00[.fff][Z|±hh:mm]` (RFC 3339); UTC where no zone is written.
    ///
    /// Nil where it is no such time, or one before 1677 or after 2262.
    ///
    /// The result is nanoseconds since the Unix epoch, and how many digits stand behind the point.
    package static func rfc3339(_ text: [UInt8]) -> (nanoseconds: Int64, digits: Int)? {
        var times = TimeReader(zone: .utc)
        guard let reading = times.iso(text.span, at: 0, to: text.count), reading.end == text.count,
            reading.fits
        else { return nil }
        return (reading.nanoseconds, reading.fractionDigits)
    }
}

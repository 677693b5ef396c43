/// Times of lines that neither their header nor their format gives one.
extension LineParser {
    /// When the lines of a file were written, line by line.
    struct FileTimes {
        fileprivate var sender: Peer?
        fileprivate var last: Int64?
        /// The time before each line that waits, by its number: its event may be read when others have gone by.
        fileprivate var held: [UInt64: Int64] = [:]
    }

    /// The time of the last line of the file at hand; nil where none had one.
    package var fileTime: Int64? { fileTimes.last }

    /// Gives an event the time that the line's date says by the general rule; in a file, where there is no date
    /// either, the time of the line before.
    ///
    /// Lines from the network have this only where nothing else says a time, and it can be believed.
    @inline(__always)
    mutating func setOtherTime(_ bytes: Span<UInt8>, _ line: Line, received: Int64) {
        let listener = line.sender.listener
        if listener == .file { return setFileTime(bytes, line, received: received) }
        guard line.header.time == nil, writer.ownTime == nil, listener != .own else { return }
        setDate(bytes, line, received: received)
    }

    /// False, with nothing changed, where the line has no date that can be believed.
    @discardableResult
    private mutating func setDate(_ bytes: Span<UInt8>, _ line: Line, received: Int64) -> Bool {
        guard let date = date(bytes, line, received: received) else { return false }
        writer.event.time = date
        writer.event.reasons.insert(.generalTime)
        return true
    }

    private mutating func date(_ bytes: Span<UInt8>, _ line: Line, received: Int64) -> Int64? {
        let isFile = line.sender.listener == .file
        let date = writer.times.lineDate(
            bytes, line.header.message.range, isFile: isFile, latest: Self.sum(received, ParseLimits.future))
        guard let date, isFile || date.nanoseconds >= Self.sum(received, -ParseLimits.past) else {
            return nil
        }
        return date.nanoseconds
    }

    private static func sum(_ time: Int64, _ distance: Int64) -> Int64 {
        let (sum, overflow) = time.addingReportingOverflow(distance)
        return overflow ? (distance < 0 ? .min : .max) : sum
    }

    // MARK: Files

    private mutating func setFileTime(_ bytes: Span<UInt8>, _ line: Line, received: Int64) {
        beginFile(line.sender)
        let isStated = writer.ownTime?.fits == true || line.header.time?.fits == true
        if isStated || setDate(bytes, line, received: received) {
            fileTimes.last = writer.event.time
        } else if line.sender.source?.date != nil, let last = fileTimes.last {
            writer.event.time = last
            writer.event.reasons.insert(.noTime)
        }
    }

    /// Lines of another file, or of another part of it, know nothing of the lines before.
    private mutating func beginFile(_ sender: Peer) {
        guard fileTimes.sender != sender else { return }
        fileTimes.sender = sender
        fileTimes.last = sender.source?.date
    }

    /// Keeps what the line that waits as number `id` says of the time of those after it, and those before of it.
    mutating func holdTime(_ bytes: Span<UInt8>, _ line: Line, id: UInt64, received: Int64) {
        guard line.sender.listener == .file else { return }
        beginFile(line.sender)
        fileTimes.held[id] = fileTimes.last
        let stated = line.header.time.flatMap { $0.fits ? $0.nanoseconds : nil }
        fileTimes.last = stated ?? date(bytes, line, received: received) ?? fileTimes.last
    }

    /// Runs `read`, which reads the event of lines that waited, with the time that was known when the first came.
    mutating func withTime(ofHeld ids: [UInt64], of sender: Peer, _ read: (inout LineParser) -> Void) {
        guard sender.listener == .file else { return read(&self) }
        let now = (fileTimes.sender, fileTimes.last)
        fileTimes.sender = sender
        fileTimes.last = ids.first.flatMap { fileTimes.held[$0] } ?? sender.source?.date
        for id in ids { fileTimes.held[id] = nil }
        read(&self)
        (fileTimes.sender, fileTimes.last) = now
    }
}

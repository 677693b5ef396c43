/// What stands around a line is taken off before the formats see its message.
extension LineParser {
    /// The line with what others have put around it read, and the escapes undone that a log daemon wrote.
    ///
    /// Where the message does not stand in the frame as it is meant, it is `text`.
    mutating func unfolded(_ bytes: Span<UInt8>, _ line: Line) -> Line {
        if line.sender.source?.isMessage == true || router.readsHeader(line.route) { return line }
        var line = line
        let message = line.header.message.range
        let isOpen = line.route.isEmpty && (line.header.isWritten || line.sender.source != nil)
        switch Envelope.read(bytes, message, isOpen: isOpen, times: &writer.times) {
        case .none: break
        case .header(let inner): takeHeader(bytes, inner, &line)
        case .container(let container): takeContainer(container, &line)
        case .docker(let docker): takeDocker(docker, &line)
        case .journal(let entry): takeJournal(entry, &line)
        }
        if line.text.isEmpty, line.header.isWritten, Escapes.syslog.occur(bytes, line.header.message.range) {
            Escapes.syslog.append(bytes, line.header.message.range, to: &line.text)
        }
        if !line.text.isEmpty || line.isCovered, line.host.isEmpty {
            line.host.append(bytes, line.header.host.range)
        }
        return line
    }

    /// The header within the message is nearer to what happened; the host before it is a relay.
    private mutating func takeHeader(_ bytes: Span<UInt8>, _ inner: SyslogHeader, _ line: inout Line) {
        writer.coverHeader(host: inner.host.count > 0)
        var inner = inner
        if inner.priority.count == 0 {
            inner.facility = line.header.facility
            inner.severity = line.header.severity
        }
        let reasons = writer.event.reasons
        if inner.host.count == 0 { inner.host = line.header.host }
        readHeader(inner, line.sender, addsHost: line.header.host != inner.host)
        writer.event.reasons = reasons
        line.header = inner
        line.route = inner.program.count > 0 ? router.route(bytes, inner.program.range) : 0..<0
    }

    private mutating func takeContainer(_ container: ContainerLine, _ line: inout Line) {
        let layout = container.time.fits ? container.time.layout : .none
        writer.addHeader(
            FieldValue(
                line.header.timeText.count > 0 ? .outer : .headerTime, layout.style == .none ? .hole : .time,
                ByteRange(container.timeText), layout: layout))
        writer.addHeader(FieldValue(.stream, .hole, ByteRange(container.stream)))
        if container.isPart { writer.event.reasons.insert(.cut) }
        line.header.time = container.time
        line.header.message = ByteRange(container.text)
    }

    private mutating func takeDocker(_ docker: DockerLine, _ line: inout Line) {
        writer.addHeader(FieldValue(.outer, .hole, line.header.message))
        if !docker.stream.isEmpty { writer.addHeader(.stream, text: docker.stream) }
        line.header.time = docker.time
        line.text = docker.text
        line.isCovered = true
    }

    private mutating func takeJournal(_ entry: JournalEntry, _ line: inout Line) {
        if !entry.host.isEmpty { writer.coverHeader(host: true) }
        writer.addHeader(FieldValue(.outer, .hole, line.header.message))
        if !entry.host.isEmpty { writer.addHeader(.host, text: entry.host) }
        if !entry.program.isEmpty { writer.addHeader(.program, text: entry.program) }
        if !entry.pid.isEmpty { writer.addHeader(.pid, text: entry.pid) }
        for field in entry.rest where writer.hasRoom {
            guard field.name.count <= ParseLimits.fieldNameBytes,
                let id = Fields.table.id(of: String(decoding: field.name, as: UTF8.self))
            else { continue }
            writer.addHeader(FieldID(id), text: field.value)
        }
        writer.event.severity = entry.severity
        writer.event.facility = entry.facility
        writer.event.reasons.remove(.noPriority)
        if let time = entry.time {
            line.header.time = TimeReading(
                nanoseconds: time, fits: true, layout: .none, fractionDigits: 6, end: 0)
        }
        let route = entry.program.isEmpty ? 0..<0 : router.route(entry.program.span, 0..<entry.program.count)
        line.route = router.readsHeader(route) ? 0..<0 : route
        line.host = entry.host
        line.text = entry.text
        line.isCovered = true
    }
}

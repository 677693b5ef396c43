/// Which names the values of an event have: of two that ask for one, who has it.
extension EventWriter {
    /// The field for a key's value.
    ///
    /// Of two keys that stand for one field the first has it. Of two equal keys the last has it (RFC 8259 §4
    /// leaves it open), and the earlier value becomes hidden.
    mutating func claim(_ entry: Int, _ field: FieldID, spare: FieldID) -> FieldID {
        let index = Int(field.rawValue)
        guard index < claims.count else { return field }
        if claims[index].generation != generation {
            claims[index] = Claim(generation: generation, entry: UInt32(truncatingIfNeeded: entry))
            return field
        }
        if claims[index].entry == UInt32(truncatingIfNeeded: entry) {
            hide(field)
            return field
        }
        return field == spare ? field : claim(entry, spare, spare: spare)
    }

    /// Hides the values of a field that the message has brought so far.
    mutating func hide(_ field: FieldID) {
        if field == .message { hasMessage = false }
        if field == .logTime {
            hasTime = false
            ownTime = nil
        }
        for index in stride(from: fields.count - 1, through: body, by: -1)
        where fields[index].field == field && index != messageSpan {
            if fields[index].role == .derived {
                fields.remove(at: index)
                if messageSpan > index { messageSpan -= 1 }
            } else {
                fields[index].field = .escaped
            }
        }
    }

    /// The field that a value goes to whose name belongs to the event or to its header.
    ///
    /// The message's own `pid` and `msgid` are nearer to what happened than the header's, which become
    /// `header_pid` and `header_msgid`. For `host` and `program` the header has the last word. Columns of the
    /// event itself cannot be written.
    @inline(never)
    mutating func claim(headerField field: FieldID) -> FieldID {
        switch field {
        case .message:
            guard !hasMessage else { return .bodyMessage }
            hasMessage = true
            if messageSpan >= 0 { fields.remove(at: messageSpan) }
            messageSpan = -1
            return field
        case .logTime:
            defer { hasTime = true }
            return hasTime ? .bodyTime : field
        // What an object says of the header that it came with, before it came here.
        case .syslogLevel: return header(.pri) == nil ? field : .bodySyslogLevel
        case .pid, .msgid:
            if let index = header(field) { fields[index].field = field == .pid ? .headerPid : .headerMsgid }
            return field
        case .host:
            guard let index = header(.host) else { return field }
            // An address that stood in for a host gives way.
            guard fields[index].role == .derived else { return .bodyHost }
            fields[index].field = .headerHost
            return field
        case .program:
            guard let index = header(.program) else { return field }
            // A name that only the kind of the file gave gives way.
            guard fields[index].role == .derived else { return .bodyProgram }
            fields[index].field = .headerProgram
            return field
        default: return .other
        }
    }

    /// Says that what the header has as `field` is another field: its place in the header was a guess.
    ///
    /// Cannot be taken back.
    mutating func correctHeader(_ field: FieldID, to other: FieldID) {
        if let index = header(field) { fields[index].field = other }
    }

    private func header(_ field: FieldID) -> Int? {
        var index = first
        while index < body {
            if fields[index].field == field { return index }
            index &+= 1
        }
        return nil
    }

    mutating func restoreHeader() {
        for index in first..<min(body, fields.count) {
            switch fields[index].field {
            case .headerPid: fields[index].field = .pid
            case .headerMsgid: fields[index].field = .msgid
            case .headerHost: fields[index].field = .host
            case .headerProgram: fields[index].field = .program
            default: break
            }
        }
    }
}

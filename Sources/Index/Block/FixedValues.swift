import Parse

/// The columns of what is not text in the line.
///
/// They come first, in this order, in each block.
enum FixedColumn: Int, CaseIterable {
    case level, facility, parser, parse, reason, peer, listener

    var name: String { "\(self)" }
}

/// The texts of what events hold as numbers: levels, facilities, outcomes, reasons and formats.
enum FixedValues {
    /// RFC 5424 §6.2.1 severities, by number, under the names of syslog.conf.
    private static let levels = ["emerg", "alert", "crit", "err", "warning", "notice", "info", "debug"]

    /// RFC 5424 §6.2.1 facilities, by number.
    private static let facilities = [
        "kern", "user", "mail", "daemon", "auth", "syslog", "lpr", "news", "uucp", "cron", "authpriv", "ftp",
        "ntp", "security", "console", "solaris-cron", "local0", "local1", "local2", "local3", "local4",
        "local5",
        "local6", "local7",
    ]

    static func level(_ number: UInt32) -> [UInt8] { Array(levels[min(Int(number), 7)].utf8) }

    /// The levels of a column of PRIs (RFC 5424 §6.2.1), each value's in its place; none where it is no PRI.
    static func levels(ofPriorities column: Column) -> Column {
        var numbers: [UInt16] = []
        for value in 0..<column.values.count {
            let priority = UInt8(String(decoding: column.values[value], as: UTF8.self))
            numbers.append(priority.map { $0 <= 191 ? UInt16($0 % 8) + 1 : 0 } ?? 0)
        }
        let codes = column.codes.map { code in
            code > 0 && Int(code) <= numbers.count ? numbers[Int(code) - 1] : 0
        }
        var names = ByteTable()
        for level in levels { names.append(Array(level.utf8).span) }
        return Column(values: names, codes: codes)
    }

    static func facility(_ number: UInt32) -> [UInt8] { Array(facilities[min(Int(number), 23)].utf8) }

    static func outcome(_ number: UInt32) -> [UInt8] {
        Array((ParseOutcome(rawValue: UInt8(truncatingIfNeeded: number)) ?? .failed).name.utf8)
    }

    /// All reasons, separated by blanks, so that each is found as a word.
    static func reasons(_ bits: UInt32) -> [UInt8] {
        Array(ParseReasons(rawValue: bits).descriptions.joined(separator: " ").utf8)
    }

    static func format(_ number: UInt32) -> [UInt8] {
        Array(Formats.names.name(of: UInt16(truncatingIfNeeded: number)).utf8)
    }

    /// The number behind a text of one of these columns; nil for a text that none of the functions above
    /// writes.
    static func number(of text: ArraySlice<UInt8>, in column: FixedColumn) -> UInt32? {
        func index(_ names: [String]) -> UInt32? {
            names.firstIndex { $0.utf8.elementsEqual(text) }.map { UInt32($0) }
        }
        func isNamed(_ name: String) -> Bool { name.utf8.elementsEqual(text) }
        switch column {
        case .level: return index(levels)
        case .facility: return index(facilities)
        case .parser: return Formats.names.id(of: String(decoding: text, as: UTF8.self)).map { UInt32($0) }
        case .parse: return ParseOutcome.allCases.first { isNamed($0.name) }.map { UInt32($0.rawValue) }
        case .reason: return reasons(of: text)
        case .peer: return nil
        case .listener: return Peer.Listener.allCases.first { isNamed($0.name) }.map { UInt32($0.rawValue) }
        }
    }

    private static func reasons(of text: ArraySlice<UInt8>) -> UInt32? {
        var found: ParseReasons = []
        for word in text.split(separator: 0x20) {
            guard let known = ParseReasons.names.first(where: { $0.name.utf8.elementsEqual(word) }) else {
                return nil
            }
            found.insert(known.reason)
        }
        return found.rawValue
    }
}

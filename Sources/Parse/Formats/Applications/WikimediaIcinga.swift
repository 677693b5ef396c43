/// Lines of Icinga and Nagios: `SERVICE ALERT: host;service;CRITICAL;HARD;3;output` (Nagios Core
/// documentation, "Log File Contents").
///
/// A notification's message is the output of the check; of anything else it is the line.
enum Icinga {
    private struct Kind {
        /// What stands before the parts.
        let name: StaticString
        /// The parts, of which the last may hold semicolons.
        let parts: [FieldID]
        let isMessageLast: Bool
    }

    private static let kind = FieldID(named: "alert_kind")
    private static let contact = FieldID(named: "contact"), host = FieldID(named: "target_host")
    private static let check = FieldID(named: "check_name"), state = FieldID(named: "check_status")
    private static let command = FieldID(named: "notification_command")
    private static let type = FieldID(named: "state_type"), attempt = FieldID(named: "attempt")
    private static let output = FieldID(named: "output")

    private static let kinds: [Kind] = [
        Kind(
            name: "SERVICE NOTIFICATION: ", parts: [contact, host, check, state, command, .message],
            isMessageLast: true),
        Kind(
            name: "HOST NOTIFICATION: ", parts: [contact, host, state, command, .message], isMessageLast: true
        ),
        Kind(
            name: "SERVICE ALERT: ", parts: [host, check, state, type, attempt, output], isMessageLast: false),
        Kind(name: "HOST ALERT: ", parts: [host, state, type, attempt, output], isMessageLast: false),
        Kind(
            name: "SERVICE EVENT HANDLER: ", parts: [host, check, state, type, attempt, command],
            isMessageLast: false),
        Kind(
            name: "HOST EVENT HANDLER: ", parts: [host, state, type, attempt, command], isMessageLast: false),
        Kind(
            name: "CURRENT SERVICE STATE: ", parts: [host, check, state, type, attempt, output],
            isMessageLast: false),
        Kind(
            name: "CURRENT HOST STATE: ", parts: [host, state, type, attempt, output], isMessageLast: false),
        Kind(
            name: "INITIAL SERVICE STATE: ", parts: [host, check, state, type, attempt, output],
            isMessageLast: false),
        Kind(
            name: "INITIAL HOST STATE: ", parts: [host, state, type, attempt, output], isMessageLast: false),
        Kind(name: "SERVICE FLAPPING ALERT: ", parts: [host, check, state, output], isMessageLast: false),
        Kind(name: "HOST FLAPPING ALERT: ", parts: [host, state, output], isMessageLast: false),
        Kind(name: "SERVICE DOWNTIME ALERT: ", parts: [host, check, state, output], isMessageLast: false),
        Kind(name: "HOST DOWNTIME ALERT: ", parts: [host, state, output], isMessageLast: false),
        Kind(name: "PASSIVE SERVICE CHECK: ", parts: [host, check, state, output], isMessageLast: false),
        Kind(name: "PASSIVE HOST CHECK: ", parts: [host, state, output], isMessageLast: false),
        Kind(name: "EXTERNAL COMMAND: ", parts: [FieldID(named: "command"), output], isMessageLast: false),
    ]

    /// Reads a line of the log, `[1795345104] ` before it or not.
    @Sendable
    static func read(_ bytes: Span<UInt8>, _ range: Range<Int>, _ event: inout EventWriter) -> Bool {
        let end = range.upperBound
        guard LiteralCheck.shape("[9999999999] ").passes(bytes, from: range.lowerBound, to: end) else {
            return addParts(bytes, range, &event)
        }
        let text = range.lowerBound &+ 13..<end
        event.setTime(bytes, range.lowerBound &+ 1..<range.lowerBound &+ 11, [.epoch])
        if !addParts(bytes, text, &event) { event.add(.message, bytes, text) }
        return true
    }

    /// Reads a line without its time; one of no known kind is the message.
    @Sendable
    static func readText(_ bytes: Span<UInt8>, _ range: Range<Int>, _ event: inout EventWriter) -> Bool {
        if !addParts(bytes, range, &event) { event.add(.message, bytes, range) }
        return true
    }

    /// False, with nothing added, where the text is of no known kind.
    private static func addParts(
        _ bytes: Span<UInt8>, _ range: Range<Int>, _ event: inout EventWriter
    ) -> Bool {
        guard range.count > 6, bytes[range.lowerBound] &- 65 < 26 else { return false }
        for item in kinds {
            guard bytes.has(item.name, at: range.lowerBound, to: range.upperBound) else { continue }
            var at = range.lowerBound &+ item.name.utf8CodeUnitCount
            if !item.isMessageLast { event.addSpan(.message, bytes, range) }
            event.add(kind, bytes, range.lowerBound..<at &- 2)
            for (index, field) in item.parts.enumerated() {
                let isLast = index == item.parts.count - 1
                let stop =
                    isLast ? range.upperBound : bytes.find(UInt8(ascii: ";"), from: at, to: range.upperBound)
                event.add(field, bytes, at..<stop)
                guard stop < range.upperBound else {
                    if !isLast { event.event.reasons.insert(.cut) }
                    return true
                }
                at = stop &+ 1
            }
            return true
        }
        return false
    }
}

import Testing

@testable import Parse

/// A message of a program, and what must become of it.
struct FormatLine: CustomTestStringConvertible {
    let program: String
    let message: String
    let format: String
    /// Fields behind those of the header, as `name=value`.
    let body: [String]
    /// The level, 255 for none.
    let level: UInt8
    /// The time as text, where the message has one.
    let time: String?

    init(
        _ program: String, _ message: String, _ format: String, level: UInt8 = 255, at time: String? = nil,
        _ body: [String]
    ) {
        self.program = program
        self.message = message
        self.format = format
        self.body = body
        self.level = level
        self.time = time
    }

    var testDescription: String { "\(program): \(message.prefix(80))" }

    /// The message as a program's line of a file, so that its times may lie far back.
    static func read(_ program: String, _ message: String) throws -> ParsedLine {
        try ParsedLine("<0>1 - h \(program) - - - \(message)", listener: .file)
    }

    func check() throws {
        let line = try Self.read(program, message)
        #expect(line.format == format)
        #expect(line.body.filter { !$0.hasPrefix("escaped=") } == body)
        #expect(line.event.severity == (level == 255 ? 0 : level))
        #expect(line.event.outcome == .ok)
        if let time { #expect(line.event.time == TimeReading.rfc3339(Array(time.utf8))?.nanoseconds) }
        // Cut anywhere, the line stays a line: no trap, and nothing outside of it (see `flaws`).
        let bytes = Array("<0>1 - h \(program) - - - \(message)".utf8)
        for end in stride(from: 20, to: bytes.count, by: max(1, bytes.count / 40)) {
            let cut = try ParsedLine(Array(bytes[..<end]), listener: .file)
            #expect(cut.event.raw.count == end)
        }
    }

    /// How lines that come one by one belong together: one letter each, `b`egins, `c`ontinues, `a`lone, `-` unknown.
    static func places(_ reader: LineRule.LineReader, _ lines: [String]) -> String {
        var state: UInt8 = 0
        return lines.map { line in
            let bytes = Array(line.utf8)
            switch reader(bytes.span, 0..<bytes.count, state) {
            case .begins(_, let next):
                state = next
                return "b"
            case .continues(_, let next):
                state = next
                return "c"
            case .alone:
                state = 0
                return "a"
            case .unknown:
                state = 0
                return "-"
            }
        }.joined()
    }
}

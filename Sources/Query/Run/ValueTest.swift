import Parse

/// A condition made ready for bytes: what one value must be.
///
/// The same for the open block, segments, archives and the live tail.
struct ValueTest: Sendable {
    private enum Rule: Sendable {
        case contains([UInt8])
        case matches(GlobMatcher)
        case equals([UInt8])
        case equalsHost([UInt8])
        case exactly([UInt8])
        case like(GlobMatcher)
        case number(Bounds)
        case level(Bounds)
        /// A number where the value is one, else the text.
        case open(Double, [UInt8])
        case regex(RegexTest)
        case network(Network)
        case always
        case never
    }

    private let rule: Rule

    init(_ test: Test) {
        switch test.condition {
        case .contains(let text): rule = .contains(ByteText.lowercased(text))
        case .matches(let glob): rule = .matches(GlobMatcher(glob))
        case .equals(let text):
            let needle = ByteText.lowercased(text)
            if test.field == "host" {
                rule = .equalsHost(needle)
            } else if test.kind == .open, let number = Decimal.value(text) {
                rule = .open(number, needle)
            } else {
                rule = .equals(needle)
            }
        case .exactly(let text): rule = .exactly(Array(text.utf8))
        case .like(let glob): rule = .like(GlobMatcher(glob))
        case .within(let bounds): rule = test.kind == .level ? .level(bounds) : .number(bounds)
        case .regex(let pattern): rule = RegexTest(pattern).map { .regex($0) } ?? .never
        case .network(let network): rule = .network(network)
        // Times are numbers of the block, and no values: `Predicate` asks for them.
        case .exists, .during: rule = .always
        }
    }

    /// The text that a value has to hold between token edges, where that is all that is asked.
    var heldText: TextFinder? {
        if case .contains(let needle) = rule { TextFinder(needle, ignoresCase: true) } else { nil }
    }

    /// Values that could not be decided, and did not pass.
    var gaveUp: Int {
        if case .regex(let regex) = rule { regex.gaveUp } else { 0 }
    }

    /// Whether the value at `range` of `text` passes.
    func passes(_ text: Span<UInt8>, _ range: Range<Int>) -> Bool {
        switch rule {
        case .contains(let needle): ByteText.containsOnEdges(needle, in: text, range)
        case .matches(let glob): glob.matchesOnEdges(text, range)
        case .equals(let needle): ByteText.equalsIgnoringCase(needle, in: text, range)
        case .equalsHost(let needle): ByteText.equalsHost(needle, in: text, range)
        case .exactly(let needle): ByteText.equals(needle, in: text, range)
        case .like(let glob): glob.matchesWhole(text, range)
        case .number(let bounds): Decimal.value(text, range).map(bounds.contains) ?? false
        case .level(let bounds): Level.badness(text, range).map { bounds.contains(Double($0)) } ?? false
        case .open(let number, let needle):
            Decimal.value(text, range).map { $0 == number }
                ?? ByteText.equalsIgnoringCase(needle, in: text, range)
        case .regex(let regex): regex.passes(text, range)
        case .network(let network): IPAddress(text, range).map(network.contains) ?? false
        case .always: true
        case .never: false
        }
    }
}

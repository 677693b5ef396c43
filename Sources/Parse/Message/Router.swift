/// Finds the formats of a program.
///
/// Remembers the names that it has seen.
struct Router {
    private let set: FormatSet
    private var known = ByteKeyMap(capacity: ParseLimits.rememberedKeys)
    /// Indices of formats; a route is a range of these.
    ///
    /// The empty route comes first, then that of the formats for any program.
    private var steps: [Int] = []
    private var routes: [Range<Int>] = [0..<0]
    /// The formats of lines that have no header, and so no program.
    private(set) var headless = 0..<0
    /// The formats that any program's messages are shown to, behind its own.
    private(set) var any = 0..<0

    init(_ set: FormatSet) {
        self.set = set
        headless = routes[Int(number(of: set.route("")))]
        any = routes[Int(number(of: set.formats.indices.filter { set.formats[$0].programs.isAny }))]
    }

    /// The formats to try for the program whose name `bytes` holds in `range`, as numbers for `format(_:)`.
    mutating func route(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Range<Int> {
        if let number = known.value(bytes, range) { return routes[Int(number)] }
        var name: [UInt8] = []
        for index in range { name.append(bytes[index]) }
        let found = set.route(String(decoding: name, as: UTF8.self))
        let number = number(of: found)
        known.remember(number, for: bytes, range)
        return routes[Int(number)]
    }

    /// The formats of a name, whatever the program.
    mutating func route(format name: String) -> Range<Int> { routes[Int(number(of: set.named(name)))] }

    /// The format at a step of a route that this router gave out.
    func format(_ step: Int) -> Format { set.formats[steps[step]] }

    /// Whether events of one of these formats may have several lines.
    func hasSeveral(_ route: Range<Int>) -> Bool {
        for step in route where set.formats[steps[step]].hasSeveralLines { return true }
        return false
    }

    /// Whether a format of a route looks at the header as well, so that its message must stand in the frame.
    func readsHeader(_ route: Range<Int>) -> Bool {
        for step in route where set.formats[steps[step]].readsHeader { return true }
        return false
    }

    /// The number of the route that consists of `found`.
    ///
    /// There are as few routes as there are sets of formats.
    private mutating func number(of found: [Int]) -> UInt16 {
        if let index = routes.firstIndex(where: { steps[$0].elementsEqual(found) }) { return UInt16(index) }
        routes.append(steps.count..<steps.count + found.count)
        steps += found
        return UInt16(routes.count - 1)
    }
}

/// A pattern with all its references replaced, written as PCRE2 wants it.
///
///     %{IP:[source][ip]} \h{4}     →     (?<g1>(?:…)) [0-9A-Fa-f]{4}      group 1 → source.ip
///
/// Groups get names of our own, because PCRE2 refuses `[source][ip]` and a name that stands twice. `captures`
/// and `groupCaptures` say what each group is.
struct GrokExpansion {
    /// The regular expression.
    var output: [UInt8] = []
    /// The fields, in the order in which they first stand in the pattern.
    private(set) var captures: [GrokCapture] = []
    /// For each group, numbered from 1 at index 0, its index in `captures`.
    private(set) var groupCaptures: [Int] = []

    let library: PatternLibrary
    private(set) var sources: [GrokSource] = []
    private var openNames: [String] = []
    private var indexOfField: [String: Int] = [:]
    /// Which source text each stretch of the output came from, for PCRE2's error offsets.
    private var marks: [(output: Int, source: Int, offset: Int)] = []

    init(_ pattern: GrokSource, library: PatternLibrary) throws(GrokError) {
        self.library = library
        try expand(pattern)
    }

    /// The source text behind an offset into `output`.
    func place(of offset: Int) -> (source: GrokSource, offset: Int)? {
        guard let mark = marks.last(where: { $0.output <= offset }) ?? marks.first else { return nil }
        return (sources[mark.source], mark.offset)
    }

    mutating func expand(_ source: GrokSource) throws(GrokError) {
        sources.append(source)
        var reader = OnigurumaReader(source, index: sources.count - 1)
        try reader.read(into: &self)
    }

    /// Replaces one reference by the definition of `name`.
    ///
    /// `source` and `offset`: where the reference stands.
    mutating func expand(
        _ name: String, field: GrokCapture?, in source: GrokSource, at offset: Int
    ) throws(GrokError) {
        guard let definition = library.definition(of: name) else {
            let suggestion = closestName(to: name, among: library.names)
            throw GrokError(.unknownPattern(name, suggestion: suggestion), in: source, at: offset)
        }
        if let first = openNames.firstIndex(of: name) {
            throw GrokError(.cycle(openNames[first...] + [name]), in: source, at: offset)
        }
        guard openNames.count < GrokLimits.depth else {
            let what = "%{\(name)} is nested too deep"
            throw GrokError(.tooLarge(what, limit: GrokLimits.depth), in: source, at: offset)
        }
        if let field {
            try openGroup(field, in: source, at: offset)
        } else {
            output += Array("(?:".utf8)
        }
        openNames.append(name)
        try expand(definition)
        openNames.removeLast()
        output.append(UInt8(ascii: ")"))
    }

    /// Writes the start of a named group.
    mutating func openGroup(_ capture: GrokCapture, in source: GrokSource, at offset: Int) throws(GrokError) {
        guard groupCaptures.count < GrokLimits.groups else {
            throw GrokError(.tooLarge("too many captures", limit: GrokLimits.groups), in: source, at: offset)
        }
        let index: Int
        if let known = indexOfField[capture.field] {
            index = known
            if captures[known].type == nil { captures[known] = capture }
        } else {
            index = captures.count
            indexOfField[capture.field] = index
            captures.append(capture)
        }
        groupCaptures.append(index)
        output += Array("(?<g\(groupCaptures.count)>".utf8)
    }

    /// Our name for the newest group of a field, for `\k<field>`; nil when there is none yet.
    func groupName(of field: String) -> String? {
        guard let index = indexOfField[field], let group = groupCaptures.lastIndex(of: index) else {
            return nil
        }
        return "g\(group + 1)"
    }

    /// Notes that what is written next comes from `offset` of a source.
    mutating func mark(source: Int, offset: Int) throws(GrokError) {
        guard output.count <= GrokLimits.expandedBytes else {
            let what = "the pattern with all references replaced has too many bytes"
            throw GrokError(.tooLarge(what, limit: GrokLimits.expandedBytes), in: sources[source], at: offset)
        }
        marks.append((output.count, source, offset))
    }

    /// Puts what was written since `start` into a group of its own, so that a second quantifier can follow.
    mutating func wrap(from start: Int) {
        output.insert(contentsOf: Array("(?:".utf8), at: start)
        output.append(UInt8(ascii: ")"))
        for index in marks.indices.reversed() {
            guard marks[index].output >= start else { break }
            marks[index].output += 3
        }
    }
}

extension EventWriter {
    /// Adds the captures of the last match of `matcher`: sorted, nested, typed, the rest taken apart.
    ///
    /// `rest` is the whole of what the rest capture stands for.
    ///
    /// A capture that breaks the order of fields (look-ahead, `\K`) is left out. False where the rest is not as
    /// the format says.
    mutating func addCaptures(
        _ bytes: Span<UInt8>, _ format: Format, _ pattern: Format.Pattern, _ matcher: borrowing GrokMatcher,
        rest: Range<Int>
    ) -> Bool {
        collect(pattern, matcher, rest: rest)
        open.removeAll(keepingCapacity: true)
        let escapes = escapes(of: format, bytes, to: rest.upperBound)
        hasEscapes = escapes != nil
        var cursor = 0
        /// Values before this offset stand in one whose escapes were undone: they are copied, too.
        var copied = 0
        for index in found.indices {
            let range = found[index].range
            let capture = found[index].capture
            if range.lowerBound < copied, let escapes {
                let slot = pattern.captures[capture]
                if slot.role == .plain || slot.role == .typed {
                    addUnescaped(slot.field, bytes, range, escapes)
                }
                continue
            }
            while let end = open.last, end <= range.lowerBound { open.removeLast() }
            guard range.lowerBound >= cursor, open.last.map({ range.upperBound <= $0 }) ?? true else {
                continue
            }
            if capture == pattern.rest {
                guard readRest(bytes, rest, format) else { return false }
                cursor = rest.upperBound
                continue
            }
            let slot = pattern.captures[capture]
            if slot.role != .time, slot.role != .level, holdsNext(index) {
                if slot.role != .ignored {
                    if let escapes, addReadable(slot.field, bytes, range, escapes) {
                        copied = range.upperBound
                        cursor = range.upperBound
                        continue
                    }
                    add(slot.field, .span, range)
                    open.append(range.upperBound)
                }
                cursor = range.lowerBound
                continue
            }
            cursor = range.upperBound
            switch slot.role {
            case .plain, .typed:
                if slot.role == .typed, !pattern.accepts(capture, bytes, range) {
                    event.reasons.insert(.badType)
                }
                let field = slot.values.admits(bytes, range) ? slot.field : slot.spare
                if let escapes, addReadable(field, bytes, range, escapes) { continue }
                add(field, .hole, range)
            case .time: addTime(bytes, range, format)
            case .level:
                if !setLevel(bytes, range, format.levels) { add(.levelText, .hole, range) }
            case .ignored: break
            }
        }
        return true
    }

    /// The escapes that the captured values hold; nil, after one look at the line, where there are none.
    @inline(__always)
    private func escapes(of format: Format, _ bytes: Span<UInt8>, to end: Int) -> Escapes? {
        guard let escapes = format.escapes, let start = found.first?.range.lowerBound, end <= bytes.count,
            bytes.holds(escapes.mark, from: start, to: end)
        else { return nil }
        return escapes
    }

    @inline(__always)
    private mutating func addTime(_ bytes: Span<UInt8>, _ range: Range<Int>, _ format: Format) {
        let reading = readTime(bytes, range, format)
        if let reading { return addTime(reading, bytes, range) }
        event.reasons.insert(.badTime)
        add(.logTime, .hole, range)
    }

    @inline(__always)
    private mutating func readTime(
        _ bytes: Span<UInt8>, _ range: Range<Int>, _ format: Format
    ) -> TimeReading? {
        times.isUTC = format.isUTC
        defer { times.isUTC = false }
        if format.timeStyle != .none, let reading = times.read(format.timeStyle, bytes, range) {
            return reading
        }
        return times.read(format.timeFormats, bytes, range)
    }

    /// Reads the part of a message that the patterns leave, as the format says.
    mutating func readRest(_ bytes: Span<UInt8>, _ range: Range<Int>, _ format: Format) -> Bool {
        switch format.restRule {
        case .none: break
        case .text(let field): add(field, bytes, range)
        case .json(let table): return readJSON(bytes, range, table)
        case .pairs(let table): return readPairs(bytes, range, table)
        case .codeOrPairs(let reader, let table):
            if reader(bytes, range, &self) { return true }
            return readPairs(bytes, range, table)
        case .code(let reader): return reader(bytes, range, &self)
        }
        return true
    }

    /// Gathers the captures that were set, by offset; of two that begin together the outer one first.
    private mutating func collect(
        _ pattern: Format.Pattern, _ matcher: borrowing GrokMatcher, rest: Range<Int>
    ) {
        found.removeAll(keepingCapacity: true)
        for capture in pattern.captures.indices {
            guard let range = matcher.range(of: capture)?.range else { continue }
            let item = Found(range: capture == pattern.rest ? rest : range, capture: capture)
            // Patterns mostly name their captures in the order of the line: this moves little.
            var at = found.count
            while at > 0, Self.precedes(item.range, found[at &- 1].range) { at &-= 1 }
            if at == found.count { found.append(item) } else { found.insert(item, at: at) }
        }
    }

    private static func precedes(_ one: Range<Int>, _ other: Range<Int>) -> Bool {
        one.lowerBound < other.lowerBound
            || one.lowerBound == other.lowerBound && one.upperBound > other.upperBound && !other.isEmpty
    }

    /// Whether the capture at `index` holds the one after it, and so is no hole itself.
    private func holdsNext(_ index: Int) -> Bool {
        guard index &+ 1 < found.count else { return false }
        let next = found[index &+ 1].range
        let own = found[index].range
        return next.lowerBound < own.upperBound && next.upperBound <= own.upperBound && !own.isEmpty
    }
}

extension GrokType {
    /// Whether the text of a value is of this type.
    func accepts(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Bool {
        var at = range.lowerBound
        let end = range.upperBound
        switch self {
        case .text: return true
        case .boolean:
            for word in ["true", "false", "1", "0", "yes", "no", "t", "f", "y", "n"]
            where range.count == word.utf8.count && bytes.equalsIgnoringCase(range, word) { return true }
            return false
        case .integer, .number:
            if at < end, bytes[at] == UInt8(ascii: "-") || bytes[at] == UInt8(ascii: "+") { at &+= 1 }
            var digits = 0
            var points = self == .number ? 1 : 0
            while at < end {
                if isDigit(bytes[at]) {
                    digits &+= 1
                } else if bytes[at] == UInt8(ascii: "."), points > 0 {
                    points = 0
                } else {
                    break
                }
                at &+= 1
            }
            guard digits > 0 else { return false }
            guard self == .number, end &- at >= 2, bytes[at] | 0x20 == UInt8(ascii: "e") else {
                return at == end
            }
            at &+= 1
            if bytes[at] == UInt8(ascii: "-") || bytes[at] == UInt8(ascii: "+") { at &+= 1 }
            let exponent = at
            while at < end, isDigit(bytes[at]) { at &+= 1 }
            return at == end && at > exponent
        }
    }
}

extension Span where Element == UInt8 {
    fileprivate func equalsIgnoringCase(_ range: Range<Int>, _ word: String) -> Bool {
        var index = range.lowerBound
        for byte in word.utf8 {
            if Token.lowercased(self[index]) != byte { return false }
            index &+= 1
        }
        return true
    }
}

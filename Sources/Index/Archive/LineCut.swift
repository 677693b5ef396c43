import Parse

/// Finds the values of a line again, given its shape: how an archive says which text is which field without saying
/// any text twice.
///
/// Each literal text of the shape stands in the line as it is. A value, or a time, ends where the next literal text
/// begins for the first time; the last one ends with the line. Where this would go wrong, the archive has the lengths of
/// the line's values beside it.
struct LineCut {
    private enum Step {
        case literal([UInt8])
        /// A value or a time, and the text behind it; nil where it goes on to the end of the line.
        case value(before: [UInt8]?)
        /// A value that is followed at once by another one: only its length tells where it ends.
        case joined
        /// The begin or end of a field around others, or a value beside the line.
        case mark
    }

    /// One a shape element.
    private let steps: [Step]
    /// How many values and times the shape has.
    let valueCount: Int

    init(_ shape: Shape) {
        var steps: [Step] = []
        var count = 0
        for (index, element) in shape.elements.enumerated() {
            switch element {
            case .literal(let range): steps.append(.literal(Array(shape.bytes[range])))
            case .hole, .time:
                count += 1
                steps.append(Self.value(shape, from: index + 1))
            case .begin, .end, .derived: steps.append(.mark)
            }
        }
        self.steps = steps
        valueCount = count
    }

    private static func value(_ shape: Shape, from start: Int) -> Step {
        for element in shape.elements[start...] {
            switch element {
            case .literal(let range) where !range.isEmpty: return .value(before: Array(shape.bytes[range]))
            case .hole, .time: return .joined
            case .literal, .begin, .end, .derived: continue
            }
        }
        return .value(before: nil)
    }

    /// Cuts a line: a range of it for each element of the shape, empty for marks; false where it has another shape.
    ///
    /// - `lengths`: those of the values and times, in order, where they are known.
    func cut(_ line: Span<UInt8>, lengths: [Int]?, into ranges: inout [Range<Int>]) -> Bool {
        ranges.removeAll(keepingCapacity: true)
        var place = 0
        var value = 0
        for step in steps {
            var end = place
            switch step {
            case .literal(let text):
                end += text.count
                guard end <= line.count, equalBytes(text.span, line.extracting(place..<end)) else {
                    return false
                }
            case .mark: break
            case .value, .joined:
                if let lengths {
                    guard value < lengths.count, lengths[value] >= 0, lengths[value] <= line.count - place
                    else { return false }
                    end += lengths[value]
                } else if case .value(let next) = step {
                    guard let next else {
                        end = line.count
                        break
                    }
                    guard let found = line.place(of: next, in: place..<line.count) else { return false }
                    end = found
                } else {
                    return false
                }
                value += 1
            }
            ranges.append(place..<end)
            place = end
        }
        return place == line.count
    }
}

/// The only makers of `and`, `or` and `not`: equal meanings of one text become equal trees here.
extension Filter {
    /// All of the parts: nested `and`s are joined, `everything` is left out, one part stands for itself.
    package static func all(of parts: [Filter]) -> Filter {
        var flat: [Filter] = []
        for part in parts {
            switch part {
            case .everything: continue
            case .and(let inner): flat += inner
            default: flat.append(part)
            }
        }
        return flat.count > 1 ? .and(flat) : flat.first ?? .everything
    }

    /// Any of the parts: nested `or`s are joined, one part stands for itself, `everything` takes all.
    ///
    /// No part: nothing.
    package static func any(of parts: [Filter]) -> Filter {
        var flat: [Filter] = []
        for part in parts {
            switch part {
            case .everything: return .everything
            case .or(let inner): flat += inner
            default: flat.append(part)
            }
        }
        return flat.count > 1 ? .or(flat) : flat.first ?? .not(.everything)
    }

    /// What the filter does not let through.
    ///
    /// Two negations cancel out.
    package static func negation(of filter: Filter) -> Filter {
        if case .not(let inner) = filter { return inner }
        return .not(filter)
    }
}

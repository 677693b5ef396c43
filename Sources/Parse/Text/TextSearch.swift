extension Span where Element == UInt8 {
    /// The first offset in `from ..< to` at which `text` stands, all of it before `to`; nil where it does not.
    func find(_ text: StaticString, from: Int, to: Int) -> Int? {
        let length = text.utf8CodeUnitCount
        guard length > 0 else { return nil }
        let first = unsafe text.utf8Start[0]
        var at = from
        while to &- at >= length {
            at = find(first, from: at, to: to)
            if has(text, at: at, to: to) { return at }
            at &+= 1
        }
        return nil
    }

    /// The last offset in `from ..< to` at which `text` stands, all of it before `to`; nil where it does not.
    func findLast(_ text: StaticString, from: Int, to: Int) -> Int? {
        var at = to &- text.utf8CodeUnitCount
        guard text.utf8CodeUnitCount > 0 else { return nil }
        let first = unsafe text.utf8Start[0]
        while at >= from {
            if self[at] == first, has(text, at: at, to: to) { return at }
            at &-= 1
        }
        return nil
    }
}

/// The known name that a mistyped one most likely stands for.
///
/// Up to a third of the letters may differ, three at most. Among equally close names the first in the
/// alphabet wins.
func closestName(to name: String, among names: some Sequence<String>) -> String? {
    let wanted = Array(name.utf8.prefix(GrokLimits.fieldNameBytes))
    let most = min(3, max(1, wanted.count / 3))
    var best: (distance: Int, name: String)?
    for candidate in names where abs(candidate.utf8.count - wanted.count) <= most {
        let distance = editDistance(wanted, Array(candidate.utf8))
        guard distance <= most else { continue }
        if let current = best, (current.distance, current.name) <= (distance, candidate) { continue }
        best = (distance, candidate)
    }
    return best?.name
}

/// Insertions, deletions, replacements and swaps of neighbours that make one text of the other, without case.
private func editDistance(_ a: [UInt8], _ b: [UInt8]) -> Int {
    var beforeLast = Array(repeating: 0, count: b.count + 1)
    var last = Array(0...b.count)
    for i in a.indices {
        var row = [i + 1]
        for j in b.indices {
            let same = a[i] | 0x20 == b[j] | 0x20
            var cost = min(last[j] + (same ? 0 : 1), last[j + 1] + 1, row[j] + 1)
            if i > 0, j > 0, a[i] | 0x20 == b[j - 1] | 0x20, a[i - 1] | 0x20 == b[j] | 0x20 {
                cost = min(cost, beforeLast[j - 1] + 1)
            }
            row.append(cost)
        }
        (beforeLast, last) = (last, row)
    }
    return last[b.count]
}

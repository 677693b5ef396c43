/// The names of the columns of the blocks that were read last: mostly the next block has the same.
///
/// For one thread.
final class KnownNames {
    private var names: [(bytes: [UInt8], name: String)] = []

    /// The name that stands at `range` of a head, as that of column `index`.
    ///
    /// Indices rise from 0 by 1.
    func name(_ index: Int, _ head: [UInt8], _ range: Range<Int>) -> String {
        if index < names.count, names[index].bytes.elementsEqual(head[range]) { return names[index].name }
        let name = String(decoding: head[range], as: UTF8.self)
        let known = (Array(head[range]), name)
        if index < names.count { names[index] = known } else { names.append(known) }
        return name
    }
}

/// Keeps the best so many elements of all that are pushed: a heap with the worst of them on top.
struct BestHeap<Element> {
    private(set) var elements: [Element] = []
    /// How many are kept.
    private(set) var room: Int
    private let isWorse: (Element, Element) -> Bool

    init(room: Int, isWorse: @escaping (Element, Element) -> Bool) {
        self.room = room
        self.isWorse = isWorse
    }

    var isFull: Bool { elements.count >= room }

    /// The worst element that is kept.
    var worst: Element? { elements.first }

    mutating func push(_ element: Element) {
        if !isFull {
            elements.append(element)
            siftUp()
            return
        }
        guard let worst, isWorse(worst, element) else { return }
        elements[0] = element
        siftDown()
    }

    /// Takes the worst one away, and keeps one less from here on.
    mutating func dropWorst() {
        guard !elements.isEmpty else { return }
        elements.swapAt(0, elements.count - 1)
        elements.removeLast()
        siftDown()
        room = elements.count
    }

    /// Replaces each element by one that is as good.
    mutating func update(_ body: (inout Element) throws -> Void) rethrows {
        for index in elements.indices { try body(&elements[index]) }
    }

    /// The best first.
    var sorted: [Element] { elements.sorted { isWorse($1, $0) } }

    private mutating func siftUp() {
        var child = elements.count - 1
        while child > 0, isWorse(elements[child], elements[(child - 1) / 2]) {
            elements.swapAt(child, (child - 1) / 2)
            child = (child - 1) / 2
        }
    }

    private mutating func siftDown() {
        var parent = 0
        while true {
            var worst = parent
            for child in [2 * parent + 1, 2 * parent + 2]
            where child < elements.count && isWorse(elements[child], elements[worst]) { worst = child }
            if worst == parent { return }
            elements.swapAt(parent, worst)
            parent = worst
        }
    }
}

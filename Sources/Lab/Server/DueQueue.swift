/// Acts that wait for their time, earliest first; those of one time keep their order.
struct DueQueue<Act> {
    private var heap: [(due: Int64, order: UInt64, act: Act)] = []
    private var nextOrder: UInt64 = 0

    /// Whether nothing waits.
    var isEmpty: Bool { heap.isEmpty }

    /// When the earliest act is due, on the monotonic clock.
    var earliest: Int64? { heap.first?.due }

    /// Adds an act that is due at `due`.
    mutating func add(_ act: Act, due: Int64) {
        heap.append((due, nextOrder, act))
        nextOrder += 1
        var child = heap.count - 1
        while child > 0 {
            let parent = (child - 1) / 2
            guard isBefore(child, parent) else { break }
            heap.swapAt(child, parent)
            child = parent
        }
    }

    /// Takes the earliest act if it is due at `now`.
    mutating func take(at now: Int64) -> Act? {
        guard let first = heap.first, first.due <= now else { return nil }
        heap.swapAt(0, heap.count - 1)
        heap.removeLast()
        var parent = 0
        while true {
            var smallest = parent
            for child in [2 * parent + 1, 2 * parent + 2] where child < heap.count && isBefore(child, smallest) {
                smallest = child
            }
            guard smallest != parent else { break }
            heap.swapAt(parent, smallest)
            parent = smallest
        }
        return first.act
    }

    private func isBefore(_ left: Int, _ right: Int) -> Bool {
        let (a, b) = (heap[left], heap[right])
        return a.due != b.due ? a.due < b.due : a.order < b.order
    }
}

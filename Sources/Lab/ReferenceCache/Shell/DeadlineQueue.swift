/// Things to do at instants, earliest first (a binary heap).
struct DeadlineQueue<Element> {
    private var heap: [(at: Int64, element: Element)] = []

    /// The earliest instant, in nanoseconds of the monotonic clock.
    var earliest: Int64? { heap.first?.at }

    /// Adds an element for the instant `at`.
    mutating func insert(_ element: Element, at instant: Int64) {
        heap.append((instant, element))
        var index = heap.count - 1
        while index > 0, heap[index].at < heap[(index - 1) / 2].at {
            heap.swapAt(index, (index - 1) / 2)
            index = (index - 1) / 2
        }
    }

    /// Takes the earliest element when its instant has come.
    mutating func popDue(at now: Int64) -> Element? {
        guard let first = heap.first, first.at <= now else { return nil }
        let last = heap.removeLast()
        guard !heap.isEmpty else { return first.element }
        heap[0] = last
        var index = 0
        while true {
            let left = 2 * index + 1
            guard left < heap.count else { break }
            let right = left + 1
            let child = right < heap.count && heap[right].at < heap[left].at ? right : left
            guard heap[child].at < heap[index].at else { break }
            heap.swapAt(child, index)
            index = child
        }
        return first.element
    }
}

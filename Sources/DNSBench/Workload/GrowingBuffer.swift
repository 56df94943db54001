import Glibc

/// Plain elements in memory that grows where it is or by moving its pages, so that growing needs no second copy.
struct GrowingBuffer<Element: BitwiseCopyable>: ~Copyable {
    /// The first element.
    private(set) var base: UnsafeMutablePointer<Element>
    /// How many elements there are.
    private(set) var count = 0
    private var capacity: Int

    init() {
        capacity = 64
        base = Self.resized(nil, to: 64)
    }

    deinit { free(base) }

    /// Makes room for `more` elements.
    mutating func reserve(_ more: Int) {
        guard count + more > capacity else { return }
        capacity = max(count + more, capacity + capacity / 2)
        base = Self.resized(base, to: capacity)
    }

    /// Adds an element.
    @inline(__always)
    mutating func append(_ element: Element) {
        reserve(1)
        // SAFETY: there is room for one.
        (base + count).initialize(to: element)
        count += 1
    }

    /// Adds elements.
    mutating func append(_ elements: Span<Element>) {
        reserve(elements.count)
        // SAFETY: there is room for all of them, and nobody else writes to this memory.
        elements.withUnsafeBufferPointer { source in
            if let first = source.baseAddress { (base + count).initialize(from: first, count: source.count) }
        }
        count += elements.count
    }

    /// Adds a copy of what is here already.
    mutating func append(copyOf range: Range<Int>) {
        precondition(range.lowerBound >= 0 && range.upperBound <= count, "no such elements")
        reserve(range.count)
        // SAFETY: the range lies before `count`, behind which there is room.
        (base + count).initialize(from: base + range.lowerBound, count: range.count)
        count += range.count
    }

    /// Gives the memory away, no larger than needed; the taker ends it with `free`.
    consuming func take() -> UnsafeMutablePointer<Element> {
        let taken = Self.resized(base, to: count)
        discard self
        return taken
    }

    private static func resized(_ base: UnsafeMutablePointer<Element>?, to capacity: Int) -> UnsafeMutablePointer<
        Element
    > {
        guard let memory = realloc(base, max(1, capacity) * MemoryLayout<Element>.stride) else {
            fatalError("no memory for \(capacity) elements")
        }
        return memory.assumingMemoryBound(to: Element.self)
    }
}

/// Deadlines of lookups, the earliest first: a binary heap in memory that is taken once.
///
/// One thread owns it.
struct LookupTimers: ~Copyable {
    private let heap: UnsafeMutablePointer<Int32>
    private let places: UnsafeMutablePointer<Int32>
    private let deadlines: UnsafeMutablePointer<Int64>
    private let capacity: Int
    private var count = 0

    /// Room for lookups 0 ..< `capacity`.
    init(capacity: Int) {
        self.capacity = capacity
        heap = .allocate(capacity: max(1, capacity))
        heap.initialize(repeating: 0, count: max(1, capacity))
        places = .allocate(capacity: max(1, capacity))
        places.initialize(repeating: -1, count: max(1, capacity))
        deadlines = .allocate(capacity: max(1, capacity))
        deadlines.initialize(repeating: .max, count: max(1, capacity))
    }

    deinit {
        heap.deallocate()
        places.deallocate()
        deadlines.deallocate()
    }

    /// The earliest deadline; `.max` without any.
    var earliest: Int64 { count == 0 ? .max : deadlines[Int(heap[0])] }

    /// The lookup whose deadline is the earliest, if that is at or before `now`.
    func due(now: Int64) -> Int? { earliest <= now && count > 0 ? Int(heap[0]) : nil }

    /// Sets a lookup's deadline; `.max` takes it out.
    mutating func set(_ lookup: Int, to deadline: Int64) {
        precondition(lookup >= 0 && lookup < capacity, "no such lookup")
        let place = Int(places[lookup])
        deadlines[lookup] = deadline
        if place < 0 {
            guard deadline != .max else { return }
            heap[count] = Int32(lookup)
            places[lookup] = Int32(count)
            count += 1
            rise(count - 1)
        } else if deadline == .max {
            count -= 1
            places[lookup] = -1
            guard place < count else { return }
            heap[place] = heap[count]
            places[Int(heap[place])] = Int32(place)
            sink(place)
            rise(place)
        } else {
            sink(place)
            rise(Int(places[lookup]))
        }
    }

    private mutating func rise(_ start: Int) {
        var place = start
        while place > 0 {
            let parent = (place - 1) / 2
            guard deadlines[Int(heap[place])] < deadlines[Int(heap[parent])] else { return }
            swap(place, parent)
            place = parent
        }
    }

    private mutating func sink(_ start: Int) {
        var place = start
        while true {
            var least = place
            for child in (2 * place + 1)...(2 * place + 2) where child < count {
                if deadlines[Int(heap[child])] < deadlines[Int(heap[least])] { least = child }
            }
            guard least != place else { return }
            swap(place, least)
            place = least
        }
    }

    private mutating func swap(_ first: Int, _ second: Int) {
        let moved = heap[first]
        heap[first] = heap[second]
        heap[second] = moved
        places[Int(heap[first])] = Int32(first)
        places[Int(heap[second])] = Int32(second)
    }
}

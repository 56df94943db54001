/// Finds places in a pool by key: open addressing, no allocation but for growth, which ends at a bound.
struct HashIndex: ~Copyable {
    private struct Slot {
        var key = Key128.zero
        var place: Int32 = -1
    }

    private var slots: [Slot]
    private var mask: Int
    private(set) var count = 0

    init(initialSlots: Int = 256) {
        slots = [Slot](repeating: Slot(), count: initialSlots)
        mask = initialSlots - 1
    }

    /// The place of a key, or -1.
    @inline(__always)
    func find(_ key: Key128) -> Int {
        var slot = Int(truncatingIfNeeded: key.low) & mask
        while true {
            let found = slots[slot]
            if found.place < 0 { return -1 }
            if found.key == key { return Int(found.place) }
            slot = (slot + 1) & mask
        }
    }

    /// Enters a key that is not there, or gives the one that is there another place.
    mutating func set(_ key: Key128, _ place: Int) {
        if count * 2 >= slots.count { grow() }
        var slot = Int(truncatingIfNeeded: key.low) & mask
        while slots[slot].place >= 0 {
            if slots[slot].key == key {
                slots[slot].place = Int32(place)
                return
            }
            slot = (slot + 1) & mask
        }
        slots[slot] = Slot(key: key, place: Int32(place))
        count += 1
    }

    /// Takes a key out, if it is there.
    mutating func remove(_ key: Key128) {
        var hole = Int(truncatingIfNeeded: key.low) & mask
        while slots[hole].key != key || slots[hole].place < 0 {
            if slots[hole].place < 0 { return }
            hole = (hole + 1) & mask
        }
        // What stands behind the hole moves up, unless it already stands where its key begins.
        var next = (hole + 1) & mask
        while slots[next].place >= 0 {
            let home = Int(truncatingIfNeeded: slots[next].key.low) & mask
            if (next - home) & mask >= (next - hole) & mask {
                slots[hole] = slots[next]
                hole = next
            }
            next = (next + 1) & mask
        }
        slots[hole].place = -1
        count -= 1
    }

    private mutating func grow() {
        let old = slots
        slots = [Slot](repeating: Slot(), count: old.count * 2)
        mask = slots.count - 1
        for entry in old where entry.place >= 0 {
            var slot = Int(truncatingIfNeeded: entry.key.low) & mask
            while slots[slot].place >= 0 { slot = (slot + 1) & mask }
            slots[slot] = entry
        }
    }
}

/// Which target of a pair is measured first.
package enum InterleavingOrder: String, Sendable, CaseIterable {
    /// A, then B.
    case ab = "AB"
    /// B, then A.
    case ba = "BA"

    /// The order of each of `pairs` pairs: blocks of two pairs, each once AB and once BA, in an order drawn by `seed`.
    ///
    /// Drift that is linear in time cancels within a block (ABBA), and neither target is first more often than the
    /// other by more than one.
    package static func schedule(pairs: Int, seed: UInt64) -> [InterleavingOrder] {
        var generator = SeededGenerator(seed: seed, stream: 0xABBA)
        var orders: [InterleavingOrder] = []
        orders.reserveCapacity(max(pairs, 0))
        while orders.count < pairs {
            let first: InterleavingOrder = generator.next() & 1 == 0 ? .ab : .ba
            orders.append(first)
            if orders.count < pairs {
                orders.append(first == .ab ? .ba : .ab)
            }
        }
        return orders
    }
}

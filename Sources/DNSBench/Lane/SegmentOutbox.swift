/// Queries of equal length side by side, ready to leave as one packet with segmentation offload.
///
/// There is a bucket for each length of the workload's queries; all memory is taken in `init`. One thread owns it.
struct SegmentOutbox: ~Copyable {
    /// Segments of one packet at most: what kernels before 6.x allow (UDP_MAX_SEGMENTS).
    static let mostSegments = 64
    /// Octets of one packet at most: the largest UDP payload over IPv4.
    private static let mostOctets = 65_507

    /// Queries of one length.
    struct Bucket {
        /// The length of each without a server cookie.
        let length: Int
        /// How many fit into one packet.
        let capacity: Int
        let octets: UnsafeMutableRawPointer
        let staged: UnsafeMutablePointer<UDPLane.Staged>
        var count = 0
    }

    let buckets: UnsafeMutablePointer<Bucket>
    let bucketCount: Int
    /// The bucket of each length.
    private let bucketOfLength: UnsafeMutablePointer<Int>

    init(slab: QuerySlab) {
        bucketOfLength = .allocate(capacity: slab.longest + 1)
        bucketOfLength.initialize(repeating: -1, count: slab.longest + 1)
        var lengths: [Int] = []
        for index in 0..<slab.entryCount {
            let length = Int(slab.queries[index].length)
            if bucketOfLength[length] >= 0 { continue }
            bucketOfLength[length] = lengths.count
            lengths.append(length)
        }
        bucketCount = lengths.count
        buckets = .allocate(capacity: max(1, bucketCount))
        for (index, length) in lengths.enumerated() {
            let room = max(1, length + (slab.clientCookie == nil ? 0 : ServerCookie.lengths.upperBound))
            let capacity = max(1, min(SegmentOutbox.mostSegments, SegmentOutbox.mostOctets / room))
            let staged = UnsafeMutablePointer<UDPLane.Staged>.allocate(capacity: capacity)
            staged.initialize(repeating: UDPLane.Staged(id: 0, query: 0, intended: 0), count: capacity)
            let octets = UnsafeMutableRawPointer.allocate(byteCount: capacity * room, alignment: 8)
            (buckets + index).initialize(
                to: Bucket(length: length, capacity: capacity, octets: octets, staged: staged)
            )
        }
    }

    deinit {
        for index in 0..<bucketCount {
            buckets[index].octets.deallocate()
            buckets[index].staged.deallocate()
        }
        buckets.deallocate()
        bucketOfLength.deallocate()
    }

    /// The bucket for queries of a length that the workload has.
    @inline(__always)
    func bucket(ofLength length: Int) -> Int { bucketOfLength[length] }
}

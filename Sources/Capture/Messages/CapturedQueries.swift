/// The queries of a capture with their octets and times, to be sent again.
package struct CapturedQueries: Sendable {
    private var octets: [UInt8] = []
    private var ends: [Int] = []
    /// When each was sent, nanoseconds since the Unix epoch.
    package private(set) var times: [Int64] = []

    /// How many there are.
    package var count: Int { times.count }

    /// One query as it was on the wire.
    package func message(_ index: Int) -> [UInt8] {
        Array(octets[(index == 0 ? 0 : ends[index - 1])..<ends[index]])
    }

    mutating func append(_ message: RawSpan, at time: Int64) {
        message.append(0..<message.byteCount, to: &octets)
        ends.append(octets.count)
        times.append(time)
    }
}

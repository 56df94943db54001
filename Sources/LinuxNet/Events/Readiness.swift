import CLinuxNet

/// What a descriptor can be waited for.
package struct Readiness: OptionSet, Sendable, Hashable {
    /// The shim's event bits.
    package let rawValue: Int32

    /// A set from the shim's event bits.
    package init(rawValue: Int32) { self.rawValue = rawValue }

    /// Bytes, a connection or an end of stream can be read.
    package static let readable = Readiness(rawValue: 1)
    /// Bytes can be written, or a connection attempt has ended.
    package static let writable = Readiness(rawValue: 2)
    /// The descriptor has an error to report.
    package static let failed = Readiness(rawValue: 4)

    /// Waits until one descriptor is ready or a monotonic deadline has passed; empty on timeout.
    package static func wait(
        for events: Readiness,
        on descriptor: Int32,
        untilMonotonic deadline: Int64
    ) throws(NetError) -> Readiness {
        let fired = try SystemCall.run("wait for a descriptor") {
            clinuxnet_poll(descriptor, events.rawValue, max(0, deadline &- Clock.monotonicNanoseconds()))
        }
        return Readiness(rawValue: Int32(fired))
    }
}

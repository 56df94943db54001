import DNSWire
import LinuxNet

/// Fills the connection tracking table of the namespace: the limit is the machine's and cannot be lowered for one
/// namespace, so that as many entries as it takes are made.
enum TrackedFlows {
    private static let sharePercent: Int64 = 80
    /// Entries beyond which filling a table would burden the machine: about 100 MB of kernel memory.
    private static let mostEntries: Int64 = 400_000

    /// Sends a datagram to each port of one address after the other until four fifths of the table are taken.
    static func fill(through first: IPAddress, _ stop: StopFlag) throws {
        guard let maximum = KernelCount.setting("net/netfilter/nf_conntrack_max") else {
            throw DisturbRole.Refusal(description: "this kernel does not say nf_conntrack_max")
        }
        let wanted = maximum * sharePercent / 100
        guard wanted <= mostEntries else {
            throw DisturbRole.Refusal(
                description: "nf_conntrack_max is \(maximum), the machine's own and too large to fill; "
                    + "lower it below \(mostEntries * 100 / sharePercent)"
            )
        }
        let deadline = Clock.deadline(after: 60_000_000_000)
        var isReady = false
        while !stop.isRaised {
            // One source port reaches 65,535 destinations.
            let socket = try UDPSocket(family: .ipv4)
            try socket.bind(to: Endpoint(address: .v4(0), port: 0))
            for port in UInt16(1)...UInt16.max {
                if port % 1_024 == 0, stop.isRaised { return }
                if port % 1_024 == 0, (KernelCount.setting("net/netfilter/nf_conntrack_count") ?? 0) >= wanted { break }
                _ = try? socket.send([0], to: Endpoint(address: first, port: port))
            }
            guard (KernelCount.setting("net/netfilter/nf_conntrack_count") ?? 0) >= wanted else {
                guard Clock.monotonicNanoseconds() < deadline else {
                    throw DisturbRole.Refusal(description: "the table did not fill within 60 s")
                }
                continue
            }
            if !isReady { LabRole.announceReady() }
            isReady = true
            DisturbRole.pause(1_000)
        }
    }
}

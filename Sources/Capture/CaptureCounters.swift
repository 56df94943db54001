/// Every captured frame, in exactly one class.
package struct CaptureCounters: Sendable, Equatable {
    /// All frames.
    package var frames: UInt64 = 0
    /// Copies of a packet that was seen on another interface.
    package var duplicates: UInt64 = 0
    /// ARP and everything else that is not IP.
    package var notIP: UInt64 = 0
    /// IP, but neither UDP, TCP nor ICMP.
    package var otherProtocol: UInt64 = 0
    /// UDP or TCP at other ports than those of DNS.
    package var otherPort: UInt64 = 0
    /// On an interface that was not asked for.
    package var otherInterface: UInt64 = 0
    /// Frames of a link type that is not supported (pcapng can mix them).
    package var unknownLink: UInt64 = 0
    /// Frames whose headers contradict themselves or are cut off.
    package var malformed: UInt64 = 0
    /// ICMP and ICMPv6.
    package var icmp: UInt64 = 0
    /// Fragments; the one that completes a datagram counts as `udp` or `tcp`.
    package var fragments: UInt64 = 0
    /// UDP datagrams at a DNS port.
    package var udp: UInt64 = 0
    /// TCP segments at a DNS port.
    package var tcp: UInt64 = 0
    /// Frames at a DNS port from which the snapshot length cut payload; besides their class.
    package var cut: UInt64 = 0

    /// The frames in all classes add up to the frames taken in.
    package var isBalanced: Bool {
        frames == duplicates + notIP + otherProtocol + otherPort + otherInterface + unknownLink + malformed + icmp
            + fragments + udp + tcp
    }
}

/// What the capture is known to have missed; while it is not empty, nothing unseen is proven absent.
package struct CaptureLosses: Sendable, Equatable, CustomStringConvertible {
    /// Packets that the kernel dropped because the ring was full.
    package var kernelDrops: UInt64 = 0
    /// Packets that the interface dropped.
    package var interfaceDrops: UInt64 = 0
    /// Holes in TCP streams.
    package var gaps: UInt64 = 0
    /// Live TCP connections thrown out of the table.
    package var evictedConnections: UInt64 = 0
    /// Messages in TCP whose first part was dropped for want of room.
    package var evictedMessages: UInt64 = 0
    /// Open transactions thrown out of the table.
    package var evictedTransactions: UInt64 = 0
    /// Messages counted but not looked at.
    package var unrecorded: UInt64 = 0
    /// Queries of our own, sent to be seen, that were not.
    package var unseenStimuli: UInt64 = 0
    /// Answers that the cache still held when the table of questions had to forget them; matters to its proof alone.
    package var forgottenAnswers: UInt64 = 0
    /// Fragmented datagrams never completed.
    package var incompleteDatagrams: UInt64 = 0
    /// Frames cut by the snapshot length.
    package var cutFrames: UInt64 = 0
    /// The file ends in the middle, or is damaged.
    package var fileIsDamaged = false
    /// The live capture ended by itself.
    package var sourceFailed = false

    package init() {}

    /// Nothing is known to be missing.
    package var isEmpty: Bool { self == CaptureLosses() }

    /// What was lost since `earlier`, losses of the same capture.
    package func since(_ earlier: CaptureLosses) -> CaptureLosses {
        var losses = self
        losses.kernelDrops -= min(kernelDrops, earlier.kernelDrops)
        losses.interfaceDrops -= min(interfaceDrops, earlier.interfaceDrops)
        losses.gaps -= min(gaps, earlier.gaps)
        losses.evictedConnections -= min(evictedConnections, earlier.evictedConnections)
        losses.evictedMessages -= min(evictedMessages, earlier.evictedMessages)
        losses.evictedTransactions -= min(evictedTransactions, earlier.evictedTransactions)
        losses.unrecorded -= min(unrecorded, earlier.unrecorded)
        losses.incompleteDatagrams -= min(incompleteDatagrams, earlier.incompleteDatagrams)
        losses.cutFrames -= min(cutFrames, earlier.cutFrames)
        return losses
    }

    /// For example `3 packets dropped by the kernel, 1 gap in TCP`.
    package var description: String {
        var parts: [String] = []
        func add(_ count: UInt64, _ what: String) {
            if count > 0 { parts.append("\(count) \(what)") }
        }
        add(kernelDrops, "packets dropped by the kernel")
        add(interfaceDrops, "packets dropped by the interface")
        add(gaps, "gaps in TCP streams")
        add(evictedConnections, "TCP connections evicted")
        add(evictedMessages, "messages in TCP evicted half-sent")
        add(evictedTransactions, "transactions evicted")
        add(unrecorded, "messages not looked at")
        add(unseenStimuli, "of our own queries not seen")
        add(forgottenAnswers, "answers forgotten that were still valid")
        add(incompleteDatagrams, "fragmented datagrams incomplete")
        add(cutFrames, "frames cut by the snapshot length")
        if fileIsDamaged { parts.append("the file is damaged") }
        if sourceFailed { parts.append("the capture ended by itself") }
        return parts.isEmpty ? "no losses" : parts.joined(separator: ", ")
    }
}

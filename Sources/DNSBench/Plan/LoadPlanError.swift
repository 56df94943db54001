package import DNSWire
import LinuxNet
import Measure

/// A load plan that cannot be run as it stands; nothing has been sent.
package enum LoadPlanError: Error, Equatable, Sendable, CustomStringConvertible {
    /// Threads outside 1 … 256.
    case threads(Int)
    /// Fewer sockets than threads, or more than 4,096 a thread.
    case connections(Int, threads: Int)
    /// A window that is empty or that the sockets' message ids cannot tell apart.
    case outstanding(Int, maximum: Int)
    /// A rate that is no positive number of at most 10 million a second.
    case rate(Double)
    /// Bursts that are empty, too large, or closer than a millisecond.
    case bursts(Int, every: Int64)
    /// Stages or a capture in which nothing is due.
    case noArrival
    /// A duration outside 1 ms … 30 days, or no query at all.
    case limit
    /// A timeout outside 1 ms … 60 s.
    case timeout(Int64)
    /// A series interval outside 10 ms … 1 h.
    case interval(Int64)
    /// A pipelining depth or a number of queries a connection that is not positive.
    case pipeline(Int)
    /// A target without a port.
    case target
    /// A source address of another family than the target's.
    case sourceFamily(AddressPrefix, target: Endpoint)
    /// More sockets than the source addresses and ports can tell apart.
    case sources(sockets: Int, possible: UInt64)
    /// More sockets than this process may open.
    case descriptors(needed: Int, allowed: Int)
    /// Something that only one of the transports can do.
    case needs(LoadTransport, String)
    /// Lookups that cannot be done so; the sentence says why.
    case lookup(String)

    /// One sentence for the user.
    package var description: String {
        switch self {
        case .threads(let count): "\(count) threads asked for; 1 to 256 are possible"
        case .connections(let count, let threads):
            "\(count) connections asked for on \(threads) threads; each thread needs 1 to 4,096"
        case .outstanding(let count, let maximum):
            "\(count) outstanding queries asked for; 1 to \(maximum) are possible with these connections"
        case .rate(let rate): "a rate of \(rate) queries a second is not between 0.001 and 10,000,000"
        case .bursts(let size, let every):
            "bursts of \(size) queries every \(every) ns asked for; 1 to 1,000,000, at least 1 ms apart, are possible"
        case .noArrival: "no query is due in what was asked for"
        case .limit: "a load must last 1 ms to 30 days and send at least one query"
        case .timeout(let nanoseconds): "a timeout of \(nanoseconds) ns is not between 1 ms and 60 s"
        case .interval(let nanoseconds): "a series interval of \(nanoseconds) ns is not between 10 ms and 1 h"
        case .pipeline(let count): "\(count) queries on a connection are too few"
        case .target: "the target has no port"
        case .sourceFamily(let prefix, let target):
            "the source \(prefix) cannot reach \(target): one is IPv4 and the other IPv6"
        case .sources(let sockets, let possible):
            "\(sockets) connections asked for, but the source addresses and ports give \(possible)"
        case .descriptors(let needed, let allowed):
            "these connections need \(needed) descriptors and this process may open \(allowed); raise ulimit -n"
        case .needs(let transport, let what): "\(what) is for \(transport.rawValue) only"
        case .lookup(let reason): reason
        }
    }
}

extension LoadPlan {
    /// Throws what makes this plan impossible; asks nothing of the network.
    package func validate() throws(LoadPlanError) {
        guard (1...256).contains(threads) else { throw .threads(threads) }
        guard connections >= threads, connections <= threads * 4_096 else {
            throw .connections(connections, threads: threads)
        }
        guard target.port != 0 else { throw .target }
        guard (1_000_000...60_000_000_000).contains(timeoutNanoseconds) else { throw .timeout(timeoutNanoseconds) }
        guard (10_000_000...3_600_000_000_000).contains(intervalNanoseconds) else {
            throw .interval(intervalNanoseconds)
        }
        switch model {
        case .closed(let outstanding):
            let maximum = connections * 32_768
            guard (1...maximum).contains(outstanding) else { throw .outstanding(outstanding, maximum: maximum) }
        case .open(let profile, _): try LoadPlan.validate(profile)
        }
        if let duration = limit.durationNanoseconds {
            guard (1_000_000...2_592_000_000_000_000).contains(duration) else { throw .limit }
        }
        if let count = limit.queryCount {
            guard (1...(1 << 50)).contains(count) else { throw .limit }
        }
        try validatePath()
        for count in [pipelineDepth, queriesPerConnection] {
            if let count, count < 1 { throw .pipeline(count) }
        }
    }

    private static func validate(_ profile: RateProfile) throws(LoadPlanError) {
        let rates = 0...10_000_000.0
        switch profile {
        case .constant(let rate):
            guard rate.isFinite, rate >= 0.001, rates.contains(rate) else { throw .rate(rate) }
        case .stages(let stages):
            for stage in stages {
                for rate in [stage.fromPerSecond, stage.toPerSecond] where !rates.contains(rate) { throw .rate(rate) }
                guard stage.durationNanoseconds > 0 else { throw .limit }
            }
            guard profile.count(within: profile.durationNanoseconds ?? 0) > 0 else { throw .noArrival }
        case .bursts(let size, let every):
            guard (1...1_000_000).contains(size), every >= 1_000_000 else { throw .bursts(size, every: every) }
            guard rates.contains(profile.peakPerSecond) else { throw .rate(profile.peakPerSecond) }
        case .timeline(let timeline):
            guard timeline.count > 0 else { throw .noArrival }
        }
    }

    private func validatePath() throws(LoadPlanError) {
        for prefix in sources.prefixes where prefix.address.family != target.address.family {
            throw .sourceFamily(prefix, target: target)
        }
        if let possible = sources.capacity, possible < UInt64(connections) {
            throw .sources(sockets: connections, possible: possible)
        }
        switch transport {
        case .udp:
            if pipelineDepth != nil { throw .needs(.tcp, "a pipelining depth") }
            if queriesPerConnection != nil { throw .needs(.tcp, "a number of queries a connection") }
        case .tcp:
            if usesSegmentation { throw .needs(.udp, "segmentation offload") }
            if retriesTruncated { throw .needs(.udp, "the retry of truncated answers") }
        }
    }
}

import Capture
import DNSWire
import Doctor
import LinuxNet
import NodeLocal

/// What the cache's metrics and the node's socket table tell of the transport to the cluster DNS.
///
/// They are witnesses beside the wire: they share nothing with the capture, so that a proof on which all agree is not
/// the work of one mistake.
struct UpstreamWitnesses: Sendable {
    /// What was read at one moment.
    struct Reading: Sendable {
        /// Exchanges with the cluster DNS over each transport, as the cache counts them; nil when it does not tell.
        var udp: UInt64?
        var tcp: UInt64?
        /// Connected UDP sockets and open TCP connections to the cluster DNS; nil when the table was not read.
        var udpSockets: Int?
        var tcpSockets: Int?
        /// The cache's process, when those sockets are its alone; nil when it could not be told who holds them.
        var cache: SocketOwner?
    }

    private let before: Reading
    private let after: Reading

    init(before: Reading, after: Reading) {
        self.before = before
        self.after = after
    }

    /// Reads both witnesses at a site.
    static func read(_ site: Site) async -> Reading {
        var reading = Reading()
        // A server that a zone without force_tcp asks as well may be asked over UDP.
        let zones = site.expectations?.zones ?? []
        let others = Set(zones.filter { $0.transport != .tcp }.flatMap(\.upstreams).map(\.address))
        let forced = Set(zones.filter { $0.transport == .tcp }.flatMap(\.upstreams).map(\.address))
        let servers = forced.subtracting(others)
        guard !servers.isEmpty else { return reading }
        if let metrics = site.metrics, let page = try? await SiteProbe.page(metrics, site: site),
            let version = page.coreDNSVersion, CoreDNSMetric.connectionReuses.name(in: version) != nil
        {
            let count = { (proto: String) in
                servers.reduce(UInt64(0)) { sum, server in
                    let labels = ["to": "\(server):53", "proto": proto]
                    let reuses = page.sum(.connectionReuses, in: version, where: labels) ?? 0
                    let opens = page.sum(.connectionOpens, in: version, where: labels) ?? 0
                    return sum + UInt64(max(0, reuses + opens))
                }
            }
            (reading.udp, reading.tcp) = (count("udp"), count("tcp"))
        }
        let sockets = try? await Threads.run(name: "sockets", namespace: site.nodeNamespace) {
            (udp: SocketRow.rows(.udp, port: 53), tcp: SocketRow.rows(.tcp, port: 53))
        }
        reading.count(sockets?.udp, sockets?.tcp, to: servers, listen: site.roles.listen)
        return reading
    }

    /// The proof with what the witnesses say of it; one that they contradict is no longer proven.
    func heard(on proof: Proof) -> Proof {
        var proof = proof
        var said: [String] = []
        var contradiction: String?
        if let udp = growth(\.udp), let tcp = growth(\.tcp) {
            said.append("The cache's metrics count \(tcp) exchanges with the cluster DNS over TCP and \(udp) over UDP.")
            if udp > 0 { contradiction = "the cache's metrics count \(udp) exchanges over UDP" }
        }
        if let udp = after.udpSockets, let tcp = after.tcpSockets {
            // Without a known holder they may be another program's: they are named and decide nothing.
            let holder = after.cache.map { "The cache's process, \($0)," } ?? "The node"
            said.append("\(holder) has \(tcp) TCP connections and \(udp) connected UDP sockets to it.")
            if let cache = after.cache, udp > 0, contradiction == nil {
                contradiction = "the cache's process, \(cache), has \(udp) connected UDP sockets to the cluster DNS"
            }
        }
        if proof.verdict == .proven, let contradiction {
            proof.verdict = .inconclusive
            proof.reason = "The wire shows TCP only, but \(contradiction): something was out of sight. \(proof.reason)"
        }
        proof.reason = ([proof.reason] + said).joined(separator: " ")
        return proof
    }

    private func growth(_ count: KeyPath<Reading, UInt64?>) -> UInt64? {
        guard let old = before[keyPath: count], let new = after[keyPath: count], new >= old else { return nil }
        return new - old
    }
}

extension UpstreamWitnesses.Reading {
    /// Counts the sockets that are connected to servers: the cache's own, when it can be told which those are.
    ///
    /// - Parameters:
    ///   - udp: The node's UDP sockets with port 53 on either end; nil when they were not read. `tcp` likewise.
    ///   - servers: The cluster DNS servers.
    ///   - listen: Where the cache listens; who holds a socket there is the cache.
    mutating func count(_ udp: [SocketRow]?, _ tcp: [SocketRow]?, to servers: Set<IPAddress>, listen: [Endpoint]) {
        func connected(_ rows: [SocketRow]?) -> [SocketRow]? {
            rows?.filter { servers.contains($0.remote.address) && $0.remote.port == 53 && $0.state == .established }
        }
        let listeners = ((udp ?? []) + (tcp ?? [])).filter { row in
            row.isListener && listen.contains { $0.port == row.local.port && $0.address == row.local.address }
        }
        let (udpRows, tcpRows) = (connected(udp), connected(tcp))
        let inodes = Set((listeners + (udpRows ?? []) + (tcpRows ?? [])).map(\.inode)).subtracting([0])
        let owners = SocketOwner.find(inodes)
        let caches = Set(listeners.map { owners[$0.inode] })
        guard caches.count == 1, let cache = caches.first ?? nil else {
            (udpSockets, tcpSockets) = (udpRows?.count, tcpRows?.count)
            return
        }
        self.cache = cache
        udpSockets = udpRows?.count { owners[$0.inode] == cache }
        tcpSockets = tcpRows?.count { owners[$0.inode] == cache }
    }
}

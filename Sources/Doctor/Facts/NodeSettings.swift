internal import DNSWire
internal import LinuxNet

/// How the node is set up, read once: what does not change from second to second.
package struct NodeSettings: Sendable {
    /// Where packets for the cache's address go.
    package var route: Reading<RouteReading>
    /// The interfaces with their addresses.
    package var interfaces: Reading<[Interface]>
    /// The packet filter rules.
    package var rules: RulesReading
    /// The virtual services of IPVS.
    package var ipvs: IPVSReading
    /// Settings under /proc/sys.
    package var settings: SettingsReading
    /// Pages of memory that UDP sockets hold.
    package var udpPages: Reading<Int>
    /// The interfaces on which the kernel drops what did not come by the way back (rp_filter 1).
    package var strictInterfaces: Reading<[String]>
    /// The kernel's release, such as 6.1.0-18-amd64.
    package var kernel: Reading<String>

    /// Settings from parts, for tests.
    package init(
        route: Reading<RouteReading>,
        interfaces: Reading<[Interface]>,
        rules: RulesReading,
        ipvs: IPVSReading,
        settings: SettingsReading,
        udpPages: Reading<Int>,
        strictInterfaces: Reading<[String]> = .value([]),
        kernel: Reading<String>
    ) {
        self.route = route
        self.interfaces = interfaces
        self.rules = rules
        self.ipvs = ipvs
        self.settings = settings
        self.udpPages = udpPages
        self.strictInterfaces = strictInterfaces
        self.kernel = kernel
    }

    /// Reads the network namespace in which the calling thread is.
    static func take(_ context: DoctorContext) -> NodeSettings {
        let (roots, cache) = (context.roots, context.cache)
        return NodeSettings(
            route: Reading { () throws(NetError) in try RouteReading.take(to: cache.address) },
            interfaces: Reading { () throws(NetError) in try Interface.all() },
            rules: RulesReading.take(isIPv4: cache.address.isIPv4, roots: roots),
            ipvs: IPVSReading.take(port: context.clusterDNS?.port ?? cache.port, roots: roots),
            settings: SettingsReading.take(roots: roots),
            udpPages: Reading { () throws(ProcError) in try SocketMemory.udpPages(roots) },
            strictInterfaces: Reading { () throws(ProcError) in try ReversePath.strictInterfaces(roots) },
            kernel: Reading { () throws(ProcError) in try ProcFile.word(roots.settings + "kernel/osrelease") }
        )
    }
}

/// What `/proc/net/sockstat` says of memory, in pages: `UDP: inuse 3 mem 1`.
private enum SocketMemory {
    static func udpPages(_ roots: NodeRoots) throws(ProcError) -> Int {
        let path = roots.network + "sockstat"
        for line in try ProcFile.bytes(path, limit: 65_536).split(separator: UInt8(ascii: "\n")) {
            let words = ProcWords.split(line)
            guard words.first?.elementsEqual("UDP:".utf8) == true,
                let place = words.firstIndex(where: { $0.elementsEqual("mem".utf8) }), place + 1 < words.count,
                let pages: Int = ProcWords.decimal(words[place + 1])
            else { continue }
            return pages
        }
        throw ProcError(path: path, reason: "has no memory of UDP")
    }
}

/// The settings rp_filter of the interfaces, of which the kernel takes the larger one of `all` and the interface.
private enum ReversePath {
    static func strictInterfaces(_ roots: NodeRoots) throws(ProcError) -> [String] {
        let folder = roots.settings + "net/ipv4/conf"
        let all = try ProcFile.number(folder + "/all/rp_filter")
        var strict: [String] = []
        for name in Folder.names(in: folder).sorted() where name != "all" && name != "default" {
            let own = (try? ProcFile.number("\(folder)/\(name)/rp_filter")) ?? 0
            if max(all, own) == 1 { strict.append(name) }
        }
        return strict
    }
}

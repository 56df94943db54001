import DNSWire
import NodeLocal

/// What a lab will be, worked out from its options before anything is made.
struct LabPlan: Sendable {
    var options: LabOptions
    /// The Corefile that the cache is judged by.
    var corefile: String
    /// The Corefile with which the cache begins: the same, unless a fault spoils it.
    var cacheCorefile: String
    var expectations: CorefileExpectations
    var zone: KubernetesZone
    /// Addresses that the cache binds.
    var listen: [IPAddress]

    /// Where the metrics page is: the Corefile names a port, and the cache's own address is sure to reach it.
    var metrics: Endpoint? {
        guard let port = expectations.metricsPort else { return nil }
        return Endpoint(address: expectations.metricsAddress ?? LabLayout.cache.address, port: port)
    }

    /// Checks the options against each other and the Corefile against what the lab has.
    init(_ options: LabOptions) throws(LabError) {
        var options = options
        for defect in options.faults.compactMap(\.defect) where !options.defects.contains(defect) {
            options.defects.append(defect)
        }
        if options.cache != .reference, !options.defects.isEmpty {
            let names = options.defects.map(\.rawValue).joined(separator: ", ")
            throw .options("defects (\(names)) can be switched on in the reference cache only")
        }
        if options.cache != .reference, options.serviceNanoseconds > 0 {
            throw .options("a service time can be given to the reference cache only")
        }
        let (text, expectations) = try Self.reading(options.corefile ?? Seed.corefile, file: "Corefile")
        guard expectations.listenAddresses.contains(LabLayout.cache.address) else {
            throw .corefile("no server block binds \(LabLayout.cache.address)")
        }
        self.options = options
        self.expectations = expectations
        corefile = text
        cacheCorefile = text
        for fault in options.faults {
            guard let change = fault.corefile else { continue }
            guard let spoiled = change.applied(to: cacheCorefile) else {
                throw .fault(name: fault.rawValue, reason: "the Corefile has nothing that it could change")
            }
            cacheCorefile = spoiled
        }
        zone = KubernetesZone(services: options.services, seed: options.seed)
        listen = expectations.listenAddresses
    }

    /// A Corefile as the lab fills it, and what it promises; `file` names it in errors.
    static func reading(
        _ corefile: String,
        file: String
    ) throws(LabError) -> (text: String, expectations: CorefileExpectations) {
        let pillars = Pillars(
            clusterDNS: LabLayout.clusterDNS.address,
            upstreamServers: ["\(LabLayout.external.address)"],
            localDNS: [LabLayout.cache.address],
            dnsServer: "",
            dnsDomain: "cluster.local"
        )
        // A Corefile that reads the node's resolv.conf gets what that file would name in the lab.
        let text = pillars.replacing(in: corefile)
            .replacing("/etc/resolv.conf", with: "\(LabLayout.external.address)")
        if let variable = Pillars.firstVariable(in: text) { throw .corefile("\(file): nothing fills \(variable)") }
        do {
            return (text, CorefileExpectations(try Corefile.parse(text, file: file)))
        } catch {
            throw .corefile("\(error)")
        }
    }
}

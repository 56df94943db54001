import DNSWire

/// Draws a cluster: of each hundred Services about seventy-five have a ClusterIP, fifteen are headless, ten are aliases.
enum KubernetesGenerator {
    private static let domains = [
        "cart", "order", "user", "auth", "search", "catalog", "payment", "ledger", "mail", "media", "price", "stock",
        "route", "fleet", "event", "audit", "report", "token", "config", "session",
    ]
    private static let roles = ["api", "web", "worker", "cache", "db", "proxy", "queue", "store", "sync", "admin"]
    private static let teams = ["retail", "core", "data", "platform", "growth", "risk", "ops", "edge"]
    private static let stages = ["prod", "staging", "dev"]
    private static let portNames = ["http", "https", "grpc", "metrics", "admin"]
    private static let portNumbers: [UInt16] = [80, 443, 9_090, 8_080, 15_000]

    /// Draws `count` Services; equal arguments give equal clusters.
    static func services(count: Int, seed: UInt64) -> [KubeService] {
        var random = LabRandom(seed: seed)
        let namespaces = Self.namespaces(forServices: count)
        var nextPod: UInt32 = 0x0AF6_0001  // 10.246.0.1
        return (0..<max(0, count)).map { index in
            let name = "\(pick(domains, &random))-\(pick(roles, &random))-\(index)"
            let namespace = pick(namespaces, &random)
            let share = Int.random(in: 0..<100, using: &random)
            let kind = Self.kind(share: share, index: index, random: &random)
            var service = KubeService(name: name, namespace: namespace, kind: kind, ports: [], endpoints: [])
            guard service.externalName == nil else { return service }
            service.ports = ports(&random)
            if service.isHeadless || share < 20 {
                service.endpoints = endpoints(of: name, next: &nextPod, random: &random)
            }
            return service
        }
    }

    private static func namespaces(forServices count: Int) -> [String] {
        let wanted = max(4, min(200, count / 50))
        return (0..<wanted).map { index in
            let team = teams[index % teams.count]
            let stage = stages[index / teams.count % stages.count]
            return "\(team)-\(stage)-\(index / (teams.count * stages.count))"
        }
    }

    private static func kind(share: Int, index: Int, random: inout LabRandom) -> KubeService.Kind {
        switch share {
        case ..<75:
            // 10.97.0.0 upward, so that no generated address meets a fixed one.
            let v4 = IPAddress.v4(0x0A61_0001 &+ UInt32(truncatingIfNeeded: index))
            guard share < 8 else { return .clusterIP([v4]) }
            return .clusterIP([v4, .v6(0xFD00_0010_0097_0000, UInt64(index) + 1)])
        case ..<90: return .headless
        default:
            let names = ExternalNames.hostNames
            return .externalName(names[Int.random(in: 0..<names.count, using: &random)])
        }
    }

    private static func ports(_ random: inout LabRandom) -> [KubePort] {
        if Int.random(in: 0..<10, using: &random) == 0 {
            return [KubePort(name: nil, number: 8_080, transport: .tcp)]
        }
        let first = Int.random(in: 0..<portNames.count, using: &random)
        let count = Int.random(in: 1...3, using: &random)
        return (0..<count).map { offset in
            let position = (first + offset) % portNames.count
            let isUDP = portNames[position] == "https" && Int.random(in: 0..<4, using: &random) == 0
            return KubePort(
                name: portNames[position],
                number: portNumbers[position],
                transport: isUDP ? .udp : .tcp
            )
        }
    }

    private static func endpoints(
        of service: String,
        next: inout UInt32,
        random: inout LabRandom
    ) -> [KubeEndpoint] {
        let count = Int.random(in: 1...6, using: &random)
        let hasHostnames = Bool.random(using: &random)
        // One set in twenty has nobody ready: the specification asks for NXDOMAIN then.
        let nobodyIsReady = Int.random(in: 0..<20, using: &random) == 0
        return (0..<count).map { index in
            defer { next += 1 }
            let isReady = !nobodyIsReady && (index == 0 || Int.random(in: 0..<10, using: &random) > 0)
            return KubeEndpoint(
                address: .v4(next),
                hostname: hasHostnames ? "\(service)-\(index)" : nil,
                isReady: isReady
            )
        }
    }

    private static func pick(_ words: [String], _ random: inout LabRandom) -> String {
        words[Int.random(in: 0..<words.count, using: &random)]
    }
}

package import DNSWire

/// The Services that every generated cluster has, whatever its size and seed.
package enum KubernetesFixture {
    /// The namespace of the Services that show one shape each.
    package static let namespace = "lab"

    /// First address of the Service range that the lab gives to the cluster DNS.
    package static let clusterDNSAddress = IPAddress.v4(0x0A60_000A)
    /// Address of `kube-dns-upstream`, the second Service in front of the same endpoints.
    package static let upstreamServiceAddress = IPAddress.v4(0x0A60_000B)
    /// The pods of the cluster DNS.
    package static let clusterDNSEndpoints = [IPAddress.v4(0x0AF4_0102), IPAddress.v4(0x0AF4_0202)]

    /// `kubernetes.default`, the two DNS Services, and one Service for each shape of the specification.
    package static var services: [KubeService] {
        [
            KubeService(
                name: "kubernetes",
                namespace: "default",
                kind: .clusterIP([.v4(0x0A60_0001)]),
                ports: [KubePort(name: "https", number: 443, transport: .tcp)],
                endpoints: [KubeEndpoint(address: .v4(0xAC12_0004), hostname: nil, isReady: true)]
            ),
            dns("kube-dns", address: clusterDNSAddress),
            dns("kube-dns-upstream", address: upstreamServiceAddress),
            KubeService(
                name: "cluster-ip",
                namespace: namespace,
                kind: .clusterIP([.v4(0x0A60_0014)]),
                ports: [
                    KubePort(name: "http", number: 80, transport: .tcp),
                    KubePort(name: "quic", number: 443, transport: .udp),
                ],
                endpoints: pods(0x0AF5_0001, count: 2)
            ),
            KubeService(
                name: "unnamed-port",
                namespace: namespace,
                kind: .clusterIP([.v4(0x0A60_0015)]),
                ports: [KubePort(name: nil, number: 8_080, transport: .tcp)],
                endpoints: []
            ),
            KubeService(
                name: "dual-stack",
                namespace: namespace,
                kind: .clusterIP([.v4(0x0A60_0016), .v6(0xFD00_0010_0096_0000, 0x16)]),
                ports: [KubePort(name: "grpc", number: 9_000, transport: .tcp)],
                endpoints: []
            ),
            KubeService(
                name: "headless",
                namespace: namespace,
                kind: .headless,
                ports: [
                    KubePort(name: "peer", number: 2_380, transport: .tcp),
                    KubePort(name: "client", number: 2_379, transport: .tcp),
                ],
                endpoints: (0..<3).map {
                    KubeEndpoint(address: .v4(0x0AF5_0010 + $0), hostname: "headless-\($0)", isReady: true)
                } + [KubeEndpoint(address: .v4(0x0AF5_0013), hostname: "headless-3", isReady: false)]
            ),
            KubeService(
                name: "headless-empty",
                namespace: namespace,
                kind: .headless,
                ports: [KubePort(name: "http", number: 80, transport: .tcp)],
                endpoints: [KubeEndpoint(address: .v4(0x0AF5_0020), hostname: "waiting-0", isReady: false)]
            ),
            KubeService(
                name: "headless-published",
                namespace: namespace,
                kind: .headless,
                ports: [KubePort(name: "http", number: 80, transport: .tcp)],
                endpoints: [
                    KubeEndpoint(address: .v4(0x0AF5_0028), hostname: "early-0", isReady: true),
                    KubeEndpoint(address: .v4(0x0AF5_002A), hostname: "early-1", isReady: false),
                ],
                publishesNotReady: true
            ),
            KubeService(
                name: "many",
                namespace: namespace,
                kind: .headless,
                ports: [KubePort(name: "http", number: 80, transport: .tcp)],
                endpoints: pods(0x0AF5_0100, count: 100)
            ),
            KubeService(
                name: "external",
                namespace: namespace,
                kind: .externalName(LabNames.name("www.example.com")),
                ports: [],
                endpoints: []
            ),
        ]
    }

    private static func dns(_ name: String, address: IPAddress) -> KubeService {
        KubeService(
            name: name,
            namespace: "kube-system",
            kind: .clusterIP([address]),
            ports: [
                KubePort(name: "dns", number: 53, transport: .udp),
                KubePort(name: "dns-tcp", number: 53, transport: .tcp),
            ],
            endpoints: clusterDNSEndpoints.map { KubeEndpoint(address: $0, hostname: nil, isReady: true) }
        )
    }

    private static func pods(_ first: UInt32, count: UInt32) -> [KubeEndpoint] {
        (0..<count).map { KubeEndpoint(address: .v4(first + $0), hostname: nil, isReady: true) }
    }
}

package import DNSWire

/// The addresses of a lab; every topology has the same.
package enum LabLayout {
    /// The client: the address of the pod.
    package static let pod = IPAddress.v4(0x0AF4_000A)
    /// The pods' network of the node under test, 10.244.0.0/24.
    static let podNetwork = "10.244.0.0/24"
    /// The node's address in the pods' network.
    package static let nodePodSide = IPAddress.v4(0x0AF4_0001)
    /// The node's own address, which masquerading puts on the wire.
    package static let node = IPAddress.v4(0xAC12_0002)
    /// The address behind which the other nodes' pods are.
    package static let otherNode = IPAddress.v4(0xAC12_0003)
    /// An address beside the node where nobody is: what is sent there is lost without a word.
    static let sink = IPAddress.v4(0xAC12_4D01)
    /// The resolver that the node's `/etc/resolv.conf` would name: upstream of the `.` zone.
    package static let external = Endpoint(address: .v4(0xAC12_0035), port: 53)
    /// The link-local address that NodeLocal DNSCache listens on.
    package static let cache = Endpoint(address: .v4(0xA9FE_140A), port: 53)
    /// The ClusterIP of `kube-dns`.
    package static let clusterDNS = Endpoint(address: KubernetesFixture.clusterDNSAddress, port: 53)
    /// The ClusterIP of `kube-dns-upstream`.
    package static let upstreamService = Endpoint(address: KubernetesFixture.upstreamServiceAddress, port: 53)
    /// The pods of the cluster DNS.
    package static let endpoints = KubernetesFixture.clusterDNSEndpoints.map { Endpoint(address: $0, port: 53) }
    /// Addresses from which the node's own processes send.
    package static let nodeAddresses = [node, nodePodSide]
}

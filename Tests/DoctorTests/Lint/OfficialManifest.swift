@testable import Doctor

/// The official manifest as its releases have it, its variables replaced as the instructions say.
struct OfficialManifest: Sendable, CustomStringConvertible {
    let version: String
    let registry: String
    /// Whether the container is privileged, as before NET_ADMIN was enough.
    let isPrivileged: Bool
    /// Whether `.` forces TCP, as the first releases did.
    let forcesTCP: Bool
    let mode: ProxyMode

    var description: String { "node-cache \(version) for \(mode)" }

    /// Six releases over the years, each for iptables and for IPVS.
    static let all: [OfficialManifest] = [ProxyMode.iptables, .ipvs].flatMap { mode in
        [
            OfficialManifest(
                version: "1.15.10",
                registry: "k8s.gcr.io",
                isPrivileged: true,
                forcesTCP: true,
                mode: mode
            ),
            OfficialManifest(
                version: "1.17.3",
                registry: "k8s.gcr.io/dns",
                isPrivileged: true,
                forcesTCP: false,
                mode: mode
            ),
            OfficialManifest(
                version: "1.21.1",
                registry: "k8s.gcr.io/dns",
                isPrivileged: true,
                forcesTCP: false,
                mode: mode
            ),
            OfficialManifest(
                version: "1.22.20",
                registry: "registry.k8s.io/dns",
                isPrivileged: true,
                forcesTCP: false,
                mode: mode
            ),
            OfficialManifest(
                version: "1.23.1",
                registry: "registry.k8s.io/dns",
                isPrivileged: false,
                forcesTCP: false,
                mode: mode
            ),
            OfficialManifest(
                version: "1.26.7",
                registry: "registry.k8s.io/dns",
                isPrivileged: false,
                forcesTCP: false,
                mode: mode
            ),
        ]
    }

    /// The manifest as published, its variables in place.
    var template: String {
        var text = GoodManifest.text
            .replacing("cluster.local:53", with: "__PILLAR__DNS__DOMAIN__:53")
            .replacing("forward . 10.96.0.10", with: "forward . __PILLAR__CLUSTER__DNS__")
            .replacing("bind 169.254.20.10", with: "bind __PILLAR__LOCAL__DNS__ __PILLAR__DNS__SERVER__")
            .replacing("health 169.254.20.10", with: "health __PILLAR__LOCAL__DNS__")
            .replacing("host: 169.254.20.10", with: "host: __PILLAR__LOCAL__DNS__")
            .replacing("        - 169.254.20.10\n", with: "        - __PILLAR__LOCAL__DNS__,__PILLAR__DNS__SERVER__\n")
            .replacing("        - -pidfile\n        - /run/node-cache.pid\n", with: "")
            .replacing(
                "registry.k8s.io/dns/k8s-dns-node-cache:1.26.8",
                with: "\(registry)/k8s-dns-node-cache:\(version)"
            )
        if isPrivileged {
            text = text.replacing("capabilities:\n            add: [NET_ADMIN]", with: "privileged: true")
        }
        if forcesTCP {
            let forward = "forward . __PILLAR__UPSTREAM__SERVERS__"
            text = text.replacing(forward, with: forward + " {\n            force_tcp\n        }")
        }
        return text
    }

    /// The manifest after the `sed` of the instructions for its mode.
    var text: String {
        let local = template.replacing("__PILLAR__LOCAL__DNS__", with: "169.254.20.10")
            .replacing("__PILLAR__DNS__DOMAIN__", with: "cluster.local")
        guard mode == .ipvs else { return local.replacing("__PILLAR__DNS__SERVER__", with: "10.96.0.10") }
        return local.replacing(",__PILLAR__DNS__SERVER__", with: "").replacing("__PILLAR__DNS__SERVER__", with: "")
            .replacing("__PILLAR__CLUSTER__DNS__", with: "10.96.0.10")
    }
}

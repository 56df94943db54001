/// The installation that the project was made for: NodeLocal DNSCache on an IPVS cluster, as its user wrote it down.
package enum Seed {
    /// The manifest, byte for byte as `Scenarios/seed/nodelocaldns.yaml`, with its `__PILLAR__` variables.
    ///
    /// The build embeds it: Package.swift gives NodeLocal `resources: [.embedInCode("Seed/nodelocaldns.yaml")]`, and
    /// `PackageResources` comes from there.
    package static let manifest = String(decoding: PackageResources.nodelocaldns_yaml, as: UTF8.self)

    /// The name under which diagnostics speak of the manifest.
    package static let file = "seed/nodelocaldns.yaml"

    /// The Corefile inside the manifest, with its `__PILLAR__` variables; empty if the build embedded a broken manifest.
    package static let corefile = (try? Manifest.read(manifest, file: file))?.corefile?.text ?? ""
}

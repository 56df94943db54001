package import NodeLocal

extension CheckCatalogue {
    /// The files of the built-in catalogue, as the build embedded them.
    package static let builtinFiles: [(name: String, text: String)] = [
        ("hdr.yaml", PackageResources.hdr_yaml), ("nam.yaml", PackageResources.nam_yaml),
        ("clt.yaml", PackageResources.clt_yaml), ("edn.yaml", PackageResources.edn_yaml),
        ("trn.yaml", PackageResources.trn_yaml),
        ("tcp.yaml", PackageResources.tcp_yaml), ("cch.yaml", PackageResources.cch_yaml),
        ("rte.yaml", PackageResources.rte_yaml), ("ups.yaml", PackageResources.ups_yaml),
        ("flt.yaml", PackageResources.flt_yaml), ("k8s.yaml", PackageResources.k8s_yaml),
        ("ops.yaml", PackageResources.ops_yaml),
    ].map { ("Scenarios/checks/\($0.0)", String(decoding: $0.1, as: UTF8.self)) }

    /// The checks that come with the program.
    package static func builtin() throws(YAMLDiagnostic) -> CheckCatalogue {
        try CheckCatalogue(files: builtinFiles)
    }
}

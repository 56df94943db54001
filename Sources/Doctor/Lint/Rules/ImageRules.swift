internal import NodeLocal

/// The release of node-cache and what it implies.
enum ImageRules {
    static let all = [unknown, withdrawn, old, defects, frozenRegistry]

    private static func images(
        _ subject: LintSubject
    ) -> [(workload: NodeCacheWorkload, image: YAMLTree, version: CoreDNSVersion)] {
        subject.workloads.compactMap { workload in
            guard let image = workload.image, let version = workload.version else { return nil }
            return (workload, image, version)
        }
    }

    static let unknown = LintRule(
        "image-version-unknown",
        .note,
        "the image does not say which node-cache it is",
        reason:
            "what node-cache does depends on its release more than on its Corefile; rules about releases were not applied",
        remedy: "write the release as the tag, beside a digest if you pin one",
        source: "kubernetes/dns, tags"
    ) { subject in
        subject.workloads.compactMap { workload in
            guard let image = workload.image, workload.version == nil else { return nil }
            return .init(image.place, "no release can be told from \(image.text ?? "the image")")
        }
    }

    static let withdrawn = LintRule(
        "image-withdrawn",
        .warning,
        "the release was taken back",
        reason: "1.20.0 moved to CoreDNS 1.8.3 and 1.21.0 went back to 1.7.0 because it had become slower",
        remedy: "run \(NodeCacheRelease.newest)",
        source: "kubernetes/dns commit 8920c17d"
    ) { subject in
        images(subject).filter { $0.version == CoreDNSVersion(1, 20, 0) }.map {
            .init($0.image.place, "node-cache 1.20.0 was taken back")
        }
    }

    static let old = LintRule(
        "image-old",
        .warning,
        "the image is years old",
        reason:
            "with a CoreDNS before 1.9 health checks go over UDP, so that force_tcp does not mean that no UDP leaves the "
            + "node; cache metrics add up over all zones, and requests to the cache are not counted; servfail and disable are "
            + "refused in a cache block; each later correction is missing",
        remedy:
            "run \(NodeCacheRelease.newest), the newest release, and read the metrics' new names before dashboards do",
        source: "kubernetes/dns, tags; coredns, release notes 1.8.5, 1.9.0, 1.9.1, 1.9.4"
    ) { subject in
        images(subject).compactMap { _, image, version in
            guard let release = NodeCacheRelease.holding(version), release.coreDNS < CoreDNSVersion(1, 9) else {
                return nil
            }
            let newest = NodeCacheRelease.all.last.map { "; \($0.last) holds \($0.coreDNS) of \($0.year)" }
            return .init(
                image.place,
                "node-cache \(version) holds CoreDNS \(release.coreDNS) of \(release.year)" + (newest ?? "")
            )
        }
    }

    static let defects = LintRule(
        "image-known-defects",
        .warning,
        "the release has defects that later ones do not have",
        reason: "each is known from its issue, and none is mended by configuration",
        remedy: "run \(NodeCacheRelease.newest)",
        source: "kubernetes/dns and coredns/coredns, issues named in the finding"
    ) { subject in
        images(subject).compactMap { _, image, version in
            let known = NodeCacheDefect.known(in: version)
            guard !known.isEmpty else { return nil }
            let list = known.map { "\($0.effect) (\($0.source))" }.joined(separator: "; ")
            return .init(image.place, "node-cache \(version): \(list)")
        }
    }

    static let frozenRegistry = LintRule(
        "image-registry-frozen",
        .note,
        "the image comes from a registry that gets no new releases",
        reason: "k8s.gcr.io has been frozen since April 2023: newer releases of node-cache are not there",
        remedy: "pull from registry.k8s.io/dns/k8s-dns-node-cache",
        source: "kubernetes.io blog, k8s.gcr.io Image Registry Will Be Frozen From the 3rd of April 2023"
    ) { subject in
        subject.workloads.compactMap { workload in
            guard let image = workload.image, image.text?.hasPrefix("k8s.gcr.io/") == true else { return nil }
            return .init(image.place, "the image comes from k8s.gcr.io")
        }
    }
}

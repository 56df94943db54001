internal import NodeLocal

/// How long and how much is cached.
enum CacheRules {
    static let all = [missing, denialUncapped, denialLong, successLong]

    static let missing = LintRule(
        "cache-missing",
        .warning,
        "a zone is not cached",
        reason: "each query goes upstream; the block is a proxy that adds a hop",
        remedy: "add `cache 30`, and for the cluster domain `success 9984 30` and `denial 9984 5`",
        source: "coredns plugin/cache; kubernetes nodelocaldns.yaml"
    ) { subject in
        subject.corefiles.flatMap { corefile in
            corefile.blocks.filter { $0.cache == nil && !$0.forwards.isEmpty }.map {
                .init(corefile.place($0.line), "\($0.zoneList) has no cache line")
            }
        }
    }

    /// The blocks that cache, with their settings.
    private static func caches(
        _ subject: LintSubject
    ) -> [(corefile: LintCorefile, block: ServerBlock, cache: CacheSettings, zone: LintZone)] {
        subject.corefiles.flatMap { corefile in
            corefile.blocks.compactMap { block in
                block.cache.map { (corefile, block, $0, corefile.zone(block, subject)) }
            }
        }
    }

    static let denialUncapped = LintRule(
        "denial-uncapped",
        .warning,
        "negative answers are kept for up to half an hour",
        reason:
            "without a cap an NXDOMAIN lives as long as its SOA record says, up to 1800 s, and a name that comes to be "
            + "stays invisible on the node",
        remedy: "write `cache 30`, or `denial 9984 5` in the block of cache",
        source: "coredns plugin/cache/setup.go; kubernetes/kubernetes#74092"
    ) { subject in
        caches(subject).filter { $0.cache.denial.maximumTTL >= 1_800 && $0.cache.denial.disabledZones.isEmpty }.map {
            .init(
                $0.corefile.place($0.cache.line),
                "negative answers of \($0.block.zoneList) may be kept for \($0.cache.denial.maximumTTL) s"
            )
        }
    }

    static let denialLong = LintRule(
        "denial-ttl-long",
        .warning,
        "a new Service stays invisible for longer than five seconds",
        reason: "a pod that asks before the Service is there gets the NXDOMAIN again until it expires",
        remedy: "write `denial 9984 5` in the cache block of the cluster domain",
        source: "kubernetes/kubernetes#74092 and pull request 74093"
    ) { subject in
        caches(subject).filter {
            $0.zone == .cluster && (6..<1_800).contains($0.cache.denial.maximumTTL)
                && $0.cache.denial.disabledZones.isEmpty
        }.map {
            .init(
                $0.corefile.place($0.cache.line),
                "negative answers of \($0.block.zoneList) are kept for up to \($0.cache.denial.maximumTTL) s"
            )
        }
    }

    static let successLong = LintRule(
        "success-ttl-long",
        .warning,
        "pods that are gone stay in answers for long",
        reason:
            "what the cache keeps comes on top of what the cluster DNS kept before, so that a headless Service shows old "
            + "addresses for the sum of both",
        remedy: "write `success 9984 30` in the cache block of the cluster domain",
        source: "coredns#3432, #7091; kubernetes/kubernetes#92559"
    ) { subject in
        caches(subject).filter { $0.zone == .cluster && $0.cache.success.maximumTTL > 30 }.map {
            .init(
                $0.corefile.place($0.cache.line),
                "answers of \($0.block.zoneList) are kept for up to \($0.cache.success.maximumTTL) s"
            )
        }
    }
}

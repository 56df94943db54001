internal import NodeLocal

/// Variables of the template that were left in.
enum PlaceholderRules {
    static let all = [left, clusterDNS, inCorefile]

    /// Those that node-cache fills by itself, in a Corefile and nowhere else (`app/configmap.go`).
    private static let filled = [
        "__PILLAR__CLUSTER__DNS__", "__PILLAR__UPSTREAM__SERVERS__", "__PILLAR__LOCAL__DNS__",
        "__PILLAR__DNS__SERVER__",
    ]

    static let left = LintRule(
        "placeholder-left",
        .error,
        "a variable that the installer must replace is still there",
        reason:
            "node-cache fills variables in its Corefile alone, and there __PILLAR__DNS__DOMAIN__ not at all: on the "
            + "command line the word is no address and node-cache ends at once, in a Corefile it becomes a zone of that name",
        remedy:
            "replace __PILLAR__LOCAL__DNS__ by the cache's address, __PILLAR__DNS__DOMAIN__ by the cluster domain, and "
            + "__PILLAR__DNS__SERVER__ by the cluster DNS IP (on IPVS: by nothing, with the comma before it)",
        source: "kubernetes/dns cmd/node-cache/app/configmap.go; kubernetes.io, Using NodeLocal DNSCache, Configuration"
    ) { subject in
        var matches: [LintRule.Match] = []
        for object in subject.objects {
            for value in object.tree.scalars where value.blockIndentation == nil {
                guard let text = value.text, !text.contains("\n"), let variable = Pillars.firstVariable(in: text) else {
                    continue
                }
                matches.append(.init(value.place, "\(variable) was not replaced; node-cache does not fill it here"))
            }
        }
        for corefile in subject.corefiles {
            let isFilled = corefile.workload?.fillsCorefile ?? true
            for (variable, place) in corefile.variables where !isFilled || !filled.contains(variable) {
                let why = isFilled ? "node-cache does not know it" : "CoreDNS reads this file as it is"
                matches.append(.init(place, "\(variable) was not replaced; \(why)"))
            }
        }
        return matches
    }

    static let clusterDNS = LintRule(
        "placeholder-cluster-dns",
        .error,
        "__PILLAR__CLUSTER__DNS__ was not replaced by the cluster DNS IP",
        reason:
            "where the cache cannot hold the cluster DNS IP, as on IPVS, the instructions have the installer put that IP "
            + "here; left in, node-cache puts in $KUBE_DNS_UPSTREAM_SERVICE_HOST or the like, which is there only if the "
            + "-upstreamsvc Service is older than the pod, and else the Corefile is refused",
        remedy: "put in what `kubectl get svc kube-dns -n kube-system -o jsonpath={.spec.clusterIP}` prints; "
            + "__PILLAR__UPSTREAM__SERVERS__ stays, node-cache fills it",
        source: "kubernetes.io, Using NodeLocal DNSCache, Configuration (IPVS); kubernetes/dns#401, #596"
    ) { subject in
        guard subject.needsKubeletChange, subject.proxyMode == nil || subject.proxyMode == .ipvs else { return [] }
        return subject.corefiles.filter { $0.workload?.fillsCorefile ?? true }.compactMap { corefile in
            let places = corefile.places(of: "__PILLAR__CLUSTER__DNS__")
            guard let first = places.first else { return nil }
            let others = places.dropFirst().map { String($0.line) }
            let also = others.isEmpty ? "" : " (also in line \(others.joined(separator: ", ")))"
            return .init(first, "__PILLAR__CLUSTER__DNS__ must be replaced by the cluster DNS IP\(also)")
        }
    }

    static let inCorefile = LintRule(
        "placeholder-in-corefile",
        .warning,
        "a variable is left to node-cache that the instructions replace",
        reason:
            "node-cache puts all addresses of -localip, with blanks between them, for __PILLAR__LOCAL__DNS__, and nothing "
            + "for __PILLAR__DNS__SERVER__; what comes out is not what was reviewed",
        remedy: "write the addresses themselves",
        source: "kubernetes/dns cmd/node-cache/app/configmap.go"
    ) { subject in
        subject.corefiles.filter { $0.workload?.fillsCorefile ?? true }.flatMap { corefile in
            ["__PILLAR__LOCAL__DNS__", "__PILLAR__DNS__SERVER__"].flatMap { variable in
                corefile.places(of: variable).prefix(1).map { .init($0, "\(variable) is left to node-cache to fill") }
            }
        }
    }
}

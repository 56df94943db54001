package import DNSWire

/// Kinds of name that a workload or a check asks a cluster for.
package enum KubeNameKind: String, CaseIterable, Sendable {
    /// A Service with a ClusterIP of one family.
    case clusterIP
    /// A Service with a ClusterIP of each family.
    case dualStack
    /// A headless Service with a ready endpoint.
    case headless
    /// A headless Service without a ready endpoint.
    case headlessNotReady
    /// A ready endpoint of a headless Service.
    case endpoint
    /// A named port.
    case server
    /// The reverse name of a ClusterIP.
    case reverse
    /// An ExternalName Service.
    case externalName
    /// A Service that does not exist, in a namespace that does.
    case missing
}

extension KubernetesZone {
    /// Every name of one kind, in the order of ``services``.
    ///
    /// ``KubeNameKind/missing`` gives as many names as there are Services.
    package func names(of kind: KubeNameKind) -> [DNSName] {
        services.enumerated().flatMap { index, service in names(of: kind, service, index: index) }
    }

    private func names(of kind: KubeNameKind, _ service: KubeService, index: Int) -> [DNSName] {
        switch kind {
        case .clusterIP: return addresses(of: service).count == 1 ? [name(of: service)] : []
        case .dualStack: return addresses(of: service).count == 2 ? [name(of: service)] : []
        case .headless: return service.isHeadless && !service.readyEndpoints.isEmpty ? [name(of: service)] : []
        case .headlessNotReady: return service.isHeadless && service.readyEndpoints.isEmpty ? [name(of: service)] : []
        case .endpoint: return service.isHeadless ? service.readyEndpoints.map { name(of: $0, in: service) } : []
        case .server:
            guard !service.isHeadless || !service.readyEndpoints.isEmpty else { return [] }
            return service.ports.compactMap { name(of: $0, in: service) }
        case .reverse: return addresses(of: service).map(\.reverseName)
        case .externalName: return service.externalName == nil ? [] : [name(of: service)]
        case .missing: return [LabNames.name(["missing-\(index)", service.namespace, "svc"], under: domain)]
        }
    }

    private func addresses(of service: KubeService) -> [IPAddress] {
        if case .clusterIP(let addresses) = service.kind { return addresses }
        return []
    }
}

package import DNSWire

extension KubernetesZone {
    /// Whether the zone has authority over `name`: it is in the cluster domain.
    package func owns(_ name: DNSName) -> Bool {
        name.isSubdomain(of: domain)
    }

    /// Answers a question of class IN about a name in the cluster domain, or about a reverse name that it knows.
    ///
    /// - Returns: `nil` when the name is neither: the question goes on to the upstream, as `fallthrough` has it.
    package func answer(_ name: DNSName, _ type: RecordType) -> ZoneAnswer? {
        guard owns(name) else { return reverseAnswer(name, type) }
        let relative = Array(name.lowercased.labels.dropLast(domain.labels.count))
        switch relative.count {
        case 0: return apexAnswer(name, type)
        case 1 where relative[0] == Array("dns-version".utf8): return versionAnswer(name, type)
        case 2 where relative[0] == Array("ns".utf8) && relative[1] == Array("dns".utf8):
            return hostAnswer(name, type, addresses: nameServerAddresses)
        case 1 where relative[0] == Array("svc".utf8) || relative[0] == Array("pod".utf8): return noData
        default: break
        }
        if relative.last == Array("pod".utf8) { return podAnswer(name, type, Array(relative.dropLast())) }
        guard relative.last == Array("svc".utf8) else { return nxDomain }
        return serviceAnswer(name, type, Array(relative.dropLast()))
    }

    /// The SOA record that stands in the authority section of a denial.
    package var startOfAuthority: ResourceRecord {
        ResourceRecord(
            name: domain,
            type: .soa,
            class: .in,
            ttl: ttl,
            data: .soa(
                SOA(
                    mname: LabNames.name(["ns", "dns"], under: domain),
                    rname: LabNames.name(["hostmaster"], under: domain),
                    serial: serial,
                    refresh: 7_200,
                    retry: 1_800,
                    expire: 86_400,
                    minimum: ttl
                )
            )
        )
    }

    private var noData: ZoneAnswer { ZoneAnswer(isAuthoritative: true, authorities: [startOfAuthority]) }

    private var nxDomain: ZoneAnswer {
        ZoneAnswer(rcode: .nxDomain, isAuthoritative: true, authorities: [startOfAuthority])
    }

    private var nameServerAddresses: [IPAddress] {
        guard let service = service(named: "kube-dns", in: "kube-system") else { return [] }
        if case .clusterIP(let addresses) = service.kind { return addresses }
        return []
    }

    private func found(_ answers: [ResourceRecord], additionals: [ResourceRecord] = []) -> ZoneAnswer {
        guard !answers.isEmpty else { return noData }
        return ZoneAnswer(isAuthoritative: true, answers: answers, additionals: additionals)
    }

    private func apexAnswer(_ name: DNSName, _ type: RecordType) -> ZoneAnswer {
        let server = LabNames.name(["ns", "dns"], under: domain)
        switch type {
        case .soa: return found([startOfAuthority])
        case .ns:
            return found(
                [ResourceRecord(name: name, type: .ns, class: .in, ttl: ttl, data: .ns(server))],
                additionals: nameServerAddresses.map { addressRecord(server, $0) }
            )
        default: return noData
        }
    }

    private func versionAnswer(_ name: DNSName, _ type: RecordType) -> ZoneAnswer {
        guard type == .txt else { return noData }
        // CoreDNS gives this one record eight hours (plugin/kubernetes/kubernetes.go, Services).
        let text = RData.txt([Array("1.1.0".utf8)])
        return found([ResourceRecord(name: name, type: .txt, class: .in, ttl: 28_800, data: text)])
    }

    /// Answers A and AAAA from `addresses`, and NODATA for every other type.
    private func hostAnswer(_ name: DNSName, _ type: RecordType, addresses: [IPAddress]) -> ZoneAnswer {
        found(addresses.map { addressRecord(name, $0) }.filter { $0.type == type })
    }

    private func addressRecord(_ name: DNSName, _ address: IPAddress) -> ResourceRecord {
        switch address {
        case .v4: ResourceRecord(name: name, type: .a, class: .in, ttl: ttl, data: .a(address))
        case .v6: ResourceRecord(name: name, type: .aaaa, class: .in, ttl: ttl, data: .aaaa(address))
        }
    }

    /// `a-b-c-d.<ns>.pod`: with `pods insecure` the address is in the name and nobody looks whether the pod exists.
    private func podAnswer(_ name: DNSName, _ type: RecordType, _ relative: [[UInt8]]) -> ZoneAnswer {
        guard let namespace = relative.last, namespaces.contains(namespace), relative.count <= 2 else {
            return nxDomain
        }
        guard relative.count == 2 else { return noData }
        let text = String(decoding: relative[0], as: UTF8.self)
        let dotted = String(text.map { $0 == "-" ? "." : $0 })
        let colons = String(text.map { $0 == "-" ? ":" : $0 })
        guard let address = IPAddress(dotted) ?? IPAddress(colons) else { return nxDomain }
        return hostAnswer(name, type, addresses: [address])
    }

    private func serviceAnswer(_ name: DNSName, _ type: RecordType, _ relative: [[UInt8]]) -> ZoneAnswer {
        guard let namespace = relative.last, namespaces.contains(namespace), relative.count <= 4 else {
            return nxDomain
        }
        guard relative.count >= 2 else { return noData }
        let key = ServiceKey(service: relative[relative.count - 2], namespace: namespace)
        guard let index = serviceIndex[key] else { return nxDomain }
        let service = services[index]
        switch relative.count {
        case 2: return wholeServiceAnswer(name, type, service)
        case 3: return endpointAnswer(name, type, service, label: relative[0])
        default: return portAnswer(name, type, service, port: relative[0], transport: relative[1])
        }
    }

    private func wholeServiceAnswer(_ name: DNSName, _ type: RecordType, _ service: KubeService) -> ZoneAnswer {
        switch service.kind {
        case .externalName(let target):
            guard type == .a || type == .aaaa || type == .cname else { return noData }
            return found([ResourceRecord(name: name, type: .cname, class: .in, ttl: ttl, data: .cname(target))])
        case .clusterIP(let addresses):
            if type == .srv { return servers(name, service, ports: service.ports) }
            return hostAnswer(name, type, addresses: addresses)
        case .headless:
            guard !service.readyEndpoints.isEmpty else { return nxDomain }
            if type == .srv { return servers(name, service, ports: service.ports) }
            return hostAnswer(name, type, addresses: service.readyEndpoints.map(\.address))
        }
    }

    private func endpointAnswer(
        _ name: DNSName,
        _ type: RecordType,
        _ service: KubeService,
        label: [UInt8]
    ) -> ZoneAnswer {
        let endpoints = service.readyEndpoints.filter { Array($0.label.lowercased().utf8) == label }
        guard !endpoints.isEmpty else { return nxDomain }
        return hostAnswer(name, type, addresses: endpoints.map(\.address))
    }

    private func portAnswer(
        _ name: DNSName,
        _ type: RecordType,
        _ service: KubeService,
        port: [UInt8],
        transport: [UInt8]
    ) -> ZoneAnswer {
        let ports = service.ports.filter { candidate in
            guard let portName = candidate.name else { return false }
            return Array("_\(portName.lowercased())".utf8) == port
                && Array("_\(candidate.transport.rawValue)".utf8) == transport
        }
        guard !ports.isEmpty, service.externalName == nil else { return nxDomain }
        if service.isHeadless, service.readyEndpoints.isEmpty { return nxDomain }
        guard type == .srv else { return noData }
        return servers(name, service, ports: ports)
    }

    /// SRV records: one a port for a ClusterIP Service, one for each pair of ready endpoint and port without.
    private func servers(_ owner: DNSName, _ service: KubeService, ports: [KubePort]) -> ZoneAnswer {
        var hosts: [(name: DNSName, addresses: [IPAddress])] = []
        switch service.kind {
        case .clusterIP(let addresses): hosts = [(name(of: service), addresses)]
        case .headless: hosts = service.readyEndpoints.map { (name(of: $0, in: service), [$0.address]) }
        case .externalName: return noData
        }
        let weight = UInt16(max(1, 100 / max(1, hosts.count * ports.count)))
        var answers: [ResourceRecord] = []
        var additionals: [ResourceRecord] = []
        for host in hosts {
            for port in ports {
                let data = RData.srv(priority: 0, weight: weight, port: port.number, target: host.name)
                answers.append(ResourceRecord(name: owner, type: .srv, class: .in, ttl: ttl, data: data))
            }
            additionals += host.addresses.map { addressRecord(host.name, $0) }
        }
        return found(answers, additionals: additionals)
    }

    private func reverseAnswer(_ name: DNSName, _ type: RecordType) -> ZoneAnswer? {
        guard let address = LabNames.address(ofReverse: name), let owners = addressIndex[address] else { return nil }
        var records: [ResourceRecord] = []
        for owner in owners {
            let service = services[owner.service]
            let target =
                owner.endpoint.map { self.name(of: service.endpoints[$0], in: service) } ?? self.name(of: service)
            records.append(ResourceRecord(name: name, type: .ptr, class: .in, ttl: ttl, data: .ptr(target)))
        }
        guard type == .ptr else { return reverseDenial(name) }
        return ZoneAnswer(isAuthoritative: true, answers: records)
    }

    /// NODATA for a reverse name that exists; CoreDNS names the reverse zone itself in the SOA.
    private func reverseDenial(_ name: DNSName) -> ZoneAnswer {
        let isV6 = name.isSubdomain(of: LabNames.name("ip6.arpa"))
        let apex = LabNames.name(isV6 ? "ip6.arpa" : "in-addr.arpa")
        var authority = startOfAuthority
        authority.name = apex
        authority.data = .soa(
            SOA(
                mname: LabNames.name(["ns", "dns"], under: apex),
                rname: LabNames.name(["hostmaster"], under: apex),
                serial: serial,
                refresh: 7_200,
                retry: 1_800,
                expire: 86_400,
                minimum: ttl
            )
        )
        return ZoneAnswer(isAuthoritative: true, authorities: [authority])
    }
}

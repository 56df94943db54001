import DNSWire
import Foundation
import Scenario

/// Names of a cluster from a list of its Services and EndpointSlices, as `kubectl get services,endpointslices -A -o json`
/// prints it (Kubernetes API v1 List, ServiceList and EndpointSliceList).
struct ClusterList {
    /// The names by the part of a workload that asks them.
    let names: [WorkloadPart: [DNSName]]

    private struct List: Decodable { var items: [Item] }

    private struct Item: Decodable {
        struct Metadata: Decodable {
            var name: String?
            var namespace: String?
            var labels: [String: String]?
        }
        struct Port: Decodable {
            var name: String?
            var `protocol`: String?
        }
        struct Spec: Decodable {
            var type: String?
            var clusterIP: String?
            var clusterIPs: [String]?
            var externalName: String?
            var ports: [Port]?
        }
        struct EndpointEntry: Decodable { var hostname: String? }

        var kind: String?
        var metadata: Metadata
        var spec: Spec?
        var endpoints: [EndpointEntry]?
    }

    private static let missing = 100

    /// Reads a list; `domain` is the cluster's, such as `cluster.local.`.
    ///
    /// - Throws: ``Failure`` when the file cannot be read, is no such list, or holds no Service.
    init(path: String, domain: DNSName) throws {
        let bytes = try TextFile.data(path, what: "the list of Services")
        let list: List
        do {
            list = try JSONDecoder().decode(List.self, from: Data(bytes))
        } catch {
            throw Failure(
                .badInput,
                "\(path) is no list of Services; give what kubectl get services,endpointslices -A -o json prints"
            )
        }
        var found: [WorkloadPart: [DNSName]] = [:]
        var namespaces: [String] = []
        for item in list.items {
            guard let name = item.metadata.name, let namespace = item.metadata.namespace else { continue }
            if let spec = item.spec, item.kind == nil || item.kind == "Service" {
                if !namespaces.contains(namespace) { namespaces.append(namespace) }
                ClusterList.add(spec, name: name, namespace: namespace, domain: domain, to: &found)
            } else if let endpoints = item.endpoints, let service = item.metadata.labels?["kubernetes.io/service-name"]
            {
                for hostname in endpoints.compactMap(\.hostname) {
                    ClusterList.append([hostname, service, namespace, "svc"], domain, .headless, &found)
                }
            }
        }
        guard !namespaces.isEmpty else { throw Failure(.badInput, "\(path) holds no Service") }
        for number in 0..<ClusterList.missing {
            let namespace = namespaces[number % namespaces.count]
            ClusterList.append(["nldns-missing-\(number)", namespace, "svc"], domain, .missing, &found)
        }
        names = found
    }

    private static func add(
        _ spec: Item.Spec,
        name: String,
        namespace: String,
        domain: DNSName,
        to found: inout [WorkloadPart: [DNSName]]
    ) {
        if spec.type == "ExternalName" {
            if let text = spec.externalName, let target = try? DNSName(text) {
                found[.external, default: []].append(target)
            }
            return
        }
        let isHeadless = spec.clusterIP == "None"
        append([name, namespace, "svc"], domain, isHeadless ? .headless : .service, &found)
        for port in spec.ports ?? [] {
            guard let label = port.name else { continue }
            let transport = (port.protocol ?? "TCP").lowercased()
            append(["_" + label, "_" + transport, name, namespace, "svc"], domain, .srv, &found)
        }
        for text in spec.clusterIPs ?? [spec.clusterIP].compactMap({ $0 }) {
            if let address = IPAddress(text), let reverse = reverse(address) {
                found[.ptr, default: []].append(reverse)
            }
        }
    }

    private static func append(
        _ labels: [String],
        _ domain: DNSName,
        _ part: WorkloadPart,
        _ found: inout [WorkloadPart: [DNSName]]
    ) {
        guard let name = try? DNSName(labels: labels.map { Array($0.utf8) } + domain.labels) else { return }
        found[part, default: []].append(name)
    }

    /// The name under in-addr.arpa or ip6.arpa (RFC 1035 section 3.5, RFC 3596 section 2.5).
    private static func reverse(_ address: IPAddress) -> DNSName? {
        switch address {
        case .v4: try? DNSName(address.bytes.reversed().map(String.init).joined(separator: ".") + ".in-addr.arpa")
        case .v6:
            try? DNSName(
                address.bytes.reversed().flatMap { [$0 & 15, $0 >> 4] }.map { String($0, radix: 16) }
                    .joined(separator: ".") + ".ip6.arpa"
            )
        }
    }

    /// Reads a file of names: `PART NAME` a line, or a name alone, which is a Service's; `;` begins a comment.
    static func names(path: String) throws -> [WorkloadPart: [DNSName]] {
        let text = try TextFile.read(path, what: "the file of names")
        var found: [WorkloadPart: [DNSName]] = [:]
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            let words = line.split(whereSeparator: \.isWhitespace)
            guard let first = words.first, !first.hasPrefix(";") else { continue }
            let part = words.count > 1 ? WorkloadPart(rawValue: String(first)) : .service
            guard let part else {
                let known = WorkloadPart.allCases.map(\.rawValue).joined(separator: ", ")
                throw Failure(
                    .badInput,
                    "\(path):\(index + 1): \"\(first)\" is no part of a workload; there are \(known)"
                )
            }
            let word = String(words.count > 1 ? words[1] : first)
            guard let name = try? DNSName(word) else {
                throw Failure(.badInput, "\(path):\(index + 1): \"\(word)\" is no domain name")
            }
            found[part, default: []].append(name)
        }
        guard !found.isEmpty else { throw Failure(.badInput, "\(path) holds no name") }
        return found
    }
}

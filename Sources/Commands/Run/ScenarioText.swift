import DNSWire
import Harness
import Lab
import NodeLocal
import Scenario

/// Writes the scenario that a command stands for, so that `check`, `bench` and `doctor` are runs like any other: with a
/// plan that can be shown, and one way through the program.
struct ScenarioText {
    private var lines: [String]

    /// Begins a scenario with one target that is asked, and the cluster DNS beside it if it is known.
    init(id: String, title: String, target: Endpoint, targetRole: TargetRole, cluster: Endpoint?) {
        lines = ["version: 1", "id: \(id)", "title: \(Self.quoted(title))", "targets:"]
        lines.append("  target: { address: \(Self.quoted(target.description)), role: \(targetRole.rawValue) }")
        if let cluster, targetRole != .cluster {
            lines.append("  cluster: { address: \(Self.quoted(cluster.description)), role: cluster }")
        }
        lines.append("expect: { corefile: live }")
    }

    /// Begins a scenario with two targets, `a` and `b`.
    init(id: String, title: String, a: TargetChoice, b: TargetChoice) {
        lines = ["version: 1", "id: \(id)", "title: \(Self.quoted(title))", "targets:"]
        for (name, target) in [("a", a), ("b", b)] {
            lines.append(
                "  \(name): { address: \(Self.quoted(target.endpoint.description)), role: \(target.role.rawValue) }"
            )
        }
    }

    /// Adds lines at the top level.
    mutating func add(_ more: String...) { lines += more }

    /// Adds lines at the top level.
    mutating func add(_ more: [String]) { lines += more }

    /// The plan.
    func plan() throws -> Plan {
        let text = lines.joined(separator: "\n") + "\n"
        do {
            return try Scenario.parse(Array(text.utf8), file: "command line")
        } catch {
            // Options were read as values of their types; what is wrong with them now is for the user to correct.
            throw Failure(.usage, error.diagnostics.first?.message ?? error.description)
        }
    }

    /// A YAML string that holds any text.
    static func quoted(_ text: String) -> String {
        let escaped = text.unicodeScalars.map { scalar in
            switch scalar {
            case "\"": "\\\""
            case "\\": "\\\\"
            case _ where scalar.value < 0x20: "\\x" + (scalar.value < 16 ? "0" : "") + String(scalar.value, radix: 16)
            default: String(scalar)
            }
        }
        return "\"" + escaped.joined() + "\""
    }
}

/// Who is asked by a command that names one target.
struct TargetChoice {
    let endpoint: Endpoint
    let role: TargetRole

    /// The target as given, or the cache; in a lab the address decides the role.
    init(_ target: Endpoint?, isLab: Bool) throws {
        let endpoint = target ?? LabLayout.cache
        self.endpoint = endpoint
        switch endpoint {
        case LabLayout.cache: role = .cache
        case LabLayout.clusterDNS: role = .cluster
        case LabLayout.external where isLab: role = .upstream
        default:
            guard !isLab else {
                throw Self.absent(endpoint)
            }
            role = .cache
        }
    }

    /// The cluster DNS as given, or in a lab the lab's; nil when nobody says.
    static func cluster(_ given: Endpoint?, isLab: Bool) throws -> Endpoint? {
        guard isLab else { return given }
        if let given, given != LabLayout.clusterDNS { throw absent(given) }
        return LabLayout.clusterDNS
    }

    private static func absent(_ endpoint: Endpoint) -> Failure {
        Failure(
            .usage,
            "the lab has no \(endpoint); its cache is \(LabLayout.cache), its cluster DNS \(LabLayout.clusterDNS)"
        )
    }
}

/// The command line of `lab-role keep`, which carries a lab's options from `lab up` to the process that keeps the lab.
struct KeepArguments {
    /// A command line that does not follow the grammar.
    struct Malformed: Error, CustomStringConvertible {
        var description: String
    }

    /// The options as arguments.
    static func encode(_ options: LabOptions) -> [String] {
        var arguments = [
            "--topology", options.topology.rawValue, "--services", "\(options.services)", "--seed", "\(options.seed)",
            "--delay", "\(options.upstreamDelayNanoseconds)",
            "--service-time", "\(options.serviceNanoseconds)", "--profile", options.profile.rawValue,
        ]
        switch options.cache {
        case .reference: arguments += ["--cache", "reference"]
        case .peer(let peer): arguments += ["--cache", peer.rawValue]
        case .binary(let path): arguments += ["--cache-binary", path]
        }
        arguments += options.defects.flatMap { ["--defect", $0.rawValue] }
        arguments += options.faults.flatMap { ["--fault", $0.rawValue] }
        if let corefile = options.corefile { arguments += ["--corefile-text", corefile] }
        return arguments
    }

    /// Reads what ``encode(_:)`` wrote.
    static func decode(_ arguments: [String]) throws(Malformed) -> LabOptions {
        var options = LabOptions()
        var rest = arguments[...]
        while let option = rest.popFirst() {
            guard let value = rest.popFirst(), apply(option, value, to: &options) else {
                throw Malformed(description: "keep cannot take \(option)")
            }
        }
        return options
    }

    private static func apply(_ option: String, _ value: String, to options: inout LabOptions) -> Bool {
        switch option {
        case "--topology":
            guard let topology = LabTopology(rawValue: value) else { return false }
            options.topology = topology
        case "--profile":
            guard let profile = CacheProfile(rawValue: value) else { return false }
            options.profile = profile
        case "--services":
            guard let count = Int(value) else { return false }
            options.services = count
        case "--seed":
            guard let seed = UInt64(value) else { return false }
            options.seed = seed
        case "--delay":
            guard let delay = Int64(value) else { return false }
            options.upstreamDelayNanoseconds = delay
        case "--service-time":
            guard let time = Int64(value) else { return false }
            options.serviceNanoseconds = time
        case "--cache": options.cache = CachePeer(rawValue: value).map(LabCache.peer) ?? .reference
        case "--cache-binary": options.cache = .binary(path: value)
        case "--defect":
            guard let defect = CacheDefect(rawValue: value) else { return false }
            options.defects.append(defect)
        case "--fault":
            guard let fault = LabFault(rawValue: value) else { return false }
            options.faults.append(fault)
        case "--corefile-text": options.corefile = value
        default: return false
        }
        return true
    }
}

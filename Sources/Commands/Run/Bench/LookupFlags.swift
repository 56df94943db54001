import ArgumentParser
import DNSBench
import DNSWire

/// How `nldns bench` looks names up as applications do it.
struct LookupFlags: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Look names up as this C library or runtime does: glibc, musl or go.",
            discussion: "One unit of load is then a lookup with its search list, A and AAAA, repeats and time-outs."
        )
    )
    var lookup: LookupResolver?

    @Option(
        help: ArgumentHelp(
            "The resolver's settings; without, those of a pod in the namespace default.",
            valueName: "file"
        )
    )
    var resolvConf: String?

    @Option(help: ArgumentHelp("A domain of the search list, in place of the file's. Repeatable.", valueName: "domain"))
    var search: [String] = []

    @Option(help: ArgumentHelp("Dots from which a name is tried as it is, 0 to 15.", valueName: "count"))
    var ndots: Int?

    @Option(
        help: ArgumentHelp(
            "Further options of resolv.conf(5), such as \"timeout:5 attempts:2 rotate single-request use-vc\".",
            valueName: "options"
        )
    )
    var resolverOptions: String?

    @Option(
        help: ArgumentHelp(
            "A name server, in place of the file's or the target. Repeatable, three at most.",
            valueName: "address:port"
        )
    )
    var nameserver: [Endpoint] = []

    func validate() throws {
        if lookup == nil {
            for (isGiven, flag) in [
                (resolvConf != nil, "--resolv-conf"), (!search.isEmpty, "--search"), (ndots != nil, "--ndots"),
                (resolverOptions != nil, "--resolver-options"), (!nameserver.isEmpty, "--nameserver"),
            ] where isGiven {
                throw ValidationError("\(flag) says how names are looked up; it needs --lookup glibc, musl or go.")
            }
        }
        if let ndots, !(0...15).contains(ndots) { throw ValidationError("--ndots takes 0 to 15.") }
    }

    /// The queries that a lookup costs when nothing is lost: two for each domain of the search list, and two more; 1
    /// without lookups.
    var queriesPerLookup: Double {
        guard lookup != nil else { return 1 }
        let domains = search.isEmpty ? 3 : search.count
        return Double(2 * (domains + 1) * max(1, lookup == .musl ? nameserver.count : 1))
    }

    /// The keys of the load step.
    var stepLines: [String] {
        guard let lookup else { return [] }
        var lines = ["lookup:", "  resolver: \(lookup.rawValue)"]
        if let resolvConf { lines.append("  resolv-conf: \(ScenarioText.quoted(resolvConf))") }
        if !search.isEmpty { lines.append("  search: [\(search.map(ScenarioText.quoted).joined(separator: ", "))]") }
        if let ndots { lines.append("  ndots: \(ndots)") }
        if let resolverOptions { lines.append("  options: \(ScenarioText.quoted(resolverOptions))") }
        if !nameserver.isEmpty {
            let list = nameserver.map { ScenarioText.quoted($0.description) }.joined(separator: ", ")
            lines.append("  nameservers: [\(list)]")
        }
        return lines
    }
}

extension LookupResolver: ExpressibleByArgument {}

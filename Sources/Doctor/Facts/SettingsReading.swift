/// Settings of the kernel under /proc/sys, by their names without the folder.
package struct SettingsReading: Sendable {
    /// The words of each setting, or why there are none.
    package var values: [String: Reading<[Int]>]

    /// The names that the doctor reads.
    static let names = [
        "net/core/rmem_default", "net/core/rmem_max", "net/ipv4/udp_mem", "net/ipv4/ip_local_port_range",
        "net/ipv4/tcp_tw_reuse", "net/ipv4/vs/conntrack", "net/ipv4/vs/conn_reuse_mode",
        "net/ipv4/vs/expire_nodest_conn", "net/ipv4/vs/expire_quiescent_template",
    ]

    /// Settings from values, for tests.
    package init(_ values: [String: Reading<[Int]>]) { self.values = values }

    /// Reads the settings of the network namespace in which the calling thread is.
    static func take(roots: NodeRoots) -> SettingsReading {
        var values: [String: Reading<[Int]>] = [:]
        for name in names {
            let path = roots.settings + name
            values[name] = Reading { () throws(ProcError) in
                let line = try ProcFile.bytes(path, limit: 4_096).prefix { $0 != UInt8(ascii: "\n") }
                let words: [Int?] = ProcWords.split(line[...]).map { ProcWords.decimal($0) }
                guard !words.isEmpty, !words.contains(nil) else {
                    throw ProcError(path: path, reason: "holds no numbers")
                }
                return words.compactMap { $0 }
            }
        }
        return SettingsReading(values)
    }

    /// The first number of a setting.
    func number(_ name: String) -> Reading<Int> {
        switch values[name] {
        case .value(let words): words.first.map { .value($0) } ?? .unreadable("\(name) is empty")
        case .unreadable(let reason): .unreadable(reason)
        case nil: .unreadable("\(name) was not read")
        }
    }
}

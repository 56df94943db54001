package import DNSWire

/// A Corefile as CoreDNS reads it: server blocks, each with its zones, its port and its plugins.
///
/// Only what node-cache is built with is accepted, and each argument that decides an expectation is checked here, so
/// that a `Corefile` value is one that CoreDNS would start with.
package struct Corefile: Sendable {
    /// The file as the user named it.
    package let file: String
    /// The text as it was read.
    package let text: String
    /// The blocks in the order of the file; snippets are already replaced.
    package let serverBlocks: [ServerBlock]
}

/// One server block: `zone[:port] … { plugins }`.
package struct ServerBlock: Sendable {
    /// Line of the header, from 1.
    package let line: Int
    /// The zones of the header with their ports, CIDR notation already expanded into reverse zones.
    package let keys: [ZoneKey]
    /// The plugins in the order of the file.
    package let plugins: [Plugin]
    /// What `cache` says, or nil without the plugin.
    package let cache: CacheSettings?
    /// What each `forward` says, in the order of the file.
    package let forwards: [ForwardSettings]
    /// The addresses of `bind`; empty means every address of the node.
    package let bind: [IPAddress]
    /// The interface names of `bind`, whose addresses only the node knows.
    package let bindInterfaces: [String]
    /// Where `health` listens, or nil without the plugin.
    package let health: HealthSettings?
    /// Where `prometheus` listens, or nil without the plugin.
    package let prometheus: ListenAddress?
    /// How `reload` looks for changes, or nil without the plugin.
    package let reload: ReloadSettings?

    /// The zones of the header.
    package var zones: [DNSName] { keys.map(\.zone) }
    /// The port of the first zone.
    package var port: UInt16 { keys.first?.port ?? 53 }
    /// True with the `loop` plugin, which sends one HINFO probe at each start.
    package var detectsLoops: Bool { plugin("loop") != nil }
    /// True with the `errors` plugin.
    package var logsErrors: Bool { plugin("errors") != nil }

    /// The first plugin of that name.
    package func plugin(_ name: String) -> Plugin? { plugins.first { $0.name == name } }
}

/// A zone of a server block's header and the port on which it is served.
package struct ZoneKey: Hashable, Sendable {
    /// The zone in lower case.
    package let zone: DNSName
    /// 53 unless the header says otherwise.
    package let port: UInt16
}

/// A plugin line with its optional block.
package struct Plugin: Sendable, Hashable {
    /// The plugin's name.
    package let name: String
    /// Line of the name, from 1.
    package let line: Int
    /// The words after the name on its line.
    package let arguments: [String]
    /// The lines of its block.
    package let block: [CorefileLine]
}

/// A line inside a plugin's block, with the lines nested below it.
package struct CorefileLine: Sendable, Hashable {
    /// Line number, from 1.
    package let line: Int
    /// The words, at least one.
    package let words: [String]
    /// The lines of a nested block.
    package let block: [CorefileLine]
}

/// A `host:port` to listen on, in which the host may be missing.
package struct ListenAddress: Hashable, Sendable {
    /// The address, or nil for every address of the node.
    package let address: IPAddress?
    /// The port.
    package let port: UInt16

    package init(address: IPAddress?, port: UInt16) {
        self.address = address
        self.port = port
    }
}

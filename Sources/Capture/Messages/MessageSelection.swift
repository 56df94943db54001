package import DNSWire

/// Which messages of a capture are looked at; an empty list takes all.
package struct MessageSelection: Sendable, Equatable {
    private let names: [[UInt8]]
    private let zones: [[UInt8]]
    /// The clients whose queries are looked at.
    package let clients: Set<IPAddress>

    /// Takes questions for one of the names or below one of the zones, asked by one of the clients.
    package init(names: [DNSName] = [], zones: [DNSName] = [], clients: Set<IPAddress> = []) {
        self.names = names.map(\.lowercased.wire)
        self.zones = zones.map(\.lowercased.wire)
        self.clients = clients
    }

    /// Takes everything.
    var isEmpty: Bool { names.isEmpty && zones.isEmpty && clients.isEmpty }

    /// Whether a question's name, in wire form, is taken.
    func takes(name: RawSpan) -> Bool {
        guard !names.isEmpty || !zones.isEmpty else { return true }
        for wanted in names where wanted.count == name.byteCount && name.hasName(wanted, at: 0) { return true }
        guard !zones.isEmpty else { return false }
        var offset = 0
        while offset < name.byteCount {
            for zone in zones where zone.count == name.byteCount - offset && name.hasName(zone, at: offset) {
                return true
            }
            offset += 1 + Int(name.octet(offset))
        }
        return false
    }
}

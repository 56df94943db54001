/// A server that was asked.
package struct TargetRecord: Codable, Sendable, Equatable {
    /// The name that `load[].target` and the comparison use.
    package var name: String
    /// The address, without port.
    package var address: String
    /// The port.
    package var port: UInt16
    /// What it is to the run, such as `nodelocal`, `cluster` or `external`.
    package var role: String
    /// The version that it gave of itself, if any.
    package var version: String?

    /// Names a server.
    package init(name: String, address: String, port: UInt16, role: String, version: String? = nil) {
        self.name = name
        self.address = address
        self.port = port
        self.role = role
        self.version = version
    }
}

package import LinuxNet

/// What this program may see of the node.
package struct LookReading: Sendable, Hashable {
    /// The capabilities in effect.
    package var capabilities: Set<Capability>
    /// The mode of seccomp: 0 off, 1 strict, 2 a filter.
    package var seccomp: Int?

    /// A reading from parts, for tests.
    package init(capabilities: Set<Capability>, seccomp: Int? = 0) {
        self.capabilities = capabilities
        self.seccomp = seccomp
    }

    /// Reads the calling thread.
    static func take(roots: NodeRoots) -> LookReading {
        let status = (try? ProcFile.bytes(roots.proc + "/thread-self/status", limit: 65_536)) ?? []
        let line = status.split(separator: UInt8(ascii: "\n")).map { ProcWords.split($0) }
            .first { $0.first?.elementsEqual("Seccomp:".utf8) == true }
        return LookReading(
            capabilities: Privileges.effective(),
            seccomp: line.flatMap { $0.count > 1 ? ProcWords.decimal($0[1]) : nil }
        )
    }
}

package import DNSWire
package import SystemPackage

/// A system call that failed: what was attempted, the error number, and the address it concerned.
package struct NetError: Error, Equatable, Sendable, CustomStringConvertible {
    /// What was attempted, in words that follow "cannot", such as `connect TCP`.
    package let operation: String
    /// The error number that the kernel gave.
    package let errno: Errno
    /// The address concerned, where there is one.
    package let endpoint: Endpoint?
    /// The path or name concerned, where there is one.
    package let subject: String?

    /// Describes one failed call.
    package init(operation: String, errno: Errno, endpoint: Endpoint? = nil, subject: String? = nil) {
        self.operation = operation
        self.errno = errno
        self.endpoint = endpoint
        self.subject = subject
    }

    /// Describes one failed call by a plain error number, such as Glibc's `ECONNREFUSED`.
    package init(operation: String, code: Int32, endpoint: Endpoint? = nil, subject: String? = nil) {
        self.init(operation: operation, errno: Errno(rawValue: code), endpoint: endpoint, subject: subject)
    }

    /// The plain error number.
    package var code: Int32 { errno.rawValue }
    /// The time was up before the call could finish.
    package var isTimeout: Bool { errno == .timedOut }
    /// Nobody listens there: an ICMP "port unreachable", or a reset in place of an accepted connection.
    package var isConnectionRefused: Bool { errno == .connectionRefused }
    /// The peer ended the connection without a FIN.
    package var isConnectionReset: Bool { errno == .connectionReset || errno == .brokenPipe }
    /// A privilege is missing.
    package var isPermissionDenied: Bool { errno == .notPermitted || errno == .permissionDenied }

    /// One sentence: what failed, where, and why.
    package var description: String {
        var text = "cannot \(operation)"
        if let endpoint { text += " \(endpoint)" }
        if let subject { text += " \(subject)" }
        return "\(text): \(errno)"
    }
}

import CLinuxNet
import SystemPackage

/// A network namespace, kept alive by the descriptor that this object owns.
package final class NetworkNamespace: Sendable {
    /// The descriptor of the namespace's file; `/proc/<pid>/fd/<descriptor>` names it to other programs.
    package let descriptor: Int32

    /// Takes over an open namespace descriptor.
    package init(adopting descriptor: Int32) { self.descriptor = descriptor }

    /// Opens a namespace file, such as one under `/run/netns`.
    package init(path: String) throws(NetError) {
        descriptor = Int32(
            try SystemCall.run("open network namespace", subject: path) { clinuxnet_open_read_only(path) }
        )
    }

    /// Opens the namespace of a running process.
    package convenience init(processID: Int32) throws(NetError) {
        try self.init(path: "/proc/\(processID)/ns/net")
    }

    deinit { _ = clinuxnet_close(descriptor) }

    /// The namespace of the calling thread.
    package static func current() throws(NetError) -> NetworkNamespace {
        try NetworkNamespace(path: "/proc/thread-self/ns/net")
    }

    /// Makes an empty namespace with its loopback interface up; needs CAP_SYS_ADMIN.
    ///
    /// It is anonymous: it goes when the last descriptor, process and thread that holds it goes.
    package static func create() throws(NetError) -> NetworkNamespace {
        do {
            return try Threads.runBlocking(name: "netns-create") {
                try SystemCall.run("make a network namespace") { clinuxnet_unshare(Int32(CLINUXNET_NEWNET)) }
                try SystemCall.run("raise interface", subject: "lo") { clinuxnet_interface_up("lo") }
                return try NetworkNamespace.current()
            }
        } catch let error as NetError {
            throw error
        } catch {
            throw NetError(operation: "make a network namespace", errno: .notPermitted)
        }
    }

    /// Whether two objects hold the same namespace.
    package func isSame(as other: NetworkNamespace) -> Bool {
        clinuxnet_same_file(descriptor, other.descriptor) == 1
    }

    /// Moves the calling thread into this namespace for good; for threads that end afterwards.
    package func enter() throws(NetError) {
        try SystemCall.run("enter a network namespace") {
            clinuxnet_setns(descriptor, Int32(CLINUXNET_NEWNET))
        }
    }

    /// Runs `body` on a short-lived thread inside this namespace and waits for it.
    ///
    /// Sockets that `body` makes and returns stay in this namespace wherever they are used afterwards.
    package func perform<T: ~Copyable>(_ body: @escaping @Sendable () throws -> sending T) throws -> sending T {
        try Threads.runBlocking(name: "netns", namespace: self, body: body)
    }
}

import DNSWire
import Glibc
import LinuxNet

/// The namespaces of a lab, set up and ready for servers.
struct LabNetwork: Sendable {
    /// Where clients run.
    let pod: NetworkNamespace
    /// Where the cache runs.
    let node: NetworkNamespace
    /// Where the cluster DNS and the external upstream run.
    let cluster: NetworkNamespace
    /// Whether Service addresses are rewritten to endpoints; if not, the cluster DNS itself binds them.
    let rewritesServices: Bool
    /// Whether the namespaces are the lab's own and have to be entered.
    let isSeparate: Bool

    /// A path by which other programs can enter a namespace, valid as long as this process lives.
    func path(of namespace: NetworkNamespace) -> String? {
        isSeparate ? "/proc/\(getpid())/fd/\(namespace.descriptor)" : nil
    }

    /// A kernel setting of a namespace; `name` is a path below `/proc/sys/net/ipv4`.
    static func setting(_ name: String, in namespace: NetworkNamespace) throws(LabError) -> String {
        do {
            return try namespace.perform { ProcText.read("/proc/sys/net/ipv4/\(name)") }
        } catch {
            throw .system(operation: "read kernel parameters of a lab namespace", reason: "\(error)")
        }
    }

    /// Writes kernel settings of a namespace; `settings` are paths below `/proc/sys/net/ipv4`.
    ///
    /// A setting that this kernel does not have is passed over.
    static func set(_ settings: [String: String], in namespace: NetworkNamespace) throws(LabError) {
        do {
            try namespace.perform {
                for (name, value) in settings {
                    let file = open("/proc/sys/net/ipv4/\(name)", O_WRONLY | O_CLOEXEC)
                    guard file >= 0 else { continue }
                    _ = Array(value.utf8).withUnsafeBytes { write(file, $0.baseAddress, $0.count) }
                    close(file)
                }
            }
        } catch {
            throw .system(operation: "set kernel parameters of a lab namespace", reason: "\(error)")
        }
    }
}

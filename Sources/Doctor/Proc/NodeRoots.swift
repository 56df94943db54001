/// Where the node's /proc and /sys are mounted, so that a pod can look through `/host/proc` and a test at a folder.
package struct NodeRoots: Sendable, Hashable {
    /// The folder that stands for /proc, without a slash at its end.
    package var proc: String
    /// The folder that stands for /sys, without a slash at its end.
    package var sys: String

    /// `/proc` and `/sys` unless said otherwise.
    package init(proc: String = "/proc", sys: String = "/sys") {
        self.proc = proc
        self.sys = sys
    }

    /// The tables of the calling thread's network namespace, with a slash at the end.
    var network: String { proc + "/thread-self/net/" }
    /// The settings of the kernel, with a slash at the end.
    var settings: String { proc + "/sys/" }

    /// The folder of a process, with a slash at the end.
    func process(_ processID: Int32) -> String { "\(proc)/\(processID)/" }
}

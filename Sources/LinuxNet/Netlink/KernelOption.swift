import CLinuxNet
import Glibc

/// Options of a raw IPv4 socket by which netfilter tells its tables; they only read.
package struct KernelOption: ~Copyable {
    private let descriptor: OwnedDescriptor

    /// Opens a socket in the calling thread's network namespace; needs CAP_NET_RAW.
    package init() throws(NetError) {
        descriptor = OwnedDescriptor(
            adopting: Int32(try SystemCall.run("open a raw socket") { clinuxnet_raw_socket() })
        )
    }

    /// Reads an option into `bytes`, which carry the question; the kernel asks for CAP_NET_ADMIN.
    package func read(_ option: Int32, _ bytes: inout [UInt8]) throws(NetError) {
        var count = UInt32(bytes.count)
        let fd = descriptor.rawValue
        try SystemCall.run("read socket option", subject: "\(option)") {
            clinuxnet_ip_option(fd, option, &bytes, &count)
        }
        if Int(count) < bytes.count { bytes.removeLast(bytes.count - Int(count)) }
    }
}

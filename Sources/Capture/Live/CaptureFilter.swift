/// The kernel's filter; roles are told apart in user space, so that new endpoints need no new filter.
enum CaptureFilter {
    /// An expression that lets DNS ports, later fragments and ICMP errors through.
    static func expression(ports: [UInt16]) -> String {
        let ports = ports.map { "port \($0)" }.joined(separator: " or ")
        return "\(ports) or (ip[6:2] & 0x1fff != 0) or ip6 proto 44 or icmp or icmp6"
    }
}

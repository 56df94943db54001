import DNSWire
import LinuxNet

extension LaneContext {
    /// A connected UDP socket for this lane's port of that number, with stamps and an error queue.
    func udpSocket(_ number: Int) throws(NetError) -> UDPSocket {
        let socket = try UDPSocket(family: plan.target.address.family)
        if let local = localEndpoint(number) {
            try socket.bind(to: local)
        }
        try socket.connect(to: plan.target)
        try socket.setReceiveBuffer(bytes: plan.receiveBufferBytes)
        try socket.enableSampledTimestamps()
        try socket.enableErrorQueue()
        try socket.skipPathMTU()
        plan.sourceLog?.add(try socket.localEndpoint)
        return socket
    }

    /// Where this lane's socket of that number is bound; `nil` leaves it to the kernel.
    func localEndpoint(_ number: Int) -> Endpoint? {
        guard !plan.sources.isFree else { return nil }
        // Lanes take sockets in turn, so that no two have the same.
        return plan.sources.endpoint(number * plan.threads + lane, family: plan.target.address.family.anyAddress)
    }
}

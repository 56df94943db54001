import DNSWire
import LinuxNet
import NodeLocal

/// Fetches one page of the node.
struct PageProbe: Sendable {
    /// Where the page is served.
    let server: Endpoint
    /// The path, beginning with `/`.
    let path: String
    /// Time for the whole exchange.
    let timeoutNanoseconds: Int64

    private static let maximumBytes = 8 << 20

    /// Fetches the page from inside a network namespace.
    func fetch(namespace: NetworkNamespace?) async -> PageReading {
        let (server, timeout) = (server, timeoutNanoseconds)
        do {
            let descriptor = try await Threads.run(name: "doctor-page", namespace: namespace) {
                try TCPStream.connect(to: server, timeoutNanoseconds: timeout).release()
            }
            let reply = try await HTTPFetch.get(
                descriptor: descriptor,
                host: server.description,
                path: path,
                timeoutNanoseconds: timeout,
                maximumBytes: Self.maximumBytes
            )
            return .reply(reply)
        } catch {
            return .unreachable("\(error)")
        }
    }
}

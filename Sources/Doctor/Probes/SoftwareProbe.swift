package import DNSWire
import LinuxNet

/// Asks a server what it is: TXT `version.bind` of class CH, the custom of name servers since BIND (RFC 4892 section 2).
package struct SoftwareProbe: Sendable {
    private let server: Endpoint
    private let timeoutNanoseconds: Int64

    /// A probe of one server, which is asked once over UDP.
    package init(server: Endpoint, timeoutNanoseconds: Int64) {
        self.server = server
        self.timeoutNanoseconds = timeoutNanoseconds
    }

    /// Asks on the calling thread, in its network namespace; the reading is the first string of the answer, cut at 64
    /// octets, or why there is none.
    package func ask() -> Reading<String> {
        do {
            return try outcome()
        } catch {
            return .unreadable("\(error)")
        }
    }

    private func outcome() throws -> Reading<String> {
        let socket = try UDPSocket(connectedTo: server)
        let question = Question(name: try DNSName("version.bind."), type: .txt, class: .ch)
        let query = Message(id: UInt16.random(in: 0...UInt16.max), questions: [question])
        try socket.send(try query.encode())
        let deadline = Clock.deadline(after: timeoutNanoseconds)
        var buffer = [UInt8](repeating: 0, count: 4_096)
        while true {
            let left = deadline - Clock.monotonicNanoseconds()
            guard left > 0, let datagram = try socket.receive(into: &buffer, timeoutNanoseconds: left) else {
                return .unreadable("it does not say what it is: no answer")
            }
            guard let reply = try? Message(decoding: Array(buffer[..<datagram.count])), reply.flags.isResponse,
                reply.id == query.id
            else { continue }
            for record in reply.answers where record.class == .ch {
                guard case .txt(let strings) = record.data, let text = strings.first, !text.isEmpty else { continue }
                return .value(String(decoding: text.prefix(64), as: UTF8.self))
            }
            return .unreadable("it does not say what it is: \(reply.rcode)")
        }
    }
}

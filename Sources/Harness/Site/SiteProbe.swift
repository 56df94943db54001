package import DNSWire
package import LinuxNet
package import NodeLocal
import Scenario

/// Short looks at a site before anything is measured.
package enum SiteProbe {
    /// Asks each target one question, three times at most over UDP, once over TCP.
    ///
    /// - Parameters:
    ///   - namespace: where the questions come from; nil for the namespace of the process.
    ///   - overTCP: ask over TCP, as nothing else will be used.
    /// - Throws: ``Failure`` with ``ExitStatus/unreachable`` naming the target that gave no answer at all.
    package static func requireAnswers(
        _ site: Site,
        from namespace: NetworkNamespace?,
        overTCP: Bool,
        stop: StopFlag
    ) async throws {
        for target in site.targets {
            let name = site.names[.service]?.first ?? .root
            let reason = try await Threads.run(name: "probe", namespace: namespace) {
                overTCP
                    ? tcpFailure(target.endpoint, name: name)
                    : answerFailure(target.endpoint, name: name, stop: stop)
            }
            guard let reason, !stop.isRaised else { continue }
            throw Failure(
                .unreachable,
                "\(target.name) at \(target.endpoint) gives no answer over \(overTCP ? "TCP" : "UDP") (\(reason)); is it running, and is this "
                    + "the right address?"
            )
        }
    }

    private static func tcpFailure(_ endpoint: Endpoint, name: DNSName) -> String? {
        do {
            let stream = try TCPStream.connect(to: endpoint, timeoutNanoseconds: 3_000_000_000)
            let query = Message.query(id: UInt16.random(in: 0...UInt16.max), name: name, type: .a)
            guard let frame = TCPFrame.wrap(try query.encode()) else { return "the query is too long" }
            try stream.send(frame)
            let reply = try stream.receive(exactly: 4, timeoutNanoseconds: 3_000_000_000)
            return reply == nil ? "no reply within 3 s" : nil
        } catch {
            return "\(error)"
        }
    }

    /// One answer to a question, or why there was none.
    private static func answerFailure(_ endpoint: Endpoint, name: DNSName, stop: StopFlag) -> String? {
        do {
            let socket = try UDPSocket(connectedTo: endpoint)
            var reason = "3 queries, 1 s each, no reply"
            for attempt in 0..<3 where !stop.isRaised {
                let query = Message.query(id: UInt16.random(in: 0...UInt16.max), name: name, type: .a)
                do {
                    try socket.send(try query.encode())
                    // Whether the answer is right is for the checks to say; here it is enough that there is one.
                    if try socket.receive(timeoutNanoseconds: 1_000_000_000) != nil { return nil }
                } catch let error as NetError {
                    reason = error.description
                    if attempt < 2 { Clock.sleep(untilMonotonic: Clock.deadline(after: 200_000_000)) }
                }
            }
            return reason
        } catch {
            return "\(error)"
        }
    }

    /// Reads the CoreDNS version from the metrics page; nil when there is no page or it does not tell.
    package static func version(_ site: Site) async -> CoreDNSVersion? {
        guard let metrics = site.metrics, let page = try? await page(metrics, site: site) else { return nil }
        return page.coreDNSVersion
    }

    /// Fetches and parses the metrics page in the node's namespace.
    package static func page(_ endpoint: Endpoint, site: Site) async throws -> MetricsPage {
        let descriptor = try await Threads.run(name: "http", namespace: site.nodeNamespace) {
            try TCPStream.connect(to: endpoint, timeoutNanoseconds: 2_000_000_000).release()
        }
        let reply = try await HTTPFetch.get(
            descriptor: descriptor,
            host: endpoint.description,
            path: "/metrics",
            timeoutNanoseconds: 5_000_000_000,
            maximumBytes: 16 << 20
        )
        return try MetricsPage.parse(reply.body)
    }
}

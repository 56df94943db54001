import Capture
import DNSWire
import Foundation
import Glibc
import Harness
import LinuxNet
import Testing

@testable import Lab

/// Situations staged on real wires: each has one right answer, and shows that its fault fired.
@Suite(
    "What a capture makes of staged situations",
    .serialized,
    .enabled(if: LabFixture.isPossible, Comment(rawValue: LabFixture.obstacle ?? "")),
    .timeLimit(.minutes(2))
)
struct CaptureSituationTests {
    /// A lab with a capture on all of the node's interfaces.
    struct Stage {
        let lab: Lab
        let site: Site
        let capture: LiveCapture

        var zones: [ProofZone] { site.proofZones }

        /// Asks once and waits for the answer; nil when none came.
        @discardableResult
        func ask(
            _ name: String,
            _ type: RecordType = .a,
            over transport: DNSTransport = .udp,
            at target: Endpoint? = nil,
            in namespace: NetworkNamespace? = nil,
            timeoutNanoseconds: Int64 = 3_000_000_000
        ) throws -> Message? {
            let query = try Message.query(id: .random(in: 0...0xFFFF), name: try DNSName(name), type: type).encode()
            let target = target ?? lab.cacheEndpoint
            let reply: [UInt8]? = try (namespace ?? lab.pod).perform {
                guard transport == .tcp else {
                    let socket = try UDPSocket(connectedTo: target)
                    try socket.send(query)
                    return try socket.receive(timeoutNanoseconds: timeoutNanoseconds)?.bytes
                }
                let stream = try TCPStream.connect(to: target, timeoutNanoseconds: timeoutNanoseconds)
                try stream.send(TCPFrame.wrap(query) ?? [])
                guard let prefix = try stream.receive(exactly: 2, timeoutNanoseconds: timeoutNanoseconds) else {
                    return nil
                }
                let length = Int(prefix[0]) << 8 | Int(prefix[1])
                return try stream.receive(exactly: length, timeoutNanoseconds: timeoutNanoseconds)
            }
            return try reply.map { try Message(decoding: $0) }
        }

        /// Asks for many names, some dozens in flight; how many were answered.
        func askMany(_ names: [String]) throws -> Int {
            let messages = try names.enumerated().map {
                try Message.query(id: UInt16($0.offset & 0xFFFF), name: try DNSName($0.element), type: .a).encode()
            }
            return try lab.pod.perform {
                let socket = try UDPSocket(connectedTo: lab.cacheEndpoint)
                var answered = 0
                var sent = 0
                while answered < messages.count {
                    while sent < messages.count, sent - answered < 32 {
                        try socket.send(messages[sent])
                        sent += 1
                    }
                    guard try socket.receive(timeoutNanoseconds: 3_000_000_000) != nil else { break }
                    answered += 1
                }
                return answered
            }
        }

        func wait(milliseconds: Int64) {
            Clock.sleep(untilMonotonic: Clock.monotonicNanoseconds() + milliseconds * 1_000_000)
        }
    }

    /// Runs `body` in a lab and gives what the capture saw; its identities hold whatever was done.
    private static func capture(
        _ options: LabOptions = LabFixture.options(),
        settings: LiveSettings = LiveSettings(),
        change: (inout CaptureOptions) -> Void = { _ in },
        _ body: (Stage) throws -> Void
    ) async throws -> CaptureResult {
        var found: CaptureResult?
        try await LabFixture.withLab(options) { lab in
            let site = try Site.lab(lab)
            var looked = CaptureOptions(roles: site.roles, zones: site.proofZones)
            change(&looked)
            let capture = try LiveCapture(namespace: lab.node, options: looked, settings: settings)
            try capture.start()
            try body(Stage(lab: lab, site: site, capture: capture))
            await capture.flush()
            found = try capture.stop()
        }
        let result = try #require(found)
        #expect(result.report.isBalanced, "\(result.report.accounting)")
        #expect(result.ledger.isBalanced, "\(result.ledger)")
        return result
    }

    private static func options(_ defects: CacheDefect...) -> LabOptions {
        var options = LabFixture.options()
        options.defects = defects
        return options
    }

    private static func names(_ count: Int, _ directive: String = "ttl-300") -> [String] {
        (0..<count).map { "n\($0).\(directive).script.cluster.local" }
    }

    private static func proof(_ id: String, _ result: CaptureResult) throws -> Proof {
        let proofs = result.observation.forceTCP + result.observation.cache
        return try #require(proofs.first { $0.id == "\(id):cluster.local." })
    }

    @Test("Misses over TCP only, whatever topology translates: proven", arguments: [LabTopology.ipvs, .iptables])
    func onlyTCP(topology: LabTopology) async throws {
        let result = try await Self.capture(LabFixture.options(topology)) { stage in
            for name in Self.names(10) { try stage.ask(name) }
            try stage.ask("n0.ttl-300.script.cluster.local", over: .tcp)
        }
        #expect(result.ledger.clientQueries == 11 && result.ledger.misses == 10 && result.ledger.hits == 1)
        let proof = try Self.proof("force-tcp", result)
        #expect(proof.verdict == .proven, "\(proof.reason)")
        // The wire shows endpoints and the node's address: the cluster DNS IP is translated before it.
        #expect(proof.evidence.allSatisfy { $0.text.contains(" 172.18.0.2:") && !$0.text.contains("10.96.0.10") })
        #expect(result.findings.connections.queries == 10)
    }

    @Test("One query over UDP among 10,000: violated, with that frame")
    func oneOverUDP() async throws {
        let result = try await Self.capture { stage in
            let answered = try stage.askMany(Self.names(10_000))
            #expect(answered == 10_000)
            let endpoint = try #require(stage.lab.endpoints.first)
            let reply = try stage.ask("n5000.ttl-300.script.cluster.local", at: endpoint, in: stage.lab.node)
            #expect(reply != nil, "the fault fired")
        }
        #expect(result.report.losses.isEmpty && result.ledger.upstreamTCP == 10_000)
        let proof = try Self.proof("force-tcp", result)
        #expect(proof.verdict == .violated && proof.evidence.count == 1, "\(proof.reason)")
        #expect(proof.evidence.first?.text.contains("UDP 172.18.0.2:") == true)
    }

    @Test("A cache that ignores force_tcp: violated")
    func upstreamUDP() async throws {
        let result = try await Self.capture(Self.options(.upstreamUDP)) { stage in
            for name in Self.names(5) { try stage.ask(name) }
        }
        #expect(result.findings.forcedQueriesOverUDP == 5)
        #expect(try Self.proof("force-tcp", result).verdict == .violated)
    }

    @Test("Health checks over UDP, as an old CoreDNS sends them: counted and excused")
    func healthChecks() async throws {
        let result = try await Self.capture { stage in
            for name in Self.names(5) { try stage.ask(name) }
            let endpoint = try #require(stage.lab.endpoints.first)
            for _ in 0..<3 { try stage.ask(".", .ns, at: endpoint, in: stage.lab.node) }
        }
        #expect(result.ledger.healthChecks == 3)
        #expect(try Self.proof("force-tcp", result).verdict == .proven)
    }

    @Test("A second DNS client on the node that asks by UDP: inconclusive, with its frames")
    func otherClient() async throws {
        let result = try await Self.capture { stage in
            for name in Self.names(5) { try stage.ask(name) }
            let endpoint = try #require(stage.lab.endpoints.first)
            try stage.ask("other.ttl-30.script.cluster.local", at: endpoint, in: stage.lab.node)
        }
        let proof = try Self.proof("force-tcp", result)
        #expect(proof.verdict == .inconclusive && proof.evidence.count == 1, "\(proof.reason)")
        #expect(result.ledger.orphans == 1)
    }

    @Test("An idle cache: inconclusive, nothing is made up")
    func idle() async throws {
        let result = try await Self.capture { stage in stage.wait(milliseconds: 200) }
        #expect(result.ledger.clientQueries == 0)
        #expect(try Self.proof("force-tcp", result).verdict == .inconclusive)
        #expect(try Self.proof("cache", result).verdict == .inconclusive)
    }

    @Test("Endpoints unknown: unprovable")
    func endpointsUnknown() async throws {
        let result = try await Self.capture(
            change: { options in
                options.roles.endpoints = []
                for index in options.zones.indices { options.zones[index].upstreamAddresses = [] }
            },
            { stage in for name in Self.names(5) { try stage.ask(name) } }
        )
        #expect(try Self.proof("force-tcp", result).verdict == .unprovable)
    }

    @Test("A ring that overflows: inconclusive, and the drops are told")
    func captureDrops() async throws {
        var settings = LiveSettings()
        settings.bufferBytes = 4_096
        let result = try await Self.capture(settings: settings) { stage in
            _ = try stage.askMany(Self.names(200))
            _ = try stage.askMany((0..<40_000).map { "n\($0 % 200).ttl-300.script.cluster.local" })
        }
        #expect(result.report.losses.kernelDrops > 0, "the fault fired")
        #expect(try Self.proof("force-tcp", result).verdict == .inconclusive)
        #expect(try Self.proof("cache", result).verdict == .inconclusive)
    }

    /// Fills, hits while fresh, hits after two seconds, and asks again after a denial's end.
    private static func exercise(_ stage: Stage) throws {
        let names = ["a.ttl-300", "b.ttl-300", "c.rcode-nxdomain.soattl-300"].map { "\($0).script.cluster.local" }
        for _ in 0..<2 { for name in names { try stage.ask(name) } }
        stage.wait(milliseconds: 2_300)
        for name in names { try stage.ask(name) }
    }

    @Test("A sound cache: proven, every query a hit or a miss")
    func soundCache() async throws {
        let result = try await Self.capture { try Self.exercise($0) }
        #expect(result.ledger.misses == 3 && result.ledger.hits == 6)
        let proof = try Self.proof("cache", result)
        #expect(proof.verdict == .proven, "\(proof.reason)")
    }

    @Test(
        "No cache, a TTL that stands still, denials that expire early: violated, each for its own reason",
        arguments: [
            (CacheDefect.noCache, "went upstream within their TTL"), (.ttlFrozen, "does not fit their age"),
            (.noNegativeCache, "went upstream within their TTL"), (.ttlUncapped, "above the cap"),
        ]
    )
    func unsoundCache(defect: CacheDefect, reason: String) async throws {
        let result = try await Self.capture(Self.options(defect)) { try Self.exercise($0) }
        let proof = try Self.proof("cache", result)
        #expect(proof.verdict == .violated && proof.reason.contains(reason), "\(proof.reason)")
        #expect(!proof.evidence.isEmpty)
    }

    @Test("Answers from an entry that has expired: violated, and counted as stale")
    func stale() async throws {
        let result = try await Self.capture(Self.options(.servesExpired)) { stage in
            try stage.ask("a.ttl-5.script.cluster.local")
            stage.wait(milliseconds: 7_200)
            try stage.ask("a.ttl-5.script.cluster.local")
        }
        #expect(result.ledger.stale == 1, "\(result.ledger)")
        let proof = try Self.proof("cache", result)
        #expect(proof.verdict == .violated && proof.reason.contains("after they had expired"), "\(proof.reason)")
    }

    @Test("A pod that asks the cluster DNS IP: counted as bypass, and the cache keeps its proof")
    func bypass() async throws {
        let result = try await Self.capture { stage in
            for name in Self.names(5) { try stage.ask(name) }
            for name in Self.names(7, "ttl-30") { try stage.ask(name, at: stage.lab.clusterDNS) }
        }
        #expect(result.ledger.bypassQueries == 7 && result.ledger.clientQueries == 5)
        #expect(result.findings.bypass.clients.first?.queries == 7)
        #expect(result.findings.faults.count(.bypass) == 7)
        #expect(try Self.proof("force-tcp", result).verdict == .proven)
    }

    @Test("A masquerade that changes ports: a pod past the cache is no upstream query of the cache's")
    func masquerade() async throws {
        let result = try await Self.capture { stage in
            let endpoints = stage.lab.endpoints.map(\.address.description).joined(separator: ", ")
            let rules = """
                table ip situation {
                    chain translate {
                        type nat hook postrouting priority srcnat - 1; policy accept;
                        ip daddr { \(endpoints) } th dport 53 counter masquerade random
                    }
                }
                """
            try Self.nft(["-f", "-"], input: rules, in: stage.lab.node)
            for name in Self.names(5) { try stage.ask(name) }
            for name in Self.names(7, "ttl-30") { try stage.ask(name, at: stage.lab.clusterDNS) }
            let counted = try Self.nft(["list", "table", "ip", "situation"], in: stage.lab.node)
            // A flow of its own for each query of the pod; the cache keeps the connections that it has.
            let packets = counted.split(separator: " ").drop { $0 != "packets" }.dropFirst().first.flatMap { Int($0) }
            #expect((packets ?? 0) >= 7, "the fault fired: \(counted)")
        }
        #expect(result.ledger.bypassQueries == 7 && result.ledger.clientQueries == 5, "\(result.ledger)")
        #expect(result.ledger.misses == 5 && result.ledger.orphans == 0 && result.ledger.upstreamTCP == 5)
        let bypassing = result.records.filter { !$0.isResponse && $0.side == .bypass }
        let own = Set(bypassing.filter { $0.source.address == LabLayout.pod }.map(\.source.port))
        let translated = Set(bypassing.filter { $0.source.address != LabLayout.pod }.map(\.source.port))
        #expect(own.count > 1 && translated.count > 1 && own != translated, "\(own) \(translated)")
        #expect(try Self.proof("force-tcp", result).verdict == .proven)
    }

    @Test("An upstream query that no client waits for, within the TTL: a prefetch, and no violation")
    func prefetch() async throws {
        let result = try await Self.capture { stage in
            let name = "p.ttl-300.script.cluster.local"
            try stage.ask(name)
            let endpoint = try #require(stage.lab.endpoints.first)
            let reply = try stage.ask(name, over: .tcp, at: endpoint, in: stage.lab.node)
            #expect(reply != nil, "the fault fired")
            for other in Self.names(4) { try stage.ask(other) }
        }
        #expect(result.ledger.prefetches == 1 && result.ledger.orphans == 0, "\(result.ledger)")
        #expect(try Self.proof("force-tcp", result).verdict == .proven)
        #expect(try Self.proof("cache", result).verdict != .violated)
    }

    /// Runs nft in a namespace and gives what it prints.
    @discardableResult
    private static func nft(_ arguments: [String], input: String = "", in namespace: NetworkNamespace) throws -> String
    {
        try namespace.perform {
            let process = Process()
            process.executableURL = URL(fileURLWithPath: try LabTool.nft.find())
            process.arguments = arguments
            let (standardInput, standardOutput) = (Pipe(), Pipe())
            process.standardInput = standardInput
            process.standardOutput = standardOutput
            try process.run()
            standardInput.fileHandleForWriting.write(Data(input.utf8))
            try standardInput.fileHandleForWriting.close()
            let text = String(decoding: standardOutput.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
            process.waitUntilExit()
            #expect(process.terminationStatus == 0, "nft \(arguments)")
            return text
        }
    }

    @Test("Many at once for one name that nobody has: the stampede is as large as it was")
    func stampede() async throws {
        let result = try await Self.capture { stage in
            let names = [String](repeating: "s.stall-300ms.ttl-30.script.cluster.local", count: 20)
            let answered = try stage.askMany(names)
            #expect(answered == 20)
        }
        #expect(result.ledger.clientQueries == 20 && result.ledger.largestStampede == result.ledger.upstreamQueries)
        #expect(result.ledger.misses + result.ledger.coalesced == 20, "\(result.ledger)")
        #expect(result.ledger.misses == result.ledger.upstreamQueries)
    }

    @Test("A connection for each query is told as such, kept connections are not", arguments: [true, false])
    func connectionPerQuery(isDefect: Bool) async throws {
        let options = isDefect ? Self.options(.upstreamConnectionPerQuery) : LabFixture.options()
        let result = try await Self.capture(options) { stage in
            for name in Self.names(8) { try stage.ask(name) }
            stage.wait(milliseconds: 100)
        }
        #expect(result.findings.connections.queries == 8)
        #expect((result.findings.faults.count(.connectionPerQuery) > 0) == isDefect)
    }

    @Test("Truncated over UDP, then asked again over TCP: a fault told once, and the second is a hit")
    func truncated() async throws {
        let result = try await Self.capture { stage in
            let name = "t.count-200.script.cluster.local"
            let short = try #require(try stage.ask(name))
            #expect(short.flags.isTruncated, "the fault fired")
            let whole = try stage.ask(name, over: .tcp)
            #expect(whole?.answers.count == 200)
        }
        #expect(result.findings.faults.count(.truncated) == 1)
        #expect(result.ledger.misses == 1 && result.ledger.hits + result.ledger.warmHits == 1, "\(result.ledger)")
    }

    @Test("An upstream that resets the connection: told with its frame")
    func upstreamReset() async throws {
        let result = try await Self.capture { stage in
            try stage.ask("r.reset.script.cluster.local", timeoutNanoseconds: 4_000_000_000)
        }
        #expect(result.findings.faults.count(.connectionReset) > 0)
        #expect(result.findings.connections.resetByServer > 0)
    }

    @Test("An upstream that is silent: laid at its door, not at the cache's")
    func upstreamSilent() async throws {
        let result = try await Self.capture { stage in
            try stage.ask("q.silent.script.cluster.local", timeoutNanoseconds: 1_200_000_000)
        }
        #expect(result.ledger.upstreamUnanswered > 0)
        #expect(
            result.findings.faults.count(.upstreamSilent) == 1,
            "\(result.ledger) \(result.findings.faults.seen.map { "\($0) \(result.findings.faults.count($0))" })"
        )
        #expect(result.findings.faults.count(.queryLost) == 0)
    }

}

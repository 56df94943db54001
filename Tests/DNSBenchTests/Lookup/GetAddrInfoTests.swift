import DNSWire
import Foundation
import LinuxNet
import Testing

@testable import DNSBench

/// The C library of this machine as the judge of our model of it.
@Suite("Our glibc against the real one", .serialized, .enabled(if: getuid() == 0, "private namespaces need root"))
struct GetAddrInfoTests {
    /// One situation in which both look a name up.
    struct Situation: Sendable, CustomStringConvertible {
        let description: String
        let name: String
        var search = "default.svc.cluster.local svc.cluster.local cluster.local"
        var options = "ndots:5"
        var servers = 1
        let reply: @Sendable (Int, ServerQuestion) -> ServerReply
    }

    private static let external: @Sendable (Int, ServerQuestion) -> ServerReply = { _, question in
        question.name.hasSuffix(".cluster.local.") ? .nameError : .address
    }

    static let situations: [Situation] = [
        Situation(description: "an external name with ndots:5", name: "www.example.com", reply: external),
        Situation(description: "a service by its short name", name: "db") { _, question in
            question.name.hasPrefix("db.default.") && question.type == 1 ? .address : .noData
        },
        Situation(description: "a service without IPv6", name: "db.prod") { _, question in
            question.name != "db.prod.svc.cluster.local." ? .nameError : question.type == 1 ? .address : .noData
        },
        Situation(description: "a name that is nowhere", name: "nowhere.test") { _, _ in .nameError },
        Situation(description: "enough dots", name: "a.b.test", search: "x.test y.test", options: "ndots:2") { _, _ in
            .nameError
        },
        Situation(description: "ndots:0", name: "single", search: "x.test", options: "ndots:0") { _, _ in .nameError },
        Situation(description: "a dot at the end", name: "db.") { _, _ in .nameError },
        Situation(description: "the root on the search list", name: "db", search: ". x.test") { _, _ in .nameError },
        Situation(description: "no data anywhere", name: "db", search: "x.test y.test") { _, _ in .noData },
        Situation(description: "no host name", name: "a*b.test") { _, _ in .address },
        Situation(
            description: "single-request",
            name: "www.example.com",
            options: "ndots:5 single-request",
            reply: external
        ),
        Situation(
            description: "single-request-reopen",
            name: "www.example.com",
            options: "ndots:5 single-request-reopen",
            reply: external
        ),
        Situation(description: "no-aaaa", name: "www.example.com", options: "ndots:5 no-aaaa", reply: external),
        Situation(
            description: "EDNS and AD",
            name: "www.example.com",
            options: "ndots:1 edns0 trust-ad",
            reply: external
        ),
        Situation(description: "a truncated A", name: "db", search: "x.test") { _, question in
            question.isTCP ? .address : question.type == 1 ? .truncated : .address
        },
        Situation(description: "use-vc", name: "db.a", search: "x.test", options: "ndots:5 use-vc") { _, question in
            question.name == "db.a." ? .address : .nameError
        },
        Situation(description: "SERVFAIL from everybody", name: "db.a", search: "x.test y.test") { _, _ in
            .serverFailure
        },
        Situation(description: "SERVFAIL in one domain", name: "db.a", search: "x.test y.test") { _, question in
            question.name.hasSuffix(".x.test.") ? .serverFailure : .address
        },
        Situation(description: "SERVFAIL for AAAA alone", name: "db.a", search: "x.test") { _, question in
            question.type == 28 ? .serverFailure : .address
        },
        Situation(description: "SERVFAIL for A alone", name: "db.a", search: "x.test") { _, question in
            question.type == 1 ? .serverFailure : .address
        },
        Situation(description: "REFUSED in the search list", name: "db.a", search: "x.test y.test") { _, question in
            question.name == "db.a." ? .address : .refused
        },
        Situation(
            description: "SERVFAIL from the first of two servers",
            name: "www.example.com",
            servers: 2,
            reply: { server, question in server == 0 ? .serverFailure : external(server, question) }
        ),
        Situation(
            description: "single-request and SERVFAIL from the first of two servers",
            name: "db.",
            options: "single-request",
            servers: 2,
            reply: { server, _ in server == 0 ? .serverFailure : .address }
        ),
        Situation(
            description: "silence from the first of two servers",
            name: "db.",
            options: "timeout:1",
            servers: 2,
            reply: { server, _ in server == 0 ? .silence : .address }
        ),
        Situation(description: "the second datagram of a port is lost", name: "db.", options: "timeout:1") {
            _,
            question in
            question.place == 1 ? .silence : .address
        },
        Situation(description: "AAAA is never answered", name: "db.", options: "timeout:1") { _, question in
            question.type == 28 ? .silence : .address
        },
        Situation(
            description: "silence in the search list",
            name: "db.a",
            search: "x.test y.test",
            options: "ndots:5 timeout:1 attempts:1"
        ) { _, question in
            question.name == "db.a." ? .address : .silence
        },
    ]

    @Test("Both ask the same questions in the same order from ports that are alike", arguments: situations)
    func sameQuestions(_ situation: Situation) async throws {
        let namespace = try NetworkNamespace.create()
        let servers = try (0..<situation.servers).map { index in
            try LookupServer(
                at: Endpoint(address: .v4(0x7f00_0001 + UInt32(index)), port: 53),
                namespace: namespace,
                reply: { situation.reply(index, $0) }
            )
        }
        defer { for server in servers { server.finish() } }
        let status = try Self.getent(situation, in: namespace)
        let real = servers.map { Trace($0.questions) }
        #expect(real[0].questions.isEmpty == situation.name.contains("*"), "\(situation)")
        for server in servers { server.clear() }

        let result = try await Self.model(situation, in: namespace)
        let ours = servers.map { Trace($0.questions) }
        for (index, pair) in zip(real, ours).enumerated() {
            #expect(pair.1 == pair.0, "server \(index) of \(situation)")
        }
        let lookup = try #require(result.lookup)
        #expect((status == 0) == (lookup.counters.found == 1))
        #expect(result.counters.addUp)
    }

    /// What a server saw, without what is drawn at random.
    private struct Trace: Equatable {
        /// Questions in order, first those over UDP and then those over TCP.
        var questions: [String] = []
        /// For each question which of the source ports it came from, numbered as they turned up.
        var ports: [Int] = []
        /// The messages behind their ids.
        var messages: [[UInt8]] = []

        init(_ seen: [ServerQuestion]) {
            var known: [String: Int] = [:]
            // The server reads datagrams and streams in two threads: which of them is first to note is no one's doing.
            for question in seen.filter({ !$0.isTCP }) + seen.filter(\.isTCP) {
                let key = "\(question.sourcePort) \(question.isTCP)"
                if known[key] == nil { known[key] = known.count }
                questions.append(question.text)
                ports.append(known[key] ?? -1)
                messages.append(Array(question.octets.dropFirst(2)))
            }
        }
    }

    private static func model(_ situation: Situation, in namespace: NetworkNamespace) async throws -> LoadResult {
        var settings = podSettings(.glibc, ndots: 1, search: [])
        settings.search = try situation.search.split(separator: " ").map { try DNSName(String($0)) }
        for word in situation.options.split(separator: " ").map(String.init) {
            let parts = word.split(separator: ":")
            switch parts[0] {
            case "ndots": settings.ndots = Int(parts[1]) ?? 0
            case "timeout": settings.timeout = Int(parts[1]) ?? 0
            case "attempts": settings.attempts = Int(parts[1]) ?? 0
            case "single-request": settings.options.insert(.singleRequest)
            case "single-request-reopen": settings.options.insert(.singleRequestReopen)
            case "no-aaaa": settings.options.insert(.noAAAA)
            case "edns0": settings.options.insert(.edns0)
            case "trust-ad": settings.options.insert(.trustAD)
            case "use-vc": settings.options.insert(.useVC)
            default: Issue.record("\(word) is not known to this test")
            }
        }
        settings.servers = (0..<situation.servers).map {
            Endpoint(address: .v4(0x7f00_0001 + UInt32($0)), port: 53)
        }
        let plan = LoadPlan(
            target: settings.servers[0],
            model: .closed(outstanding: 1),
            limit: .queries(1),
            connections: 1,
            namespace: namespace
        )
        let workload = try Workload.lookups([try LookupName(situation.name)], settings: settings, seed: 1)
        return try await LoadEngine.run(plan, workload, stop: StopFlag())
    }

    /// Runs `getent ahosts` with a resolv.conf of its own; its exit status.
    private static func getent(_ situation: Situation, in namespace: NetworkNamespace) throws -> Int32 {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("nldns-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let conf = folder.appendingPathComponent("resolv.conf")
        let servers = (0..<situation.servers).map { "nameserver 127.0.0.\($0 + 1)\n" }.joined()
        try "\(servers)search \(situation.search)\noptions \(situation.options)\n"
            .write(to: conf, atomically: true, encoding: .utf8)
        // The file that the name resolves to is covered: /etc/resolv.conf may be a link.
        let script = #"mount --bind "$0" "$(readlink -f /etc/resolv.conf)" && exec getent -s dns ahosts "$1""#
        return try run(
            ["unshare", "-m", "--propagation", "private", "sh", "-c", script, conf.path, situation.name],
            in: namespace
        )
    }

    /// Runs a program inside a network namespace, which a child has from the thread that starts it; its exit status.
    private static func run(_ arguments: [String], in namespace: NetworkNamespace) throws -> Int32 {
        try Threads.runBlocking(name: "namespace", namespace: namespace) { () throws -> Int32 in
            let process = Process()
            process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
            process.arguments = arguments
            process.standardOutput = FileHandle.nullDevice
            process.standardInput = FileHandle.nullDevice
            try process.run()
            process.waitUntilExit()
            return process.terminationStatus
        }
    }
}

import DNSWire
import Glibc
import LinuxNet
import Testing

@testable import Lab

/// What the tests of running labs share.
enum LabFixture {
    /// Why running labs cannot be tested here; `nil` when they can.
    static let obstacle: String? = {
        if geteuid() != 0 { return "making network namespaces needs root" }
        if executable == nil { return "the program with the subcommand lab-role is not built beside the tests" }
        return nil
    }()

    /// Whether running labs can be tested here.
    static var isPossible: Bool { obstacle == nil }

    /// The program that has the hidden subcommand `lab-role`, beside the test bundle.
    static let executable: String? = {
        var path = "/proc/self/exe"
        if let bundle = CommandLine.arguments.first(where: { $0.hasSuffix(".xctest") }) { path = bundle }
        guard let resolved = realpath(path, nil) else { return nil }
        defer { free(resolved) }
        var directory = String(cString: resolved)
        while let slash = directory.lastIndex(of: "/") {
            directory = String(directory[..<slash])
            for name in ["nldns", "labdev"] where access("\(directory)/\(name)", X_OK) == 0 {
                var information = stat()
                if stat("\(directory)/\(name)", &information) == 0, information.st_mode & S_IFMT == S_IFREG {
                    return "\(directory)/\(name)"
                }
            }
            if directory.hasSuffix("/.build") { return nil }
        }
        return nil
    }()

    /// Real caches to try, as the environment names them.
    static let cacheBinaries: [String] =
        getenv("NLDNS_TEST_CACHE_BINARIES").map { String(cString: $0).split(separator: ":").map(String.init) } ?? []

    /// Runs a command and gives what it says.
    static func output(of command: [String]) throws -> String {
        var ends: [Int32] = [0, 0]
        try #require(pipe(&ends) == 0)
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        let child = try SpawnedProgram.start(command, standardOutput: ends[1], inNewSession: false)
        close(ends[1])
        var said: [UInt8] = []
        var octet: UInt8 = 0
        while read(ends[0], &octet, 1) == 1 { said.append(octet) }
        close(ends[0])
        waitpid(child, nil, 0)
        return String(decoding: said, as: UTF8.self)
    }

    /// A small lab.
    static func options(_ topology: LabTopology = .ipvs, cache: LabCache = .reference) -> LabOptions {
        LabOptions(topology: topology, cache: cache, services: 50, upstreamDelayNanoseconds: 0)
    }

    /// Starts a lab, runs `body`, and stops the lab whatever happens.
    static func withLab(
        _ options: LabOptions,
        _ body: (Lab) async throws -> Void
    ) async throws {
        let lab = try await Lab.start(options, executable: try #require(executable), stop: StopFlag())
        do {
            try await body(lab)
        } catch {
            await lab.stop()
            throw error
        }
        await lab.stop()
    }

    /// Asks one question from a namespace.
    static func ask(
        _ name: String,
        _ type: RecordType,
        at target: Endpoint,
        over transport: DNSTransport,
        in namespace: NetworkNamespace
    ) throws -> Message {
        let query = try Message.query(id: UInt16.random(in: 0...0xFFFF), name: try DNSName(name), type: type).encode()
        let reply: [UInt8]? = try namespace.perform {
            if transport == .udp {
                let socket = try UDPSocket(connectedTo: target)
                try socket.send(query)
                return try socket.receive(timeoutNanoseconds: 3_000_000_000)?.bytes
            }
            let stream = try TCPStream.connect(to: target, timeoutNanoseconds: 3_000_000_000)
            try stream.send(TCPFrame.wrap(query) ?? [])
            guard let prefix = try stream.receive(exactly: 2, timeoutNanoseconds: 3_000_000_000) else { return nil }
            return try stream.receive(
                exactly: Int(prefix[0]) << 8 | Int(prefix[1]),
                timeoutNanoseconds: 3_000_000_000
            )
        }
        return try Message(decoding: try #require(reply))
    }

    /// The witness strings of a TXT answer as a dictionary.
    static func witness(
        _ name: String,
        at target: Endpoint,
        over transport: DNSTransport,
        in namespace: NetworkNamespace
    ) throws -> [String: String] {
        let answer = try ask(name, .txt, at: target, over: transport, in: namespace)
        guard case .txt(let strings)? = answer.answers.first?.data else { return [:] }
        var fields: [String: String] = [:]
        for string in strings {
            let parts = String(decoding: string, as: UTF8.self).split(separator: "=", maxSplits: 1).map(String.init)
            if parts.count == 2 { fields[parts[0]] = parts[1] }
        }
        return fields
    }

    /// The processes that are in a network namespace other than this process's own.
    static func processes(inNamespace link: String) -> [String] {
        LabDirectory.entries(of: "/proc").filter { Int32($0) != nil }.filter { Self.link("/proc/\($0)/ns/net") == link }
    }

    /// The identity of a namespace, as `/proc` shows it.
    static func identity(of namespace: NetworkNamespace) -> String {
        link("/proc/self/fd/\(namespace.descriptor)") ?? ""
    }

    /// Waits at most fifteen seconds for a condition, since test machines can be busy.
    static func eventually(_ condition: () -> Bool) async -> Bool {
        let deadline = Clock.deadline(after: 15_000_000_000)
        while !condition() {
            if Clock.monotonicNanoseconds() > deadline { return false }
            try? await Task.sleep(nanoseconds: 10_000_000)
        }
        return true
    }

    private static func link(_ path: String) -> String? {
        var buffer = [CChar](repeating: 0, count: 256)
        let count = readlink(path, &buffer, buffer.count)
        guard count > 0 else { return nil }
        return String(decoding: buffer[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}

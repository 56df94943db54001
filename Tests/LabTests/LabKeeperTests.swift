import DNSWire
import Glibc
import LinuxNet
import Testing

@testable import Lab

@Suite(
    "A kept lab",
    .serialized,
    .enabled(if: LabFixture.isPossible, Comment(rawValue: LabFixture.obstacle ?? "")),
    .timeLimit(.minutes(2))
)
struct LabKeeperTests {
    /// Where the kept lab's parts are, read while it runs.
    private func namespaces(of record: LabRecord) -> [String] {
        record.parts.compactMap { part in
            var buffer = [UInt8](repeating: 0, count: 64)
            let count = buffer.withUnsafeMutableBytes { raw -> Int in
                guard let start = raw.baseAddress?.assumingMemoryBound(to: CChar.self) else { return -1 }
                return readlink("/proc/\(part.processID)/ns/net", start, raw.count)
            }
            return count > 0 ? String(decoding: buffer[..<count], as: UTF8.self) : nil
        }
    }

    @Test("it comes up in its own process and goes when asked", arguments: LabTopology.allCases)
    func upAndDown(_ topology: LabTopology) async throws {
        let record = try await LabKeeper.up(
            LabFixture.options(topology),
            executable: try #require(LabFixture.executable)
        )
        #expect(record.isAlive && record.isKept)
        #expect(record.ownerID != getpid())
        #expect(record.parts.count == 3)
        let namespaces = namespaces(of: record)
        #expect(namespaces.count == 3)
        let gone = await LabKeeper.down { $0.path == record.path }
        #expect(gone.map(\.path).contains(record.path))
        #expect(await LabFixture.eventually { !record.owner.isRunning })
        for namespace in namespaces {
            #expect(await LabFixture.eventually { LabFixture.processes(inNamespace: namespace).isEmpty })
        }
        #expect(access(record.path, F_OK) != 0)
    }

    @Test(
        "when its owner is killed every part goes, and the sweep takes the directory",
        arguments: [(LabTopology.ipvs, LabCache.reference), (.ipvs, .unbound), (.loopback, .unbound)]
    )
    func killedOwner(_ topology: LabTopology, _ cache: LabCache) async throws {
        let record = try await LabKeeper.up(
            LabFixture.options(topology, cache: cache),
            executable: try #require(LabFixture.executable)
        )
        let namespaces = namespaces(of: record)
        kill(record.ownerID, SIGKILL)
        waitpid(record.ownerID, nil, 0)
        for part in record.parts { #expect(await LabFixture.eventually { !part.isRunning }) }
        for namespace in namespaces {
            #expect(await LabFixture.eventually { LabFixture.processes(inNamespace: namespace).isEmpty })
        }
        // Any lab that starts meanwhile sweeps too, so only the result counts.
        LabLeftovers.sweep()
        #expect(access(record.path, F_OK) != 0)
    }

    @Test("when a part is killed, what it supervises dies with it and the keeper takes the lab down")
    func killedPart() async throws {
        let record = try await LabKeeper.up(
            LabFixture.options(cache: .unbound),
            executable: try #require(LabFixture.executable)
        )
        let namespaces = namespaces(of: record)
        let supervisor = try #require(record.parts.last)
        #expect(LabFixture.processes(inNamespace: try #require(namespaces.last)).count == 2)
        kill(supervisor.processID, SIGKILL)
        for namespace in namespaces {
            #expect(await LabFixture.eventually { LabFixture.processes(inNamespace: namespace).isEmpty })
        }
        #expect(await LabFixture.eventually { !record.owner.isRunning })
        #expect(access(record.path, F_OK) != 0)
    }

    @Test("a program can be run in the pod of a kept lab", arguments: LabTopology.allCases)
    func podCommand(_ topology: LabTopology) async throws {
        let record = try await LabKeeper.up(
            LabFixture.options(topology),
            executable: try #require(LabFixture.executable)
        )
        let found = try LabFixture.output(of: record.podCommand(["getent", "ahostsv4", "kubernetes"]))
        #expect(found.hasPrefix("10.96.0.1 "))
        _ = await LabKeeper.down { $0.path == record.path }
        #expect(await LabFixture.eventually { !record.owner.isRunning })
    }

    @Test("a lab that cannot start says why")
    func refusal() async throws {
        await #expect(throws: LabError.self) {
            try await LabKeeper.up(
                LabFixture.options(cache: .binary(path: "/nowhere")),
                executable: try #require(LabFixture.executable)
            )
        }
    }
}

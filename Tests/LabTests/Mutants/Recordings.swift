import Conformance
import LinuxNet
import Testing

/// The checks that can be judged anew, each played against a healthy cache of its own.
enum Recordings {
    /// Checks that are played at a time.
    private static let lanes = 8

    /// Plays all that ask nothing but the cache and the cluster DNS and that do not wait; all must pass.
    static func play() async throws -> [RecordedCheck] {
        let bench = try MutantBench()
        defer { bench.end() }
        let slow = Set(try KillRecord.read().slow)
        let checks = try CheckCatalogue.builtin().checks.filter {
            $0.needs.isSubset(of: [.scripted, .cluster]) && !slow.contains($0.id)
        }
        let recorded = try await withThrowingTaskGroup(of: (Int, RecordedCheck?).self) { group in
            var recorded: [Int: RecordedCheck] = [:]
            for (index, check) in checks.enumerated() {
                if index >= lanes, let (done, result) = try await group.next() { recorded[done] = result }
                group.addTask { (index, try await play(check, on: bench)) }
            }
            for try await (done, result) in group { recorded[done] = result }
            return checks.indices.compactMap { recorded[$0] }
        }
        for check in recorded where !check.isSound {
            Issue.record("\(check.check.id) with a healthy cache: \(check.actual)")
        }
        return recorded.filter(\.isSound)
    }

    /// Plays one check, and again when something came between.
    private static func play(_ check: CheckDefinition, on bench: MutantBench) async throws -> RecordedCheck? {
        var recorded: RecordedCheck?
        for _ in 0..<2 {
            let cache = try bench.cache()
            defer { cache.end() }
            recorded = await RecordedCheck(playing: check, in: try bench.context(target: cache.endpoint))
            if recorded?.isSound ?? true { break }
        }
        return recorded
    }
}

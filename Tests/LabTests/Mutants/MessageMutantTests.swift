import Conformance
import Foundation
import LinuxNet
import Testing

/// Answers of a healthy cache, changed in every way, and the checks that look at them.
///
/// Each check is played once against a cache of its own; its verdict is then given anew over changed answers, without a
/// socket. That this is what the check would have said over the network is asked of a sample, through a proxy that makes
/// the same changes; so is what only a network can do. `NLDNS_RECORD_MESSAGE_MUTANTS=1` writes `message-mutants.json`
/// anew instead of comparing.
@Suite("Every change to an answer is seen by a check", .serialized, .timeLimit(.minutes(5)))
struct MessageMutantTests {
    /// Mutations after which an answer is as good as before, with the reason.
    private static let equivalents: [MessageMutation: String] = {
        var reasons: [MessageMutation: String] = [:]
        for bit in (24..<40) where bit != 29 {
            reasons[.optBit(bit)] = "a server may state any size from 512 on, the same always (RFC 6891 section 6.2.3)"
        }
        for place in 1...2 {
            reasons[.record(.answer, place, .reordered)] = "the records of a set have no order (RFC 1034 section 3.6)"
        }
        reasons[.record(.additional, 0, .dropped)] =
            "a server adds what it thinks useful, or nothing (RFC 1034 section 3.7)"
        for change in [MessageMutation.TTLChange.zero, .minusOne, .halved] {
            reasons[.ttl(.additional, change)] = "what is added may be older than the answer (RFC 2181 section 5.4.1)"
        }
        return reasons
    }()

    @Test("bits of header and OPT, counts, rcodes, questions, records, TTLs, cuts: each change is seen, or is none")
    func everyChange() async throws {
        let recorded = try await Recordings.play()
        var order = Array(recorded.indices)
        var survivors: Set<MessageMutation> = []
        var killers: Set<String> = []
        for mutation in MessageMutation.all {
            switch try Self.judge(mutation, recorded, &order) {
            case .idle: Issue.record("no answer has what '\(mutation)' changes")
            case .survives: survivors.insert(mutation)
            case .killed(let check, _): killers.insert(check.check.id)
            }
        }

        let record = MessageMutantRecord(
            MessageMutation.all + MessageMutation.deliveries,
            equivalents: Self.equivalents
        )
        print(
            "message mutants: \(MessageMutation.all.count - survivors.count) of \(MessageMutation.all.count) killed by "
                + "\(killers.count) of \(recorded.count) checks, \(Self.equivalents.count) equivalent"
        )
        for mutation in survivors where Self.equivalents[mutation] == nil {
            Issue.record("no check sees '\(mutation)'")
        }
        for mutation in Self.equivalents.keys where !survivors.contains(mutation) {
            Issue.record("'\(mutation)' is seen, so it is not equivalent")
        }
        if ProcessInfo.processInfo.environment["NLDNS_RECORD_MESSAGE_MUTANTS"] != nil {
            try record.write()
        } else {
            #expect(try MessageMutantRecord.read() == record, "message-mutants.json: record it again")
        }
    }

    @Test("a check says of an answer changed on its way what it says of a recorded one")
    func sameOverSockets() async throws {
        let recorded = try await Recordings.play().filter(\.isUDPOnly)
        var order = Array(recorded.indices)
        let bench = try MutantBench()
        defer { bench.end() }
        var parts: Set<String> = []
        for mutation in stride(from: 0, to: MessageMutation.all.count, by: 19).map({ MessageMutation.all[$0] }) {
            guard case .killed(let check, let tags) = try Self.judge(mutation, recorded, &order) else { continue }
            let outcome = try await bench.run(check.check.id, through: mutation)
            #expect(
                outcome.status == .fail && Set(outcome.tags).isSuperset(of: tags),
                "\(mutation): \(check.check.id) must fail \(tags), is \(outcome.status) \(outcome.tags): \(outcome.actual)"
            )
            parts.insert(mutation.part)
        }
        #expect(parts.count >= 6, "the sample meets \(parts)")
    }

    @Test(
        "an answer that never comes, or twice, late, or from elsewhere is seen",
        arguments: [
            (MessageMutation.Delivery.never, "HDR-01"), (.twice, "HDR-25"), (.late, "CCH-34"),
            (.fromAnotherPort, "HDR-24"), (.fromAnotherAddress, "HDR-24"),
        ]
    )
    func everyDelivery(delivery: MessageMutation.Delivery, check: String) async throws {
        let bench = try MutantBench()
        defer { bench.end() }
        let healthy = try await bench.run(check, through: nil)
        #expect(healthy.status == .pass, "\(check) without a change: \(healthy.actual)")
        let outcome = try await bench.run(check, through: .delivery(delivery))
        #expect(outcome.status == .fail, "\(check) is \(outcome.status): \(outcome.actual)")
    }

    /// What became of a mutation among all checks.
    private enum Fate {
        case idle, survives
        case killed(RecordedCheck, tags: [String])
    }

    /// Asks the checks until one sees the mutation; who saw one is asked first about the next.
    private static func judge(
        _ mutation: MessageMutation,
        _ recorded: [RecordedCheck],
        _ order: inout [Int]
    ) throws -> Fate {
        var fate = Fate.idle
        for (place, index) in order.enumerated() {
            switch try recorded[index].judge(mutation) {
            case .idle: continue
            case .survives: fate = .survives
            case .killed(let tags):
                order.remove(at: place)
                order.insert(index, at: 0)
                return .killed(recorded[index], tags: tags)
            }
        }
        return fate
    }
}

import DNSWire
import LinuxNet

@testable import Conformance

/// A check that was played once against a healthy cache, to be judged again with other answers.
///
/// Only for checks that ask the same whatever the answers say: the client takes the first datagram, or the first frame of
/// a connection with one query, for the answer without looking into it, so that what it would have seen of a changed
/// answer is the changed answer. What sessions and bursts saw, which do look, is left as it was recorded.
struct RecordedCheck: Sendable {
    let check: CheckDefinition
    /// How it ended with the answers as they came.
    let actual: String
    /// Whether it passed, or failed on time alone, which on a busy machine says nothing.
    let isSound: Bool
    private let environment: CheckEnvironment
    /// The names of the steps whose answers can be changed, in their order.
    private let changeable: [String]
    private let target: Endpoint

    /// Plays a check; nil when it can do other things after other answers, or when it looks elsewhere for its verdict.
    init?(playing check: CheckDefinition, in context: CheckContext) async {
        guard check.steps.allSatisfy(Self.isBlind), !check.isLast else { return nil }
        var execution = CheckExecution(
            check: check,
            context: context,
            stop: StopFlag(),
            generator: NonceGenerator(run: UInt64.random(in: 0 ... .max), check: UInt64(check.line))
        )
        self.check = check
        do throws(CheckInterruption) {
            try await execution.play()
            let judge = CheckJudge(check: check, environment: execution.environment, profile: nil)
            let outcome = try judge.outcome()
            guard outcome.status != .skip else { return nil }
            actual = "\(outcome.status): \(outcome.actual)"
            isSound = outcome.status == .pass || outcome.status == .fail && judge.isTimingOnly(outcome)
        } catch {
            if case .skip = error { return nil }
            actual = "\(error)"
            isSound = false
        }
        environment = execution.environment
        changeable = check.steps.filter(Self.isPlainQuery).compactMap(\.save)
        target = context.target
    }

    /// Whether it asks over UDP alone.
    var isUDPOnly: Bool {
        check.steps.allSatisfy { step in
            switch step.action {
            case .query(let query), .queries(let query, _), .silence(let query, _): query.transport == .udp
            case .tcp: false
            default: true
            }
        }
    }

    /// What became of a mutation.
    enum Verdict: Sendable {
        /// No answer has what the mutation changes.
        case idle
        case survives
        /// The failed assertions, without those about time.
        case killed(tags: [String])
    }

    /// What the check says of changed answers.
    func judge(_ mutation: MessageMutation) throws -> Verdict {
        var changed = environment
        var answers = 0
        var hasFired = false
        func change(_ exchange: Exchange) -> Exchange {
            guard exchange.server == target, let received = exchange.received else { return exchange }
            answers += 1
            guard !mutation.spares(answers - 1), let octets = mutation.apply(to: received) else { return exchange }
            hasFired = true
            return exchange.answered(octets)
        }
        for name in changeable {
            switch environment.saved[name] {
            case .exchange(let exchange)?: changed.saved[name] = .exchange(change(exchange))
            case .exchanges(let exchanges)?: changed.saved[name] = .exchanges(exchanges.map(change))
            default: break
            }
        }
        guard hasFired else { return .idle }
        let outcome = try CheckJudge(check: check, environment: changed, profile: nil).outcome()
        let timing = Set(check.assertions.filter(\.isTiming).map(\.tag))
        let tags = outcome.tags.filter { !timing.contains($0) }
        return outcome.status == .fail && !tags.isEmpty ? .killed(tags: tags) : .survives
    }

    /// Whether a step is the same after any answers.
    private static func isBlind(_ step: CheckStep) -> Bool {
        if let condition = step.condition {
            guard case .path(let parts) = condition.subject, parts.first == "have" else { return false }
        }
        guard step.meanwhile.isEmpty else { return false }
        switch step.action {
        case .query, .queries, .burst, .silence, .tcp, .scrape, .wait(.duration): return true
        default: return false
        }
    }

    private static func isPlainQuery(_ step: CheckStep) -> Bool {
        switch step.action {
        case .query, .queries: true
        default: false
        }
    }
}

extension Exchange {
    /// The same with another answer.
    fileprivate func answered(_ octets: [UInt8]) -> Exchange {
        var other = Exchange(
            sent: sent,
            received: octets,
            transport: transport,
            server: server,
            tries: tries,
            sentAt: sentAt,
            endedAt: endedAt,
            sentAtRealtime: sentAtRealtime,
            endedAtRealtime: endedAtRealtime,
            failure: failure
        )
        other.source = source
        other.furtherAnswers = furtherAnswers
        return other
    }
}

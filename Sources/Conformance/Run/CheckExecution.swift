internal import DNSWire
internal import LinuxNet

/// Why a check ended before its assertions could be judged.
enum CheckInterruption: Error, Sendable {
    case skip(String)
    case inconclusive(String)
    case error(String)
}

/// Plays the steps of one check.
struct CheckExecution: Sendable {
    let check: CheckDefinition
    let context: CheckContext
    let stop: StopFlag
    /// CLOCK_MONOTONIC in nanoseconds.
    let deadline: Int64
    var environment = CheckEnvironment()
    /// Everything that was sent and received, in order.
    var record: [(step: String, exchange: Exchange)] = []
    /// Servers that left the last query unanswered after every try.
    var isSilent: Set<Endpoint> = []
    /// The metrics pages of caches that a step ended, as they were last.
    var ended: [MetricsObservation] = []
    var generator: NonceGenerator
    private let lossesAtStart: UInt64
    private let startedAtRealtime: Int64

    init(check: CheckDefinition, context: CheckContext, stop: StopFlag, generator: NonceGenerator) {
        self.check = check
        self.context = context
        self.stop = stop
        self.generator = generator
        deadline = Clock.deadline(after: check.deadlineNanoseconds)
        environment.facts = context.facts(unique: self.generator.label(for: check.id))
        environment.expectations = context.expectations
        environment.upstreamAliases = context.upstreamAliases
        environment.captureAbsence = context.captureAbsence
        lossesAtStart = context.observer?.losses() ?? 0
        startedAtRealtime = Clock.realtimeNanoseconds()
        environment.realtimeOffset = Clock.realtimeOffset().offsetNanoseconds
    }

    /// Fills the variables and plays the steps in order.
    mutating func play() async throws(CheckInterruption) {
        for need in CheckNeed.allCases where check.needs.contains(need) {
            if let reason = context.reasonAgainst(need) { throw .skip(reason) }
        }
        for variable in check.variables {
            environment.variables[variable.name] = try fill(variable.template)
        }
        for step in check.steps {
            try checkTime()
            if let condition = step.condition, case .no(let reason) = try decide(condition) {
                if let save = step.save { environment.saved[save] = .skipped(reason) }
                continue
            }
            let observation = try await playMeanwhile(step)
            if let save = step.save, let observation { environment.saved[save] = observation }
        }
        if stop.isRaised { throw .skip("interrupted") }
        if check.looksUpstream { await lookUpstream() }
    }

    /// Takes another look at the capture after a moment.
    mutating func lookAgain() async {
        try? await Task.sleep(nanoseconds: 300_000_000)
        await lookUpstream()
    }

    private mutating func lookUpstream() async {
        guard let observer = context.observer else { return }
        environment.upstream = await UpstreamView(
            observer,
            since: startedAtRealtime - 100_000_000,
            lossesBefore: lossesAtStart
        )
    }

    func checkTime() throws(CheckInterruption) {
        if stop.isRaised || Task.isCancelled { throw .skip("interrupted") }
        if Clock.monotonicNanoseconds() >= deadline {
            let limit = DurationText.describe(nanoseconds: check.deadlineNanoseconds)
            throw .error("the check took longer than its deadline of \(limit)")
        }
    }

    /// Whether a condition holds; an inapplicable one does not.
    enum Decision {
        case yes
        case no(String)
    }

    func decide(_ condition: Statement) throws(CheckInterruption) -> Decision {
        do throws(EvaluationError) {
            switch try environment.judge(condition) {
            case .holds: return .yes
            case .fails: return .no(environment.absence(where: condition))
            case .notApplicable(let reason), .inconclusive(let reason): return .no(reason)
            }
        } catch {
            throw .error("'\(condition.text)': \(error)")
        }
    }

    // MARK: Templates

    func fill(_ template: String, index: Int? = nil) throws(CheckInterruption) -> String {
        do throws(TemplateError) {
            return try fillTemplate(template, index: index)
        } catch {
            switch error {
            case .unknown(let reason): throw .skip(reason)
            default: throw .error(error.description)
            }
        }
    }

    private func fillTemplate(
        _ template: String,
        index: Int?,
        item: String? = nil
    ) throws(TemplateError) -> String {
        try Template.fill(template) { (name) throws(TemplateError) in
            if name == "i", let index { return "\(index)" }
            if name == "item", let item { return item }
            if let value = environment.variables[name] { return value }
            switch environment.facts[name] {
            case .text(let text)?: return text
            case .unknown(let reason)?, .absent(let reason)?: throw .unknown(reason)
            case .integer(let value)?: return "\(value)"
            default: throw .noSuchName(name)
            }
        }
    }

    /// The octets of a message; `index` and `item` are what `{{i}}` and `{{item}}` stand for.
    mutating func encode(
        _ template: MessageTemplate,
        index: Int? = nil,
        item: String? = nil
    ) throws(CheckInterruption) -> [UInt8] {
        var unknown: String?
        for text in template.templates {
            do throws(TemplateError) {
                _ = try Template.fill(text) { (name) throws(TemplateError) in
                    name == "id" ? "" : try fillTemplate("{{\(name)}}", index: index, item: item)
                }
            } catch {
                if case .unknown(let reason) = error { unknown = reason }
            }
        }
        if let unknown { throw .skip(unknown) }
        let id = generator.id()
        do throws(MessageTemplateError) {
            return try template.encode(id: id) { (text) throws(TemplateError) in
                try fillTemplate(text, index: index, item: item)
            }
        } catch {
            throw .error(error.description)
        }
    }

    func instant(_ expression: Expression) throws(CheckInterruption) -> Int64 {
        do throws(EvaluationError) {
            switch try environment.value(of: expression) {
            case .time(let instant): return instant
            case .absent(let reason), .unknown(let reason), .unobservable(let reason): throw EvaluationError(reason)
            case let other: throw EvaluationError("\(other.typePhrase) is no instant")
            }
        } catch {
            throw .error(error.description)
        }
    }
}

/// Labels and ids that no other check of the run uses.
package struct NonceGenerator: Sendable {
    private var state: UInt64
    private let run: UInt64

    /// `run` tells runs apart and `check` the checks of one run.
    package init(run: UInt64, check: UInt64) {
        self.run = run
        state = run &+ check &* 0x9E37_79B9_7F4A_7C15
    }

    /// The next number of a SplitMix64 sequence.
    package mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    mutating func label(for check: String) -> String {
        // 36^9 keeps the number at ten digits, so that all labels of a check have one length.
        check.lowercased().filter { $0 != "-" } + "-"
            + String(101_559_956_668_416 + (next() & 0xFFFF_FFFF_FFFF), radix: 36)
    }

    mutating func id() -> UInt16 { UInt16(truncatingIfNeeded: next() >> 16) }
}

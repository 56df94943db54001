internal import DNSWire
package import LinuxNet

/// How checks are run and judged.
package struct CheckRunOptions: Sendable, Hashable {
    /// Ignores profiles: the requirement alone decides.
    package var isStrict: Bool
    /// How many checks run at a time; one that only waits counts, too.
    package var concurrency: Int
    /// Makes names unique; another seed gives other names.
    package var seed: UInt64

    package init(isStrict: Bool = false, concurrency: Int = 32, seed: UInt64) {
        self.isStrict = isStrict
        self.concurrency = max(1, concurrency)
        self.seed = seed
    }
}

/// How far a run is.
package struct CheckProgress: Sendable, Hashable {
    package let finished: Int
    package let total: Int
    /// The check that has just finished.
    package let latest: CheckOutcome
}

/// Runs checks side by side and judges them.
package struct CheckRunner: Sendable {
    let catalogue: CheckCatalogue
    let context: CheckContext
    let options: CheckRunOptions
    let stop: StopFlag

    package init(catalogue: CheckCatalogue, context: CheckContext, options: CheckRunOptions, stop: StopFlag) {
        self.catalogue = catalogue
        self.context = context
        self.options = options
        self.stop = stop
    }

    /// Runs the selected checks; outcomes come in the order of the catalogue.
    ///
    /// Exclusive checks run first, each alone; then all others side by side; then what failed on time alone is run once
    /// more, alone; then those that stop or change the lab, each alone and the lab as before after each; then the checks
    /// about the whole run. Once `stop` is raised the rest is skipped as interrupted.
    package func run(
        _ selection: CheckSelection,
        progress: (@Sendable (CheckProgress) -> Void)? = nil
    ) async throws(CheckSelectionError) -> [CheckOutcome] {
        let checks = try catalogue.select(selection)
        var outcomes: [String: CheckOutcome] = [:]
        let wholeRun = checks.contains(where: \.isLast) ? await scrape() : nil
        func finish(_ outcome: CheckOutcome) {
            outcomes[outcome.id] = outcome
            progress?(CheckProgress(finished: outcomes.count, total: checks.count, latest: outcome))
        }

        for check in checks where check.isExclusive && !check.isLast && !check.actsOnLab {
            finish(await confirm(check, perform(check)).outcome)
        }
        var suspects: [(CheckDefinition, Performance)] = []
        // The slow ones begin first, so that the rest overlaps them.
        let crowd = checks.filter { !$0.isExclusive && !$0.isLast && !$0.actsOnLab }
            .sorted { $0.deadlineNanoseconds > $1.deadlineNanoseconds }
        await withTaskGroup(of: (CheckDefinition, Performance).self) { group in
            var started = 0
            func settle(_ result: (check: CheckDefinition, performance: Performance)) {
                if result.performance.isSuspect {
                    suspects.append((result.check, result.performance))
                } else {
                    finish(result.performance.outcome)
                }
            }
            for check in crowd {
                if started >= options.concurrency, let result = await group.next() { settle(result) }
                started += 1
                group.addTask { (check, await perform(check)) }
            }
            for await result in group { settle(result) }
        }
        for (check, first) in suspects { finish(await confirm(check, first).outcome) }
        var ended: [MetricsObservation] = []
        for check in checks where check.actsOnLab && !check.isLast {
            let performance = await confirm(check, perform(check))
            ended += performance.ended
            finish(performance.outcome)
        }
        let beginning = wholeRun?.followed(by: ended)
        for check in checks where check.isLast { finish(await perform(check, wholeRun: beginning).outcome) }
        return checks.compactMap { outcomes[$0.id] }
    }

    /// Whether the target answers anything over UDP or TCP; nil when it does, else one sentence that says what happened.
    package func unreachable() async -> String? {
        let message = Message.query(id: 0x4E4C, name: context.expectations.clusterZone ?? .root, type: .soa)
        guard let octets = try? message.encode() else { return nil }
        let client = CheckClient(stop: stop, deadline: Clock.deadline(after: 8_000_000_000))
        let target = context.target
        do {
            return try await Threads.run(name: "check-reach", namespace: context.clientNamespace) {
                let datagram = client.udp(octets, to: target, tries: 3, timeoutNanoseconds: 1_000_000_000)
                if datagram.received != nil { return nil }
                let stream = client.tcp(octets, to: target, timeoutNanoseconds: 2_000_000_000)
                if stream.received != nil { return nil }
                return "\(target) does not answer: \(datagram.failure ?? "nothing came") over UDP"
            }
        } catch {
            return "\(error)"
        }
    }

    /// What came of a check that was run once.
    private struct Performance: Sendable {
        var outcome: CheckOutcome
        /// It failed on time alone.
        var isSuspect = false
        /// The last metrics pages of caches that the check ended.
        var ended: [MetricsObservation] = []
    }

    /// Runs a check again when it failed on time alone; the second outcome counts.
    private func confirm(_ check: CheckDefinition, _ first: Performance) async -> Performance {
        guard first.isSuspect, !stop.isRaised else { return first }
        var second = await perform(check, attempt: 1)
        second.outcome.durationNanoseconds += first.outcome.durationNanoseconds
        if second.outcome.status == .fail { second.outcome.actual += " (seen again when run alone)" }
        second.ended = first.ended + second.ended
        return second
    }

    private func perform(
        _ check: CheckDefinition,
        attempt: UInt64 = 0,
        wholeRun: MetricsObservation? = nil
    ) async -> Performance {
        let started = Clock.monotonicNanoseconds()
        let position = UInt64(catalogue.checks.firstIndex { $0.id == check.id } ?? 0)
        var execution = CheckExecution(
            check: check,
            context: context,
            stop: stop,
            generator: NonceGenerator(run: options.seed, check: position &* 2 &+ attempt &+ 1)
        )
        if let wholeRun { execution.environment.saved["start"] = .metrics(wholeRun) }
        var performance: Performance
        do throws(CheckInterruption) {
            performance = try await judge(check, &execution)
        } catch {
            performance = Performance(outcome: Self.interrupted(check, error))
        }
        performance.outcome.evidence = execution.evidence
        if check.actsOnLab, let lab = context.lab {
            do throws(LabActError) {
                try await lab.restore()
            } catch {
                let reason = "the lab could not be put right after the check: \(error)"
                performance.outcome.status = .error
                performance.outcome.actual = [performance.outcome.actual, reason].filter { !$0.isEmpty }
                    .joined(separator: "; ")
            }
        }
        performance.ended = execution.ended
        performance.outcome.durationNanoseconds = Clock.monotonicNanoseconds() - started
        return performance
    }

    private func judge(
        _ check: CheckDefinition,
        _ execution: inout CheckExecution
    ) async throws(CheckInterruption) -> Performance {
        try await execution.play()
        var judge = CheckJudge(
            check: check,
            environment: execution.environment,
            profile: options.isStrict ? nil : profile(of: check)
        )
        var outcome = try judge.outcome()
        if check.looksUpstream, outcome.status == .fail || outcome.status == .inconclusive, !stop.isRaised {
            // A busy capture may be late; what came meanwhile belongs to the picture.
            await execution.lookAgain()
            judge = CheckJudge(check: check, environment: execution.environment, profile: judge.profile)
            outcome = try judge.outcome()
        }
        return Performance(outcome: outcome, isSuspect: outcome.status == .fail && judge.isTimingOnly(outcome))
    }

    private func profile(of check: CheckDefinition) -> ProfileDeviation? {
        guard let version = context.version else { return nil }
        return check.profiles.first { $0.condition.contains(product: context.product, version: version) }
    }

    private func scrape() async -> MetricsObservation? {
        guard let endpoint = context.metrics else { return nil }
        return await context.scrape(endpoint)
    }

    private static func interrupted(_ check: CheckDefinition, _ interruption: CheckInterruption) -> CheckOutcome {
        let status: CheckStatus
        let reason: String
        switch interruption {
        case .skip(let text): (status, reason) = (.skip, text)
        case .inconclusive(let text): (status, reason) = (.inconclusive, text)
        case .error(let text): (status, reason) = (.error, text)
        }
        var outcome = CheckOutcome(check, status: status)
        outcome.expected = check.requirement
        outcome.actual = reason
        return outcome
    }
}

internal import DNSWire
internal import LinuxNet
internal import NodeLocal

extension CheckExecution {
    /// Plays one step and returns what it saw.
    mutating func play(_ step: CheckStep) async throws(CheckInterruption) -> StepObservation? {
        let name = step.save ?? "line \(step.line)"
        switch step.action {
        case .query(let query):
            let message = try encode(query.message)
            let exchange = try await ask(query, message)
            note(name, exchange)
            return .exchange(exchange)
        case .queries(let query, let repetition):
            var messages: [[UInt8]] = []
            for index in 0..<repetition.count {
                let item = repetition.items.isEmpty ? nil : repetition.items[index]
                messages.append(try encode(query.message, index: index, item: item))
            }
            let exchanges = try await askAll(query, messages, parallel: repetition.parallel)
            for exchange in exchanges { note(name, exchange) }
            return .exchanges(exchanges)
        case .burst(let burst):
            var messages: [[UInt8]] = []
            for template in burst.messages { messages.append(try encode(template)) }
            let (sent, server, client) = (messages, try endpoint(burst.server), client)
            let exchanges = try await onThread {
                client.burst(sent, to: server, tries: burst.tries, timeoutNanoseconds: burst.timeoutNanoseconds)
            }
            for exchange in exchanges { note(name, exchange) }
            return .exchanges(exchanges)
        case .load(let load):
            var messages: [[UInt8]] = []
            for index in 0..<load.count { messages.append(try encode(load.message, index: index)) }
            let (sent, server, client) = (messages, try endpoint(load.server), client)
            let exchanges = try await onThread { client.load(sent, to: server, step: load) }
            for exchange in exchanges { note(name, exchange) }
            return .exchanges(exchanges)
        case .silence(let query, let window):
            return .exchange(try await listenForSilence(query, window: window, name: name))
        case .poll(let poll): return .exchanges(try await play(poll, name: name))
        case .tcp(let script):
            let session = try await play(script)
            for exchange in session.exchanges { note(name, exchange) }
            return .session(session)
        case .wait(.duration(let nanoseconds)):
            try await rest(until: Clock.monotonicNanoseconds() + nanoseconds)
            return nil
        case .wait(.until(let expression)):
            try await rest(until: try instant(expression))
            return nil
        case .http(let step): return .http(try await get(step))
        case .scrape(let listener): return .metrics(try await scrape(listener))
        case .node:
            guard let look = context.lookAtNode else { throw .skip("nobody looks at the node here") }
            return .node(await look())
        case .lab(let act): return .lab(take(try await perform(act).get()))
        }
    }

    /// Waits without holding a thread, in slices so that a stop is seen at once.
    func rest(until instant: Int64) async throws(CheckInterruption) {
        while true {
            try checkTime()
            let left = instant - Clock.monotonicNanoseconds()
            guard left > 0 else { return }
            try? await Task.sleep(nanoseconds: UInt64(min(left, 50_000_000)))
        }
    }

    // MARK: Queries

    private var client: CheckClient { CheckClient(stop: stop, deadline: deadline) }

    private func endpoint(_ server: StepServer) throws(CheckInterruption) -> Endpoint {
        guard let endpoint = context.server(server) else { throw .skip("the cluster DNS cannot be asked directly") }
        return endpoint
    }

    /// Keeps an exchange as evidence, and whether its server is worth patience.
    private mutating func note(_ step: String, _ exchange: Exchange) {
        record.append((step, exchange))
        if exchange.received == nil { isSilent.insert(exchange.server) } else { isSilent.remove(exchange.server) }
    }

    private func ask(_ query: QueryStep, _ message: [UInt8]) async throws(CheckInterruption) -> Exchange {
        let server = try endpoint(query.server)
        let client = client
        let tries = isSilent.contains(server) ? 1 : query.tries
        return try await onThread {
            switch query.transport {
            case .udp:
                client.udp(
                    message,
                    to: server,
                    tries: tries,
                    timeoutNanoseconds: query.timeoutNanoseconds,
                    isConnected: !query.isUnconnected,
                    lingerNanoseconds: query.lingerNanoseconds
                )
            case .tcp: client.tcp(message, to: server, timeoutNanoseconds: query.timeoutNanoseconds)
            }
        }
    }

    /// Asks the questions, at most `parallel` at a time.
    ///
    /// Unless all go at once, the first goes alone, so that a silent server costs the others one try only.
    private mutating func askAll(
        _ query: QueryStep,
        _ messages: [[UInt8]],
        parallel: Int
    ) async throws(CheckInterruption) -> [Exchange] {
        var known: [(Int, Result<Exchange, CheckInterruption>)] = []
        if parallel < messages.count {
            let first = try await ask(query, messages[0])
            if first.received == nil { isSilent.insert(first.server) }
            known = [(0, .success(first))]
        }
        let (execution, settled) = (self, known)
        let results = await withTaskGroup(of: (Int, Result<Exchange, CheckInterruption>).self) { group in
            var results = settled
            for (index, message) in messages.enumerated().dropFirst(settled.count) {
                if index >= parallel + settled.count, let result = await group.next() { results.append(result) }
                group.addTask {
                    do throws(CheckInterruption) {
                        return (index, .success(try await execution.ask(query, message)))
                    } catch {
                        return (index, .failure(error))
                    }
                }
            }
            for await result in group { results.append(result) }
            return results
        }
        var exchanges: [Exchange] = []
        for (_, result) in results.sorted(by: { $0.0 < $1.0 }) { exchanges.append(try result.get()) }
        try checkTime()
        return exchanges
    }

    /// Sends once, listens, and then asks the server something plain: silence of a dead server says nothing.
    private mutating func listenForSilence(
        _ query: QueryStep,
        window: Int64,
        name: String
    ) async throws(CheckInterruption) -> Exchange {
        let message = try encode(query.message)
        let server = try endpoint(query.server)
        let client = client
        let exchange = try await onThread {
            query.transport == .udp
                ? client.udp(message, to: server, tries: 1, timeoutNanoseconds: window)
                : client.tcp(message, to: server, timeoutNanoseconds: window)
        }
        record.append((name, exchange))
        let control = MessageTemplate(
            questions: [.init(name: "{{cluster}}", wire: nil, type: "SOA", class: "IN")])
        let plain = try await ask(
            QueryStep(
                message: control,
                transport: .udp,
                server: query.server,
                tries: 3,
                timeoutNanoseconds: 1_000_000_000,
                isUnconnected: false
            ),
            try encode(control)
        )
        record.append((name + " (control)", plain))
        guard plain.received != nil else {
            throw .inconclusive("the server does not answer a plain query either, so its silence says nothing")
        }
        return exchange
    }

    private mutating func play(_ poll: PollStep, name: String) async throws(CheckInterruption) -> [Exchange] {
        let end = try instant(poll.until)
        var next = Clock.monotonicNanoseconds()
        var exchanges: [Exchange] = []
        repeat {
            try await rest(until: next)
            let exchange = try await ask(poll.query, try encode(poll.query.message, index: exchanges.count))
            exchanges.append(exchange)
            note(name, exchange)
            if let stop = poll.stop {
                environment.saved["this"] = .exchange(exchange)
                defer { environment.saved["this"] = nil }
                if case .yes = try decide(stop) { break }
            }
            next = max(next + poll.everyNanoseconds, Clock.monotonicNanoseconds())
        } while next < end
        return exchanges
    }

    // MARK: TCP

    private mutating func play(_ script: TCPScript) async throws(CheckInterruption) -> TCPSessionObservation {
        let server = try endpoint(script.server)
        var plans: [TCPSessionPlan] = []
        for connection in 0..<script.connections { plans.append(try plan(script, connection: connection)) }
        let (client, final) = (client, plans)
        return try await onThread {
            final.count == 1 ? client.session(final[0], to: server) : client.sessions(final, to: server)
        }
    }

    /// What one connection does; `{{i}}` counts over all connections.
    private mutating func plan(
        _ script: TCPScript,
        connection: Int
    ) throws(CheckInterruption) -> TCPSessionPlan {
        var plan = TCPSessionPlan()
        plan.receive = script.receive
        plan.untilClose = script.untilClose
        plan.timeoutNanoseconds = script.timeoutNanoseconds
        for act in script.acts {
            switch act {
            case .query(let template, let count, let split, let everyOctet, let delay):
                for index in 0..<count {
                    let message = try encode(template, index: connection * count + index)
                    guard let framed = TCPFrame.wrap(message) else { throw .error("a query is longer than a frame") }
                    plan.acts.append(
                        .send(
                            pieces: Self.pieces(framed, everyOctet ? Array(repeating: 1, count: framed.count) : split),
                            delayNanoseconds: delay,
                            query: message
                        )
                    )
                }
            case .octets(let hex):
                guard let octets = WireText.octets(try fill(hex)) else { throw .error("'\(hex)' is not hex") }
                plan.acts.append(.send(pieces: [octets], delayNanoseconds: 0, query: nil))
            case .wait(let nanoseconds): plan.acts.append(.wait(nanoseconds: nanoseconds))
            case .halfClose: plan.acts.append(.halfClose)
            case .reset: plan.acts.append(.reset)
            }
        }
        return plan
    }

    private static func pieces(_ octets: [UInt8], _ sizes: [Int]) -> [[UInt8]] {
        var rest = octets[...]
        var pieces: [[UInt8]] = []
        for size in sizes where !rest.isEmpty {
            pieces.append(Array(rest.prefix(size)))
            rest = rest.dropFirst(size)
        }
        return rest.isEmpty ? pieces : pieces + [Array(rest)]
    }

    // MARK: HTTP

    private func get(_ step: HTTPStep) async throws(CheckInterruption) -> HTTPObservation {
        var endpoint = try endpoint(step.listener)
        if step.onLoopback {
            guard endpoint.address != .v4(0x7F00_0001) else { throw .skip("the listener is on 127.0.0.1 itself") }
            endpoint = Endpoint(address: .v4(0x7F00_0001), port: endpoint.port)
        }
        return await context.fetch(
            endpoint,
            path: try fill(step.path),
            timeoutNanoseconds: step.timeoutNanoseconds
        )
    }

    private func endpoint(_ listener: HTTPStep.Listener) throws(CheckInterruption) -> Endpoint {
        let endpoint =
            switch listener {
            case .health: context.health
            case .metrics: context.metrics
            case .setup: Endpoint?(Endpoint(address: context.target.address, port: 9353))
            }
        guard let endpoint else { throw .skip("the configuration has no \(listener.rawValue) address") }
        return endpoint
    }

    private func scrape(_ listener: HTTPStep.Listener) async throws(CheckInterruption) -> MetricsObservation {
        await context.scrape(try endpoint(listener))
    }

    // MARK: Lab

    /// Does something to the lab; what follows for the check is for ``take(_:)``.
    private func perform(_ act: LabAct) async -> Result<LabChange, CheckInterruption> {
        guard let lab = context.lab else { return .failure(.skip("the step needs the lab")) }
        var change = LabChange()
        if act.endsProcess, let endpoint = context.metrics { change.ended = await context.scrape(endpoint) }
        change.when.startedAt = Clock.monotonicNanoseconds()
        do throws(LabActError) {
            change.corefile = try await lab.perform(act)
        } catch {
            switch error {
            case .notApplicable(let reason): return .failure(.skip(reason))
            case .failed(let reason): return .failure(.error(reason))
            }
        }
        change.when.endedAt = Clock.monotonicNanoseconds()
        return .success(change)
    }

    private mutating func take(_ change: LabChange) -> LabObservation {
        if let ended = change.ended { self.ended.append(ended) }
        if let text = change.corefile, let corefile = try? Corefile.parse(text, file: "Corefile") {
            environment.expectations = TargetExpectations(CorefileExpectations(corefile))
        }
        // Who was silent may speak now, and the other way round.
        isSilent = []
        return change.when
    }

    /// Plays a step while others happen, which see what was saved before it.
    mutating func playMeanwhile(_ step: CheckStep) async throws(CheckInterruption) -> StepObservation? {
        guard !step.meanwhile.isEmpty else { return try await play(step) }
        let before = beside()
        async let company = before.played(step.meanwhile)
        let observation: Result<StepObservation?, CheckInterruption>
        do throws(CheckInterruption) {
            observation = .success(try await play(step))
        } catch {
            observation = .failure(error)
        }
        join(try await company.get(), since: before)
        return try observation.get()
    }

    /// An execution that plays other steps beside this one, with ids of its own.
    private mutating func beside() -> CheckExecution {
        var company = self
        company.generator = NonceGenerator(run: generator.next(), check: 0)
        company.record = []
        company.ended = []
        return company
    }

    /// The execution after these steps.
    private func played(_ steps: [CheckStep]) async -> Result<CheckExecution, CheckInterruption> {
        var execution = self
        do throws(CheckInterruption) {
            for step in steps {
                let observation = try await execution.play(step)
                if let save = step.save, let observation { execution.environment.saved[save] = observation }
            }
        } catch {
            return .failure(error)
        }
        return .success(execution)
    }

    /// Takes over what an execution saw and changed that played beside this one.
    private mutating func join(_ company: CheckExecution, since before: CheckExecution) {
        environment.saved.merge(company.environment.saved) { $1 }
        let expectations = company.environment.expectations
        if expectations != before.environment.expectations { environment.expectations = expectations }
        record += company.record
        ended += company.ended
        isSilent.formIntersection(company.isSilent)
    }

    // MARK: Threads

    private func onThread<T: Sendable>(
        _ body: @escaping @Sendable () -> T
    ) async throws(CheckInterruption) -> T {
        do {
            return try await Threads.run(name: "check-\(check.id)", namespace: context.clientNamespace, body: body)
        } catch {
            throw .error("no thread for the check: \(error)")
        }
    }
}

/// What an act changed for the check that asked for it.
private struct LabChange: Sendable {
    var when = LabObservation(startedAt: 0, endedAt: 0)
    /// The Corefile in force, when it is another.
    var corefile: String?
    /// The last metrics page of a cache that the act ended.
    var ended: MetricsObservation?
}

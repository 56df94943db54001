import DNSWire

@testable import DNSBench

/// What the simulated network does with one query.
enum Reaction {
    /// An answer after this long.
    case answer(LookupAnswer, after: Int64 = 1_000_000)
    /// Nothing ever comes back.
    case silence
    /// The socket fails after this long.
    case fails(LookupFailure, after: Int64 = 1_000_000)
}

/// A query as the simulated network sees it.
struct SimulatedQuery {
    var family: LookupFamily
    var step: Int
    var server: Int
    var isTCP: Bool
    /// How many queries were seen before.
    var number: Int
    /// How often this socket slot was opened; tells sockets apart.
    var socket: String
}

extension LookupAnswer {
    static func plain(_ rcode: UInt8, _ marks: Marks = [.recursive]) -> LookupAnswer {
        LookupAnswer(rcode: rcode, marks: marks)
    }
    static let address = plain(0, [.recursive, .hasAnswer, .hasAddress])
    static let alias = plain(0, [.recursive, .hasAnswer])
    static let noData = plain(0)
    static let nameless = plain(3)
    static let broken = plain(2)
    static let declined = plain(5)
    static let cut = plain(0, [.recursive, .truncated, .hasAnswer])
    static let lame = plain(0, [])
}

/// Runs one lookup in virtual time against a network that a closure plays.
struct LookupSimulation {
    /// `"0.000 A 0 @0 u0.1"`: seconds, type, step, server, transport, socket slot and how often that was opened.
    private(set) var queries: [String] = []
    /// Causes of the queries, in order.
    private(set) var causes: [LookupSend.Cause] = []
    private(set) var outcome: LookupOutcome?
    /// When it ended, in seconds.
    private(set) var end = 0.0
    /// Sockets that were opened in all.
    private(set) var opened = 0

    private struct Pending {
        var at: Int64
        var order: Int
        var socket: String
        var event: LookupEvent
    }

    /// Runs `name` under `settings`; `process` carries `rotate` from one lookup to the next.
    static func run(
        _ name: String,
        _ settings: LookupSettings,
        process: inout ResolverProcess,
        network: (SimulatedQuery) -> Reaction
    ) throws -> LookupSimulation {
        var simulation = LookupSimulation()
        let lookup = try LookupName(name)
        let rules = ResolverRules(settings, patience: 60_000_000_000)
        var machine = LookupMachine(
            LookupPath(settings.steps(for: lookup), isRooted: lookup.isRooted),
            rules: rules
        )
        var actions = LookupActions()
        var now: Int64 = 0
        var pending: [Pending] = []
        var open: [String?] = .init(repeating: nil, count: LookupMachine.sockets)
        var isTCP = [Bool](repeating: false, count: LookupMachine.sockets)
        machine.begin(now: now, rules: rules, process: &process, actions: &actions)
        for turn in 0..<10_000 {
            for index in 0..<actions.count {
                switch actions[index] {
                case .open(let socket, _), .connect(let socket, _):
                    precondition(open[Int(socket)] == nil, "slot \(socket) is opened twice")
                    simulation.opened += 1
                    open[Int(socket)] = "\(socket).\(simulation.opened)"
                    if case .connect = actions[index] {
                        isTCP[Int(socket)] = true
                    } else {
                        isTCP[Int(socket)] = false
                    }
                case .close(let socket):
                    precondition(open[Int(socket)] != nil, "slot \(socket) is closed twice")
                    open[Int(socket)] = nil
                case .send(let send):
                    guard let socket = open[Int(send.socket)] else { preconditionFailure("sent on a closed slot") }
                    let query = SimulatedQuery(
                        family: send.family,
                        step: Int(send.step),
                        server: Int(send.server),
                        isTCP: isTCP[Int(send.socket)],
                        number: simulation.queries.count,
                        socket: socket
                    )
                    let time = Double(now) / Double(settings.second)
                    simulation.queries.append(
                        "\((time * 10).rounded() / 10) \(send.family == .a ? "A" : "AAAA") #\(query.step)"
                            + " @\(query.server) \(query.isTCP ? "tcp" : "udp") \(socket)"
                    )
                    simulation.causes.append(send.cause)
                    let order = turn * 100 + index
                    switch network(query) {
                    case .silence: break
                    case .answer(let answer, let after):
                        let event = LookupEvent.answered(
                            socket: send.socket,
                            family: send.family,
                            server: send.server,
                            answer
                        )
                        pending.append(Pending(at: now + after, order: order, socket: socket, event: event))
                    case .fails(let reason, let after):
                        let event = LookupEvent.failed(socket: send.socket, reason)
                        pending.append(Pending(at: now + after, order: order, socket: socket, event: event))
                    }
                case .done(let outcome):
                    precondition(open.allSatisfy { $0 == nil }, "a lookup ended with sockets open")
                    precondition(index == actions.count - 1, "something follows the end")
                    simulation.outcome = outcome
                    simulation.end = (Double(now) / Double(settings.second) * 10).rounded() / 10
                    return simulation
                }
            }
            actions.removeAll()
            pending.removeAll { event in !open.contains(event.socket) }
            pending.sort { ($0.at, $0.order) < ($1.at, $1.order) }
            if let next = pending.first, next.at < machine.deadline {
                pending.removeFirst()
                now = next.at
                machine.handle(next.event, now: now, rules: rules, process: &process, actions: &actions)
            } else {
                precondition(machine.deadline != .max, "nothing is waited for")
                now = machine.deadline
                machine.handle(.elapsed, now: now, rules: rules, process: &process, actions: &actions)
            }
        }
        return simulation
    }

    /// The same in a process of its own that begins at server 0.
    static func run(
        _ name: String,
        _ settings: LookupSettings,
        network: (SimulatedQuery) -> Reaction
    ) throws -> LookupSimulation {
        var process = ResolverProcess(firstTurn: 0)
        return try run(name, settings, process: &process, network: network)
    }

    /// The queries without their sockets.
    var sequence: [String] { queries.map { $0.split(separator: " ").prefix(5).joined(separator: " ") } }
    /// The sockets that queries went through, in order.
    var sockets: [String] { queries.map { String($0.split(separator: " ")[5]) } }
}

/// A pod's settings with servers 192.0.2.1 … and the search list that kubelet writes.
func podSettings(
    _ resolver: LookupResolver,
    servers: Int = 1,
    ndots: Int = 5,
    search: [String] = ["default.svc.cluster.local", "svc.cluster.local", "cluster.local"],
    options: LookupSettings.Options = [],
    timeout: Int = 5,
    attempts: Int = 2
) -> LookupSettings {
    LookupSettings(
        resolver: resolver,
        servers: (0..<servers).map { Endpoint(address: .v4(0xc000_0201 + UInt32($0)), port: 53) },
        search: search.compactMap { try? DNSName($0) },
        ndots: ndots,
        timeout: timeout,
        attempts: attempts,
        options: options
    )
}

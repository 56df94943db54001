import DNSWire
import Glibc
import LinuxNet

/// `lab-role disturb`: runs a ``Disturbance`` in the network namespace that it is started in.
///
/// It says that it is ready when the kernel shows that the disturbance works, and ends when its standard input does.
enum DisturbRole {
    /// Why a disturbance cannot be.
    struct Refusal: Error, CustomStringConvertible {
        var description: String
    }

    /// Runs it; the result is the exit status: 64 usage, 74 when it cannot be.
    static func run(arguments: [String]) async -> Int32 {
        guard let kind = arguments.first.flatMap(Disturbance.init(rawValue:)) else {
            LabRole.complain("disturb wants one of \(Disturbance.allCases.map(\.rawValue).joined(separator: ", "))")
            return 64
        }
        SignalWatch.ignoreBrokenPipes()
        let rest = Array(arguments.dropFirst())
        let stop = StopFlag()
        do {
            try StandardInputWatch.start(raising: stop)
            try await Threads.run(name: "disturb") { try perform(kind, rest, stop) }
            return 0
        } catch {
            LabRole.complain("\(kind.rawValue): \(error)")
            return 74
        }
    }

    private static func perform(_ kind: Disturbance, _ arguments: [String], _ stop: StopFlag) throws {
        switch kind {
        case .listenUDP: try HeldPort.udp(try endpoint(arguments), stop)
        case .listenTCP: try HeldPort.tcp(try endpoint(arguments), stop)
        case .mute: try HeldPort.mute(try endpoint(arguments), stop)
        case .page: try HeldPort.page(try endpoint(arguments), stop)
        case .connect: try ConnectionFlood.hanging(to: try endpoint(arguments), stop)
        case .floodSelf: try DatagramFlood.ownSocket(stop)
        case .floodCache: try DatagramFlood.cache(try endpoint(arguments), process: try number(arguments, 1), stop)
        case .overflowListener: try ConnectionFlood.ownListener(stop)
        case .fillConntrack:
            guard let address = arguments.first.flatMap({ IPAddress($0) }) else {
                throw Refusal(description: "no address")
            }
            try TrackedFlows.fill(through: address, stop)
        case .exhaustPorts:
            try ConnectionFlood.closed(to: try endpoint(arguments), count: try number(arguments, 1), stop)
        case .load: try DatagramFlood.questions(to: try endpoint(arguments), stop)
        case .ask: try QuietClient.ask(try endpoint(arguments), stop)
        }
    }

    private static func endpoint(_ arguments: [String]) throws(Refusal) -> Endpoint {
        guard let endpoint = arguments.first.flatMap({ Endpoint($0) }) else {
            throw Refusal(description: "wants an address with a port")
        }
        return endpoint
    }

    private static func number(_ arguments: [String], _ place: Int) throws(Refusal) -> Int32 {
        guard arguments.indices.contains(place), let number = Int32(arguments[place]), number > 0 else {
            throw Refusal(description: "wants a number as argument \(place + 1)")
        }
        return number
    }

    /// Waits until standard input ends.
    static func hold(_ stop: StopFlag) {
        while !stop.isRaised { pause(20) }
    }

    /// Sleeps for so many milliseconds.
    static func pause(_ milliseconds: Int64) {
        Clock.sleep(untilMonotonic: Clock.deadline(after: milliseconds * 1_000_000))
    }
}

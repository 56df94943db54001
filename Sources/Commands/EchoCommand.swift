import ArgumentParser
import DNSWire
import Glibc
import Harness
import Lab
import LinuxNet
import NodeLocal

/// `nldns lab echo`: the other end of a calibration.
struct EchoCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "echo",
        abstract: "Answer every query with itself, as cheaply as a server can.",
        discussion: """
            Its endpoint is the only line on standard output; what it did is told on standard error when it ends. \
            Against it, nldns bench shows what the generator can do; with its faults, what the generator says of them.
            """
    )

    @Option(help: ArgumentHelp("Where to listen; port 0 takes any free one.", valueName: "address:port"))
    var address = Endpoint(address: .v4(0x7f00_0001), port: 0)

    @Option(help: "What to answer over: udp, tcp or both.")
    var transport: Transports = .both

    @Option(help: ArgumentHelp("Pin it to this CPU.", valueName: "number"))
    var cpu: Int?

    @Flag(help: "Poll without sleeping, on a CPU of its own.")
    var spin = false

    @Option(help: ArgumentHelp("Stand still for this long, again and again.", valueName: "time"))
    var freeze: String?

    @Option(help: ArgumentHelp("The time from one standstill to the next.", valueName: "time"))
    var freezeEvery: String?

    @Option(help: ArgumentHelp("UDP: leave this share of queries unanswered, such as 1%.", valueName: "share"))
    var lose: String?

    @Option(help: "The seed that decides which queries are lost.")
    var seed: UInt64 = 0

    @Flag(help: "Set the TC bit over UDP.")
    var truncate = false

    @Option(help: ArgumentHelp("The rcode of answers, such as SERVFAIL.", valueName: "mnemonic"))
    var rcode: String?

    @Option(help: ArgumentHelp("The receive buffer of the UDP socket; a small one overflows.", valueName: "octets"))
    var receiveBuffer: Int?

    @Option(help: ArgumentHelp("End after this long.", valueName: "time"))
    var duration: String = "1h"

    enum Transports: String, ExpressibleByArgument, CaseIterable { case udp, tcp, both }

    func validate() throws { _ = try options() }

    func run() async throws {
        let stop = StopFlag()
        let signals = try SignalWatch(stop: stop) { Glibc.exit(128 + $0) }
        let echo = try EchoResponder(try options())
        try Output.result("\(echo.endpoint)\n")
        let end = Clock.deadline(after: DurationText.nanoseconds(duration) ?? 0)
        while !stop.isRaised, Clock.monotonicNanoseconds() < end { try await Task.sleep(nanoseconds: 20_000_000) }
        let counts = echo.finish()
        Output.message(
            "queries \(counts.queries) answers \(counts.answers) lost \(counts.lost) dropped \(counts.dropped) "
                + "freezes \(counts.freezes)"
        )
        // Ctrl-C is its ordinary end.
        _ = signals
    }

    private func options() throws -> EchoOptions {
        var options = EchoOptions(endpoint: address)
        options.servesUDP = transport != .tcp
        options.servesTCP = transport != .udp
        options.cpu = cpu
        options.spins = spin
        options.seed = seed
        options.truncates = truncate
        guard (freeze == nil) == (freezeEvery == nil) else {
            throw ValidationError("--freeze and --freeze-every need each other.")
        }
        if let freeze, let freezeEvery {
            options.freezeNanoseconds = try DurationFlag.nanoseconds(freeze, of: "--freeze")
            options.freezeEveryNanoseconds = try DurationFlag.nanoseconds(freezeEvery, of: "--freeze-every")
            guard options.freezeNanoseconds < options.freezeEveryNanoseconds else {
                throw ValidationError("--freeze must be shorter than --freeze-every.")
            }
        }
        _ = try DurationFlag.nanoseconds(duration, of: "--duration")
        if transport == .tcp {
            for (flag, isGiven) in [
                ("--lose", lose != nil), ("--truncate", truncate), ("--receive-buffer", receiveBuffer != nil),
            ] where isGiven {
                throw ValidationError("\(flag) is about UDP; leave it out, or let the echo answer over UDP.")
            }
        }
        if let lose {
            guard let share = QuantityText.ratio(lose) else {
                throw ValidationError("--lose takes a share, such as 1% or 0.01, not \"\(lose)\".")
            }
            options.lossShare = share
        }
        if let rcode {
            guard let value = RCode(mnemonic: rcode), value.rawValue < 16 else {
                throw ValidationError("\"\(rcode)\" is no rcode of a header.")
            }
            options.rcode = value
        }
        if let receiveBuffer {
            guard (1...(1 << 30)).contains(receiveBuffer) else {
                throw ValidationError("--receive-buffer takes 1 to 1073741824 octets.")
            }
            options.receiveBufferBytes = receiveBuffer
        }
        return options
    }
}

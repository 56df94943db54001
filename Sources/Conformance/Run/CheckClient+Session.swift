internal import DNSWire
internal import LinuxNet

/// What happens on a TCP connection, with every variable filled.
struct TCPSessionPlan: Sendable {
    enum Act: Sendable {
        /// Writes pieces with a pause between them; `query` is the message they frame, nil for octets without a meaning.
        case send(pieces: [[UInt8]], delayNanoseconds: Int64, query: [UInt8]?)
        case wait(nanoseconds: Int64)
        case halfClose
        case reset
    }

    var acts: [Act] = []
    /// Frames after which the session ends; nil for an answer to each query, whatever else comes.
    var receive: Int?
    var untilClose = false
    var timeoutNanoseconds: Int64 = 3_000_000_000
    /// Gives the first frame to the only query whatever its id, so that a wrong id can be seen.
    var takesAnyAnswer = false
}

extension CheckClient {
    /// Plays a plan on one connection.
    func session(_ plan: TCPSessionPlan, to server: Endpoint) -> TCPSessionObservation {
        var player = TCPSessionPlayer(plan: plan, server: server, client: self)
        do throws(NetError) {
            let stream = try player.connect(timeoutNanoseconds: plan.timeoutNanoseconds)
            if try player.play(on: stream) { try stream.reset() }
        } catch {
            player.fail(error)
        }
        return player.finish()
    }

    /// Plays plans of queries, each on a connection of its own; all are open before the first sends, and until the last
    /// is answered.
    func sessions(_ plans: [TCPSessionPlan], to server: Endpoint) -> TCPSessionObservation {
        var lanes = plans.map { SessionLane(TCPSessionPlayer(plan: $0, server: server, client: self)) }
        let patience = plans.map(\.timeoutNanoseconds).max() ?? 0
        let connectEnd = Clock.deadline(after: patience)
        for index in lanes.indices where !isOver { lanes[index].connect(until: connectEnd) }
        for index in lanes.indices where !isOver { lanes[index].playActs() }
        let end = Clock.deadline(after: patience)
        while lanes.contains(where: \.isUnderWay), let slice = sliceTimeout(until: end) {
            for index in lanes.indices where lanes[index].isUnderWay { lanes[index].listen() }
            Clock.sleep(untilMonotonic: Clock.monotonicNanoseconds() + min(slice, 1_000_000))
        }
        return TCPSessionObservation(of: lanes.map { $0.finish() })
    }
}

/// One of many connections that are open together.
private struct SessionLane {
    private var player: TCPSessionPlayer
    private var connection: Connection?

    /// An open stream; a class, because an optional stream cannot be lent.
    private final class Connection {
        let stream: TCPStream
        init(_ stream: consuming TCPStream) { self.stream = stream }
    }

    init(_ player: TCPSessionPlayer) { self.player = player }

    /// Answers are missing and can still come.
    var isUnderWay: Bool { connection != nil && !player.isComplete && !player.observation.isClosed }

    mutating func connect(until instant: Int64) {
        do throws(NetError) {
            let left = max(0, instant - Clock.monotonicNanoseconds())
            connection = Connection(try player.connect(timeoutNanoseconds: left))
        } catch {
            player.fail(error)
        }
    }

    mutating func playActs() {
        guard let connection else { return }
        do throws(NetError) { try player.playActs(on: connection.stream) } catch { fail(error) }
    }

    /// Reads what is there.
    mutating func listen() {
        guard let connection else { return }
        do throws(NetError) { try player.listen(on: connection.stream, until: 0) } catch { fail(error) }
    }

    private mutating func fail(_ error: NetError) {
        player.fail(error)
        connection = nil
    }

    func finish() -> TCPSessionObservation {
        var player = player
        return player.finish()
    }
}

/// Plays one session and sorts what comes back.
private struct TCPSessionPlayer {
    let plan: TCPSessionPlan
    let server: Endpoint
    let client: CheckClient
    var observation = TCPSessionObservation()
    private var deframer = TCPDeframer()
    private var frames: [(octets: [UInt8], at: Int64, realtime: Int64)] = []
    private var queries: [(octets: [UInt8], at: Int64, realtime: Int64)] = []
    /// Queries that no frame answers yet.
    private var open: [[UInt8]] = []
    private var lastSent: Int64
    private var buffer = [UInt8](repeating: 0, count: 65_536)

    init(plan: TCPSessionPlan, server: Endpoint, client: CheckClient) {
        self.plan = plan
        self.server = server
        self.client = client
        lastSent = Clock.monotonicNanoseconds()
    }

    mutating func connect(timeoutNanoseconds: Int64) throws(NetError) -> TCPStream {
        let stream = try TCPStream.connect(to: server, timeoutNanoseconds: timeoutNanoseconds)
        observation.isConnected = true
        observation.connectionCount = 1
        try stream.setNoDelay()
        return stream
    }

    /// Returns whether the client aborts the connection at the end.
    mutating func play(on stream: borrowing TCPStream) throws(NetError) -> Bool {
        if try playActs(on: stream) { return true }
        let end = Clock.monotonicNanoseconds() + plan.timeoutNanoseconds
        while !isComplete, !observation.isClosed, client.sliceTimeout(until: end) != nil {
            try listen(on: stream, until: end, once: true)
        }
        return false
    }

    /// Plays the acts and waits for nothing after them; returns whether the last one aborts the connection.
    @discardableResult
    mutating func playActs(on stream: borrowing TCPStream) throws(NetError) -> Bool {
        for act in plan.acts where !client.isOver {
            switch act {
            case .send(let pieces, let delay, let query):
                if let query {
                    queries.append((query, Clock.monotonicNanoseconds(), Clock.realtimeNanoseconds()))
                    open.append(query)
                }
                for (index, piece) in pieces.enumerated() {
                    if index > 0, delay > 0 { try listen(on: stream, until: Clock.monotonicNanoseconds() + delay) }
                    try stream.send(piece)
                    lastSent = Clock.monotonicNanoseconds()
                }
                try listen(on: stream, until: 0)
            case .wait(let nanoseconds): try listen(on: stream, until: Clock.monotonicNanoseconds() + nanoseconds)
            case .halfClose: try stream.shutdownWrite()
            case .reset: return true
            }
        }
        return false
    }

    var isComplete: Bool {
        guard !plan.untilClose else { return false }
        if let receive = plan.receive { return frames.count >= receive }
        // A frame that answers nothing, such as FORMERR to octets that are no message, ends no wait.
        return open.isEmpty
    }

    /// Reads until an instant; zero reads only what is there already.
    mutating func listen(
        on stream: borrowing TCPStream,
        until instant: Int64,
        once: Bool = false
    ) throws(NetError) {
        repeat {
            let timeout = instant == 0 ? 0 : client.sliceTimeout(until: instant)
            guard let timeout else { return }
            if observation.isClosed {
                client.pause(until: instant)
                return
            }
            guard let count = try stream.receive(into: &buffer, timeoutNanoseconds: timeout) else { continue }
            if count == 0 {
                observation.isClosed = true
                observation.closedAfterNanoseconds = Clock.monotonicNanoseconds() - lastSent
                continue
            }
            let chunk = Array(buffer[..<count])
            deframer.feed(chunk.span)
            while let frame = deframer.next() {
                if frames.isEmpty { observation.segmentsOfFirst = try? stream.receivedDataSegments }
                frames.append((frame, Clock.monotonicNanoseconds(), Clock.realtimeNanoseconds()))
                let answered = open.firstIndex { plan.takesAnyAnswer || Self.answers(frame, $0) }
                if let answered { open.remove(at: answered) }
            }
        } while instant != 0 && !once
    }

    mutating func fail(_ error: NetError) {
        observation.failure = error.description
        if error.isConnectionReset {
            observation.isReset = true
            observation.closedAfterNanoseconds = Clock.monotonicNanoseconds() - lastSent
        }
    }

    /// Matches answers to queries by id and question; a query on its own takes any answer.
    mutating func finish() -> TCPSessionObservation {
        observation.frameCount = frames.count
        observation.receivedIDs = frames.compactMap { MessageHeader.peek($0.octets.span)?.id }
        var unmatched = frames
        for query in queries {
            let index =
                plan.takesAnyAnswer
                ? unmatched.indices.first : unmatched.firstIndex { Self.answers($0.octets, query.octets) }
            let frame = index.map { unmatched.remove(at: $0) }
            let failure =
                observation.failure ?? (observation.isClosed ? "the server closed the connection" : "nothing came")
            observation.exchanges.append(
                Exchange(
                    sent: query.octets,
                    received: frame?.octets,
                    transport: .tcp,
                    server: server,
                    tries: 1,
                    sentAt: query.at,
                    endedAt: frame?.at ?? Clock.monotonicNanoseconds(),
                    sentAtRealtime: query.realtime,
                    endedAtRealtime: frame?.realtime ?? Clock.realtimeNanoseconds(),
                    failure: frame == nil ? failure : nil
                )
            )
        }
        return observation
    }

    private static func answers(_ answer: [UInt8], _ query: [UInt8]) -> Bool {
        guard answer.count >= 12, query.count >= 2, answer[0] == query[0], answer[1] == query[1] else { return false }
        guard QuestionView.end(of: query.span) != nil, QuestionView.end(of: answer.span) != nil else { return true }
        return QuestionView.isSame(answer.span, query.span)
    }
}

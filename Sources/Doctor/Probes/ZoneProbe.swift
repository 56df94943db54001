import DNSWire
import LinuxNet

/// Asks one server the questions of the zones, one after the other, on the calling thread.
struct ZoneProbe: Sendable {
    /// The server.
    let server: Endpoint
    /// UDP or TCP.
    let transport: SocketRow.Transport
    /// Time to wait for one answer.
    let timeoutNanoseconds: Int64

    private static let attempts = 2

    /// Asks each question; what is left when `stop` is raised is not asked.
    func ask(_ questions: [ZoneQuestion], stop: StopFlag) -> [ZoneAnswer] {
        var answers: [ZoneAnswer] = []
        for question in questions where !stop.isRaised {
            answers.append(ZoneAnswer(question: question, outcome: outcome(of: question.question, stop)))
        }
        return answers
    }

    private func outcome(of question: Question, _ stop: StopFlag) -> ZoneAnswer.Outcome {
        do throws(NetError) {
            return transport == .udp ? try askUDP(question, stop) : try askTCP(question)
        } catch {
            return .failed(error.description)
        }
    }

    private func askUDP(_ question: Question, _ stop: StopFlag) throws(NetError) -> ZoneAnswer.Outcome {
        let socket = try UDPSocket(connectedTo: server)
        var buffer = [UInt8](repeating: 0, count: 65_535)
        for attempt in 1...Self.attempts where !stop.isRaised {
            let (query, bytes) = Self.query(question)
            let start = Clock.monotonicNanoseconds()
            try socket.send(bytes)
            while let left = remaining(since: start),
                let datagram = try socket.receive(into: &buffer, timeoutNanoseconds: left)
            {
                guard let rcode = Self.rcode(of: Array(buffer[..<datagram.count]), to: query) else { continue }
                let elapsed = Clock.monotonicNanoseconds() - start
                return .answered(rcode, nanoseconds: elapsed, attempts: attempt)
            }
        }
        return .silent(attempts: Self.attempts)
    }

    private func askTCP(_ question: Question) throws(NetError) -> ZoneAnswer.Outcome {
        let (query, bytes) = Self.query(question)
        let start = Clock.monotonicNanoseconds()
        let stream = try TCPStream.connect(to: server, timeoutNanoseconds: timeoutNanoseconds)
        try stream.send(TCPFrame.wrap(bytes) ?? [], timeoutNanoseconds: timeoutNanoseconds)
        var deframer = TCPDeframer()
        var buffer = [UInt8](repeating: 0, count: 4_096)
        while let left = remaining(since: start),
            let count = try stream.receive(into: &buffer, timeoutNanoseconds: left)
        {
            if count == 0 { return .failed("the server closed the connection without an answer") }
            deframer.feed(buffer.span.extracting(0..<count))
            guard let message = deframer.next() else { continue }
            guard let rcode = Self.rcode(of: message, to: query) else {
                return .failed("what came is no answer to the question")
            }
            return .answered(rcode, nanoseconds: Clock.monotonicNanoseconds() - start, attempts: 1)
        }
        return .silent(attempts: 1)
    }

    private func remaining(since start: Int64) -> Int64? {
        let left = timeoutNanoseconds - (Clock.monotonicNanoseconds() - start)
        return left > 0 ? left : nil
    }

    private static func query(_ question: Question) -> (Message, [UInt8]) {
        let message = Message(id: UInt16.random(in: 0...UInt16.max), questions: [question], edns: EDNS())
        return (message, (try? message.encode()) ?? [])
    }

    private static func rcode(of bytes: [UInt8], to query: Message) -> RCode? {
        guard let reply = try? Message(decoding: bytes), reply.flags.isResponse, reply.id == query.id,
            let asked = query.questions.first, let echoed = reply.questions.first,
            echoed.type == asked.type, echoed.class == asked.class, echoed.name.isEqual(ignoringCase: asked.name)
        else { return nil }
        return reply.rcode
    }
}

/// One step of a check.
package struct CheckStep: Sendable {
    /// What a step does.
    package enum Action: Sendable {
        /// Asks and waits for the answer, again when a datagram seems lost.
        case query(QueryStep)
        /// Asks several times and saves a list.
        case queries(QueryStep, QueryRepetition)
        /// Sends several questions at once from one UDP socket, as a stub resolver does with A and AAAA; saves a list.
        case burst(BurstStep)
        /// Sends and expects that nothing comes back within the window; the server must answer afterwards.
        case silence(QueryStep, windowNanoseconds: Int64)
        /// Asks at a fixed pace and saves a list.
        case poll(PollStep)
        /// Sends at a fixed rate from one UDP socket whether answers come or not, each once; saves a list.
        case load(SteadyLoadStep)
        /// Plays a script on one TCP connection.
        case tcp(TCPScript)
        case wait(WaitStep)
        case http(HTTPStep)
        /// Reads the metrics page.
        case scrape(HTTPStep.Listener)
        /// Looks at the node around the target.
        case node
        /// Does something to the lab around the target.
        case lab(LabAct)
    }

    package let action: Action
    /// The name under which assertions and later steps find what the step saw.
    package let save: String?
    /// The step happens only where this holds.
    package let condition: Statement?
    /// What happens while the step runs, in order; these steps have no condition and no company.
    package let meanwhile: [CheckStep]
    package let line: Int
}

/// Which server a step speaks to.
package enum StepServer: String, Sendable, Hashable, CaseIterable {
    /// The system under test.
    case target
    /// The cluster DNS behind it, asked directly.
    case cluster
}

/// The transport of a query.
package enum StepTransport: String, Sendable, Hashable, CaseIterable {
    case udp, tcp
}

/// A query with its transport and patience.
package struct QueryStep: Sendable {
    package let message: MessageTemplate
    package let transport: StepTransport
    package let server: StepServer
    /// How often a UDP query is sent before silence is believed.
    package let tries: Int
    /// How long each try waits.
    package let timeoutNanoseconds: Int64
    /// Over UDP, takes an answer from any address and port, so that a wrong one can be seen.
    package let isUnconnected: Bool
    /// How long the socket stays open after a UDP answer, to see what else comes.
    package var lingerNanoseconds: Int64 = 0
}

/// How often a query is asked and what differs between the times.
package struct QueryRepetition: Sendable, Hashable {
    /// `{{i}}` counts from 0 to one less.
    package let count: Int
    /// What `{{item}}` stands for in turn; empty when the step has no such list.
    package let items: [String]
    /// How many are under way at a time.
    package let parallel: Int
}

/// Questions sent together from one socket.
package struct BurstStep: Sendable {
    package let messages: [MessageTemplate]
    package let server: StepServer
    /// How often the unanswered ones are sent before silence is believed.
    package let tries: Int
    /// How long each try waits.
    package let timeoutNanoseconds: Int64
}

/// Repeats a query at a fixed pace.
package struct PollStep: Sendable {
    package let query: QueryStep
    package let everyNanoseconds: Int64
    /// When polling ends, an instant such as `first + 6s`.
    package let until: Expression
    /// Ends polling early once this holds; the last exchange is called `this`.
    package let stop: Statement?
}

/// A steady stream of questions.
package struct SteadyLoadStep: Sendable {
    package let message: MessageTemplate
    package let server: StepServer
    /// Queries in each second.
    package let rate: Int
    package let durationNanoseconds: Int64
    /// How long the last answers may take.
    package let timeoutNanoseconds: Int64

    /// Queries in all.
    package var count: Int { max(1, Int(Double(durationNanoseconds) * Double(rate) / 1e9)) }
}

/// A pause.
package enum WaitStep: Sendable {
    case duration(nanoseconds: Int64)
    /// An instant such as `first + 11s`.
    case until(Expression)
}

/// One HTTP GET.
package struct HTTPStep: Sendable {
    /// Which listener of the cache.
    package enum Listener: String, Sendable, Hashable, CaseIterable {
        case health, metrics
        /// The metrics of node-cache's own set-up, on port 9353 of the target's address.
        case setup
    }

    package let listener: Listener
    /// Asks the port on 127.0.0.1 instead of the listener's own address.
    package let onLoopback: Bool
    package let path: String
    package let timeoutNanoseconds: Int64
}

/// What happens on one TCP connection, in order; answers are collected all the while.
package struct TCPScript: Sendable {
    /// One act of the client.
    package enum Act: Sendable {
        /// Sends framed queries, `{{i}}` counting from 0, the octets cut after each of `split` with `delay` between the
        /// pieces; `everyOctet` sends them one by one.
        case query(MessageTemplate, count: Int, split: [Int], everyOctet: Bool, delayNanoseconds: Int64)
        /// Sends octets without a frame; the template is hex.
        case octets(String)
        case wait(nanoseconds: Int64)
        /// Closes the sending direction.
        case halfClose
        /// Aborts the connection.
        case reset

        /// A query whose octets leave together, so that many connections can send theirs one after the other.
        var isQueryAtOnce: Bool {
            if case .query(_, _, let split, let everyOctet, _) = self { split.isEmpty && !everyOctet } else { false }
        }
    }

    package let acts: [Act]
    /// How many connections play the script; all of them are open before any sends, and until the last is answered.
    package let connections: Int
    package let server: StepServer
    /// Ends the session after this many answers; nil for one each query.
    package let receive: Int?
    /// Waits until the server closes instead of counting answers.
    package let untilClose: Bool
    /// How long to wait for answers after the last act.
    package let timeoutNanoseconds: Int64
}

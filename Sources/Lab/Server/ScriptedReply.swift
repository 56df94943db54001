/// What a scripted server does about one query.
package struct ScriptedReply: Equatable, Sendable {
    /// The act itself.
    package enum Act: Equatable, Sendable {
        /// Sends these messages, one datagram or frame each.
        case send([[UInt8]])
        /// Sends these messages and ends the TCP connection by FIN.
        case sendAndClose([[UInt8]])
        /// Sends the first half of this message as a frame over TCP; over UDP like ``nothing``.
        case half([UInt8])
        /// Leaves the query unanswered.
        case nothing
        /// Ends the TCP connection by RST; over UDP like ``nothing``.
        case reset
        /// Ends the TCP connection by FIN; over UDP like ``nothing``.
        case close
    }

    /// What is done.
    package var act: Act
    /// How much later than usual it is done, in nanoseconds.
    package var stallNanoseconds: Int64 = 0
}

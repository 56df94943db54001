package import DNSWire

/// What a name server has to say to one question, without header bits that belong to the exchange.
package struct ZoneAnswer: Sendable, Equatable {
    /// The response code.
    package var rcode: RCode = .noError
    /// AA: the answer is the zone's own.
    package var isAuthoritative = false
    /// RA: the server resolves names of others.
    package var recursionAvailable = false
    /// The answer section.
    package var answers: [ResourceRecord] = []
    /// The authority section.
    package var authorities: [ResourceRecord] = []
    /// The additional section, without OPT.
    package var additionals: [ResourceRecord] = []

    /// Creates an empty NOERROR answer.
    package init(
        rcode: RCode = .noError,
        isAuthoritative: Bool = false,
        recursionAvailable: Bool = false,
        answers: [ResourceRecord] = [],
        authorities: [ResourceRecord] = [],
        additionals: [ResourceRecord] = []
    ) {
        self.rcode = rcode
        self.isAuthoritative = isAuthoritative
        self.recursionAvailable = recursionAvailable
        self.answers = answers
        self.authorities = authorities
        self.additionals = additionals
    }
}

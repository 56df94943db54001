package import DNSWire

/// One instruction in a label of a scripted name.
///
/// The grammar is strict: a label that is none of these makes the whole name unanswerable, so that a typo in a check
/// shows as REFUSED and never as a check that passes without its fault.
package enum ScriptDirective: Equatable, Sendable {
    /// `count-N`: N records in the answer.
    case count(Int)
    /// `ttl-N`, `ttl-N-M-…`: TTLs of the answer's records, used in turn.
    case ttls([UInt32])
    /// `soattl-N`: TTL of the SOA record of a denial.
    case soaTTL(UInt32)
    /// `soamin-N`: MINIMUM of the SOA record of a denial.
    case soaMinimum(UInt32)
    /// `rcode-NAME` or `rcode-N`: the response code; any but NOERROR empties the answer.
    case rcode(RCode)
    /// `nodata`: NOERROR without answer.
    case noData
    /// `nosoa`: no SOA record in the denial.
    case noSOA
    /// `stall-Nms`: the answer leaves N milliseconds late.
    case stall(milliseconds: Int64)
    /// `silent`, `reset`, `close`: no answer at all; the last two end the TCP connection by RST or FIN. `half`: over TCP
    /// the first half of the answer, after which the connection stays open and mute.
    case withhold(Withholding)
    /// `tc`: TC=1 and a partial answer over UDP and TCP; `tcudp`: TC=1 and no answer, over UDP alone.
    case truncated(overTCPToo: Bool)
    /// A damage to the finished message.
    case damage(Damage)
    /// `cname`, `cname-N`: an alias with TTL N (300) before the answer.
    case alias(ttl: UInt32)
    /// `txt-N`: a TXT answer of one record with N octets of text.
    case textSize(Int)
    /// `aa`, `noaa`, `ra`, `nora`, `ad`, `z`: forces a header bit.
    case bit(HeaderBit, Bool)
    /// `noopt`: no OPT record in the response; `opt`: one even when the query has none.
    case opt(Bool)
    /// `ede-N`: an extended error with info-code N (RFC 8914).
    case extendedError(UInt16)
    /// `ecs`: the client subnet of the query comes back with its whole prefix as the scope (RFC 7871).
    case clientSubnet
    /// `lower`: the question is echoed in lower case.
    case lowercaseQuestion
    /// `rrsig`: an RRSIG record beside the answer when the query has DO=1.
    case signature
    /// `hangup`: the answer, and after it FIN at once; over UDP the answer alone.
    case hangup
    /// `first-N`: what the name says counts for the first N askings only, then comes the plain answer.
    case first(Int)
    /// `after-N`: the first N askings get the plain answer, then counts what the name says.
    case after(Int)
    /// `transfer-N`: a zone transfer (AXFR) over TCP comes in N messages, SOA in the first and the last.
    case transfer(messages: Int)
    /// `x-ANYTHING`: nothing; makes names that lie below each other.
    case nothing

    /// How an answer is withheld.
    package enum Withholding: String, Sendable, CaseIterable {
        case silent
        case reset
        case close
        case half
    }

    /// What is done to the octets of a finished message.
    package enum Damage: Equatable, Sendable {
        /// `truncated-bytes-N`: only the first N octets are sent.
        case cut(to: Int)
        /// `trailing-bytes-N`: N zero octets follow the message.
        case trailing(Int)
        /// `wrong-id`: another identifier.
        case wrongID
        /// `wrong-question`: another name in the question.
        case wrongQuestion
        /// `wrong-class`: class CH in question and records.
        case wrongClass
        /// `no-question`: no question section.
        case noQuestion
        /// `no-qr`: QR=0.
        case notAResponse
        /// `garbage-N`: N octets that mean nothing.
        case garbage(Int)
        /// `duplicate`: the message twice.
        case duplicate
        /// `loop-pointer`: the owner of the first record points at itself.
        case loopPointer
        /// `long-data`: the first record claims more octets of data than follow.
        case longData
        /// `more-records`: the header counts one answer more than there are.
        case moreRecords
    }

    /// A header bit that a directive forces.
    package enum HeaderBit: Sendable {
        case authoritative
        case recursionAvailable
        case authenticData
        case z
    }

    /// Reads one label; `nil` for a label that is no directive.
    package init?(label: String) {
        let label = label.lowercased()
        if let fixed = Self.fixed[label] {
            self = fixed
            return
        }
        if label.hasPrefix("x-") {
            self = .nothing
            return
        }
        guard let dash = label.lastIndex(of: "-"), label.index(after: dash) < label.endIndex else { return nil }
        let tail = String(label[label.index(after: dash)...])
        let parsed: ScriptDirective? =
            switch label[..<dash] {
            case "count": Self.number(tail, 0...4_000).map { .count($0) }
            case "soattl": UInt32(tail).map { .soaTTL($0) }
            case "soamin": UInt32(tail).map { .soaMinimum($0) }
            case "rcode": Self.rcode(tail).map { .rcode($0) }
            case "stall": Self.milliseconds(tail).map { .stall(milliseconds: $0) }
            case "cname": UInt32(tail).map { .alias(ttl: $0) }
            case "txt": Self.number(tail, 0...65_000).map { .textSize($0) }
            case "ede": UInt16(tail).map { .extendedError($0) }
            case "first": Self.number(tail, 0...1_000_000).map { .first($0) }
            case "transfer": Self.number(tail, 2...1_000).map { .transfer(messages: $0) }
            case "after": Self.number(tail, 0...1_000_000).map { .after($0) }
            case "truncated-bytes": Self.number(tail, 0...65_535).map { .damage(.cut(to: $0)) }
            case "trailing-bytes": Self.number(tail, 0...1_000).map { .damage(.trailing($0)) }
            case "garbage": Self.number(tail, 0...4_000).map { .damage(.garbage($0)) }
            default: Self.ttls(label).map { .ttls($0) }
            }
        guard let parsed else { return nil }
        self = parsed
    }

    private static let fixed: [String: ScriptDirective] = [
        "nodata": .noData, "nosoa": .noSOA, "silent": .withhold(.silent), "reset": .withhold(.reset),
        "close": .withhold(.close), "half": .withhold(.half), "tc": .truncated(overTCPToo: true),
        "tcudp": .truncated(overTCPToo: false),
        "wrong-id": .damage(.wrongID), "wrong-question": .damage(.wrongQuestion), "wrong-class": .damage(.wrongClass),
        "no-question": .damage(.noQuestion), "no-qr": .damage(.notAResponse), "duplicate": .damage(.duplicate),
        "loop-pointer": .damage(.loopPointer), "long-data": .damage(.longData),
        "more-records": .damage(.moreRecords), "cname": .alias(ttl: 300), "aa": .bit(.authoritative, true),
        "noaa": .bit(.authoritative, false), "ra": .bit(.recursionAvailable, true),
        "nora": .bit(.recursionAvailable, false), "ad": .bit(.authenticData, true), "z": .bit(.z, true),
        "hangup": .hangup, "noopt": .opt(false), "opt": .opt(true), "ecs": .clientSubnet, "lower": .lowercaseQuestion,
        "rrsig": .signature,
    ]

    private static func number(_ text: String, _ range: ClosedRange<Int>) -> Int? {
        Int(text).flatMap { range.contains($0) ? $0 : nil }
    }

    private static func milliseconds(_ text: String) -> Int64? {
        guard text.hasSuffix("ms"), let value = Int64(text.dropLast(2)), (0...60_000).contains(value) else {
            return nil
        }
        return value
    }

    private static func rcode(_ text: String) -> RCode? {
        if let number = UInt16(text), number < 4_096 { return RCode(rawValue: number) }
        return RCode(mnemonic: text.uppercased())
    }

    private static func ttls(_ label: String) -> [UInt32]? {
        let parts = label.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count >= 2, parts[0] == "ttl" else { return nil }
        let values = parts.dropFirst().compactMap { UInt32($0) }
        return values.count == parts.count - 1 ? values : nil
    }
}

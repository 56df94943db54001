import DNSWire

/// The directives of one name, gathered.
struct ScriptPlan {
    var count = 1
    var ttls: [UInt32]
    var soaTTL: UInt32
    var soaMinimum: UInt32
    var rcode = RCode.noError
    var isEmpty = false
    var hasSOA = true
    var stallNanoseconds: Int64 = 0
    var withholding: ScriptDirective.Withholding?
    var truncation: Bool?
    var damages: [ScriptDirective.Damage] = []
    var aliasTTL: UInt32?
    var textSize: Int?
    var bits: [(ScriptDirective.HeaderBit, Bool)] = []
    var hasOPT: Bool?
    var extendedError: UInt16?
    var echoesClientSubnet = false
    var lowercasesQuestion = false
    var isSigned = false
    var hangsUp = false

    /// Gathers what counts for the `asking`-th query of the name, the first being 1.
    init(_ directives: [ScriptDirective], asking: Int, defaultTTL: UInt32) {
        ttls = [defaultTTL]
        soaTTL = defaultTTL
        soaMinimum = defaultTTL
        for case .first(let limit) in directives where asking > limit { return }
        for case .after(let limit) in directives where asking <= limit { return }
        for directive in directives { apply(directive) }
    }

    private mutating func apply(_ directive: ScriptDirective) {
        switch directive {
        case .count(let value): count = value
        case .ttls(let values): ttls = values
        case .soaTTL(let value): soaTTL = value
        case .soaMinimum(let value): soaMinimum = value
        case .rcode(let value): rcode = value
        case .noData: isEmpty = true
        case .noSOA: hasSOA = false
        case .stall(let milliseconds): stallNanoseconds = milliseconds * 1_000_000
        case .withhold(let value): withholding = value
        case .truncated(let overTCPToo): truncation = overTCPToo
        case .damage(let damage): damages.append(damage)
        case .alias(let ttl): aliasTTL = ttl
        case .textSize(let size): textSize = size
        case .bit(let bit, let value): bits.append((bit, value))
        case .opt(let value): hasOPT = value
        case .extendedError(let code): extendedError = code
        case .clientSubnet: echoesClientSubnet = true
        case .lowercaseQuestion: lowercasesQuestion = true
        case .signature: isSigned = true
        case .hangup: hangsUp = true
        case .first, .after, .transfer, .nothing: break
        }
    }

    /// Whether the response has no records in its answer section beside an alias.
    var isDenial: Bool { isEmpty || rcode != .noError || count == 0 }

    /// The TTL of the record at `position`.
    func ttl(at position: Int) -> UInt32 { ttls[position % ttls.count] }
}

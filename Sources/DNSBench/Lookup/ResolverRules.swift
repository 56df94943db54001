/// What the state machines need of ``LookupSettings``: plain numbers, the resolver's own limits applied.
struct ResolverRules: BitwiseCopyable {
    let resolver: LookupResolver
    /// 1 … 3.
    let serverCount: UInt8
    let attempts: UInt8
    /// What a lookup asks for.
    let families: LookupFamilies
    let options: UInt16
    /// `timeout` of resolv.conf(5).
    let seconds: Int64
    /// The length of a second, nanoseconds.
    let second: Int64
    /// How long silence over TCP is borne where the resolver itself would wait for ever, nanoseconds.
    let patience: Int64

    init(_ settings: LookupSettings, patience: Int64) {
        let known = settings.effectiveOptions
        resolver = settings.resolver
        serverCount = UInt8(clamping: settings.effectiveServers.count)
        attempts = UInt8(clamping: settings.effectiveAttempts)
        families = known.contains(.noAAAA) ? LookupFamilies(.a) : .both
        options = known.rawValue
        seconds = Int64(settings.effectiveTimeout)
        second = settings.second
        self.patience = patience
    }

    func has(_ option: LookupSettings.Options) -> Bool { options & option.rawValue != 0 }

    /// `timeout` in nanoseconds.
    var timeout: Int64 { seconds &* second }
}

/// What lookups of one process share.
struct ResolverProcess: BitwiseCopyable {
    private var turn: UInt32

    /// glibc begins anywhere, Go at 0.
    init(firstTurn: UInt32) { turn = firstTurn }

    /// The first server's index for one more query, or pair of them, as `rotate` has it; 0 without.
    ///
    /// nameserver_offset of resolv/res_send.c and serverOffset of src/net/dnsconfig.go count in the same way.
    mutating func nextOffset(_ rules: ResolverRules) -> UInt8 {
        guard rules.has(.rotate), rules.serverCount > 1 else { return 0 }
        let offset = turn
        turn &+= 1
        return UInt8(offset % UInt32(rules.serverCount))
    }
}

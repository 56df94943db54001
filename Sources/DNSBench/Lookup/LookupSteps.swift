import DNSWire

/// One name on the way of a lookup.
struct LookupStep: Hashable {
    /// The full name; `nil` when it would be longer than a name may be.
    var name: DNSName?
    /// The search domain behind it, by its place in the list; `nil` for the name as the application gave it.
    var domain: Int?

    /// Whether it is the name as the application gave it.
    var isAsIs: Bool { domain == nil }
}

/// What a state machine needs to know of the names on its way.
struct LookupPath: BitwiseCopyable {
    /// How many names there are; 0 when the resolver refuses the name without a query.
    var count: UInt8
    /// The step that tries the name as it is; 255 when none does.
    var asIs: UInt8
    /// One bit a step whose name is too long to be asked.
    var tooLong: UInt64
    /// Whether the name ends in a dot.
    var isRooted: Bool

    init(_ steps: [LookupStep], isRooted: Bool) {
        count = UInt8(clamping: steps.count)
        asIs = steps.firstIndex(where: \.isAsIs).map { UInt8(clamping: $0) } ?? 255
        tooLong = steps.enumerated().reduce(0) { $0 | ($1.element.name == nil ? 1 << UInt64($1.offset) : 0) }
        self.isRooted = isRooted
    }

    func isTooLong(_ step: UInt8) -> Bool { tooLong >> UInt64(step) & 1 != 0 }
}

extension LookupSettings {
    /// The names that are tried for `name`, in order, as far as they do not depend on answers.
    func steps(for name: LookupName) -> [LookupStep] {
        switch resolver {
        case .glibc: glibcSteps(name)
        case .musl: muslSteps(name)
        case .go: goSteps(name)
        }
    }

    /// __res_context_search of resolv/res_query.c, and the check of host names in resolv/nss_dns/dns-host.c.
    private func glibcSteps(_ name: LookupName) -> [LookupStep] {
        guard LookupSettings.isGlibcHostName(name.name) else { return [] }
        let asIs = LookupStep(name: name.name, domain: nil)
        if name.isRooted { return [asIs] }
        var steps: [LookupStep] = []
        let isFirst = name.dots >= effectiveNdots
        if isFirst { steps.append(asIs) }
        var isRootOnList = false
        for (place, domain) in search.enumerated() {
            if domain.isRoot { isRootOnList = true }
            steps.append(LookupStep(name: LookupSettings.join(name.name, domain), domain: place))
        }
        let isWanted = name.dots > 0 || search.isEmpty || !options.contains(.noTLDQuery)
        if isWanted && !isFirst && !isRootOnList { steps.append(asIs) }
        return steps
    }

    /// name_from_dns_search of src/network/lookup_name.c: enough dots, and the search list is not looked at.
    private func muslSteps(_ name: LookupName) -> [LookupStep] {
        guard !name.name.isRoot else { return [] }
        var steps: [LookupStep] = []
        if !name.isRooted && name.dots < effectiveNdots {
            for (place, domain) in search.enumerated() {
                guard let full = LookupSettings.join(name.name, domain) else { continue }
                steps.append(LookupStep(name: full, domain: place))
            }
        }
        steps.append(LookupStep(name: name.name, domain: nil))
        return steps
    }

    /// nameList of src/net/dnsclient_unix.go; names that are too long and those under onion are left out.
    private func goSteps(_ name: LookupName) -> [LookupStep] {
        guard LookupSettings.isGoDomainName(name.name) else { return [] }
        var steps: [LookupStep] = []
        let isFirst = name.isRooted || name.dots >= effectiveNdots
        if isFirst { steps.append(LookupStep(name: name.name, domain: nil)) }
        if !name.isRooted {
            for (place, domain) in search.enumerated() where !domain.isRoot {
                guard let full = LookupSettings.join(name.name, domain) else { continue }
                steps.append(LookupStep(name: full, domain: place))
            }
        }
        if !isFirst { steps.append(LookupStep(name: name.name, domain: nil)) }
        return steps.filter { $0.name.map { !LookupSettings.isOnion($0) } ?? false }
    }

    private static func join(_ name: DNSName, _ domain: DNSName) -> DNSName? {
        try? DNSName(labels: name.labels + domain.labels)
    }

    /// __libc_res_hnok of resolv/res-name-checking.c.
    private static func isGlibcHostName(_ name: DNSName) -> Bool {
        guard name.labels.first?.first != UInt8(ascii: "-") else { return false }
        return name.labels.allSatisfy { $0.allSatisfy { isLetterOrDigit($0) || $0 == 0x2d || $0 == 0x5f } }
    }

    /// isDomainName of src/net/dnsclient.go: letters, digits, `_` and inner hyphens, and not digits alone.
    private static func isGoDomainName(_ name: DNSName) -> Bool {
        if name.isRoot { return true }
        var isNumeric = true
        for label in name.labels {
            guard label.first != 0x2d, label.last != 0x2d else { return false }
            for octet in label {
                guard isLetterOrDigit(octet) || octet == 0x2d || octet == 0x5f else { return false }
                if !(0x30...0x39).contains(octet) { isNumeric = false }
            }
        }
        return !isNumeric
    }

    /// avoidDNS of src/net/dnsclient_unix.go (RFC 7686).
    private static func isOnion(_ name: DNSName) -> Bool {
        name.labelCount > 1 && name.lowercased.labels.last == Array("onion".utf8)
    }

    private static func isLetterOrDigit(_ octet: UInt8) -> Bool {
        octet | 0x20 >= 0x61 && octet | 0x20 <= 0x7a || octet >= 0x30 && octet <= 0x39
    }
}

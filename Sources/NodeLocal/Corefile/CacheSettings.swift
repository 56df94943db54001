package import DNSWire

/// What a `cache` plugin line asks for; defaults and refusals are those of coredns `plugin/cache/setup.go`.
package struct CacheSettings: Sendable, Hashable {
    /// One of the two caches of a server block.
    package struct Side: Sendable, Hashable {
        /// Entries asked for.
        package var capacity: Int
        /// Upper bound of an entry's lifetime in seconds.
        package var maximumTTL: UInt32
        /// Lower bound of an entry's lifetime in seconds; a smaller TTL is raised to it.
        package var minimumTTL: UInt32
        /// Zones for which this side is switched off.
        package var disabledZones: [DNSName]

        /// Entries that fit: 256 shards of a whole number of entries, at least 4 each (coredns `plugin/pkg/cache`).
        package var effectiveCapacity: Int { 256 * max(capacity / 256, 4) }

        /// The TTL that an entry gets from an answer whose smallest TTL is `ttl`.
        package func clamp(_ ttl: UInt32) -> UInt32 { min(max(ttl, minimumTTL), maximumTTL) }
    }

    /// The `prefetch` line.
    package struct Prefetch: Sendable, Hashable {
        /// Hits that make a name popular; 0 is off.
        package var amount: Int
        /// Longest gap between two of those hits.
        package var gapNanoseconds: Int64
        /// Share of the TTL, in percent, below which a refresh starts.
        package var percentage: Int

        /// A `prefetch` line with these arguments.
        package init(amount: Int, gapNanoseconds: Int64, percentage: Int) {
            self.amount = amount
            self.gapNanoseconds = gapNanoseconds
            self.percentage = percentage
        }
    }

    /// The `serve_stale` line.
    package struct ServeStale: Sendable, Hashable {
        /// How long after its end an entry may still be served.
        package var upToNanoseconds: Int64
        /// True when the source is asked before a stale answer is given.
        package var verifies: Bool
    }

    /// Line of the plugin, from 1.
    package var line: Int
    /// Zones that are cached, when the line names some; nil caches each zone of the block.
    package var zones: [DNSName]?
    /// NOERROR with an answer, referrals and SOA-less empty answers.
    package var success = Side(capacity: 9984, maximumTTL: 3600, minimumTTL: 5, disabledZones: [])
    /// NXDOMAIN, NODATA and errors.
    package var denial = Side(capacity: 9984, maximumTTL: 1800, minimumTTL: 5, disabledZones: [])
    /// Lifetime of a cached SERVFAIL.
    package var servfailNanoseconds: Int64 = 5_000_000_000
    /// Refreshes ahead of the end, or nil when off.
    package var prefetch: Prefetch?
    /// Answers after the end, or nil when off.
    package var serveStale: ServeStale?
    /// True when a hit shows the TTL it started with instead of what is left.
    package var keepsTTL = false
}

extension CacheSettings {
    static let properties = [
        "success", "denial", "prefetch", "serve_stale", "serve_stale_policy", "servfail", "disable", "keepttl",
    ]

    init(_ plugin: Plugin, reader: PluginReader) throws(CorefileError) {
        self.init(line: plugin.line)
        var zones = plugin.arguments[...]
        if let first = zones.first, Int(first) != nil {
            let ttl = UInt32(try reader.integer(first, atLeast: 1, for: "cache TTL", line: plugin.line))
            success.maximumTTL = ttl
            denial.maximumTTL = ttl
            zones = zones.dropFirst()
        }
        if !zones.isEmpty {
            var named: [DNSName] = []
            for zone in zones { named.append(try reader.name(zone, line: plugin.line)) }
            self.zones = named
        }
        for line in plugin.block { try read(line, reader: reader) }
    }

    private mutating func read(_ line: CorefileLine, reader: PluginReader) throws(CorefileError) {
        let arguments = Array(line.words.dropFirst())
        switch line.words[0] {
        case "success": try Self.readSide(&success, line, reader: reader)
        case "denial": try Self.readSide(&denial, line, reader: reader)
        case "prefetch":
            try reader.requireArguments(1...3, of: line)
            try readPrefetch(arguments, line: line.line, reader: reader)
        case "serve_stale":
            try reader.requireArguments(0...5, of: line)
            var stale = ServeStale(upToNanoseconds: 3_600_000_000_000, verifies: false)
            if let first = arguments.first {
                stale.upToNanoseconds = try reader.duration(first, for: "serve_stale duration", line: line.line)
            }
            if arguments.count > 1 {
                let mode = arguments[1].lowercased()
                guard ["immediate", "verify"].contains(mode) else {
                    throw reader.refusal(line.line, "the serve_stale mode '\(arguments[1])' is not immediate or verify")
                }
                stale.verifies = mode == "verify"
            }
            serveStale = stale
        case "serve_stale_policy": try reader.requireArguments(1...1, of: line)
        case "servfail":
            try reader.requireArguments(1...1, of: line)
            servfailNanoseconds = try reader.duration(arguments[0], for: "servfail duration", line: line.line)
            guard servfailNanoseconds <= 300_000_000_000 else {
                throw reader.refusal(line.line, "SERVFAIL may be cached for 5 minutes at most (RFC 2308 section 7.1)")
            }
        case "disable":
            try reader.requireArguments(1...64, of: line)
            var zones: [DNSName] = []
            for zone in arguments.dropFirst() { zones.append(try reader.name(zone, line: line.line)) }
            if zones.isEmpty { zones = [.root] }
            switch arguments[0] {
            case "success": success.disabledZones = zones
            case "denial": denial.disabledZones = zones
            default: throw reader.refusal(line.line, "'\(arguments[0])' cannot be disabled; write success or denial")
            }
        case "keepttl":
            try reader.requireArguments(0...0, of: line)
            keepsTTL = true
        default: throw reader.unknownProperty(line, known: Self.properties)
        }
    }

    private static func readSide(
        _ side: inout Side,
        _ line: CorefileLine,
        reader: PluginReader
    ) throws(CorefileError) {
        // CoreDNS passes over what follows the third number.
        try reader.requireArguments(1...64, of: line)
        let what = line.words[0]
        side.capacity = try reader.integer(line.words[1], atLeast: 0, for: "\(what) capacity", line: line.line)
        if line.words.count > 2 {
            side.maximumTTL = UInt32(
                try reader.integer(line.words[2], atLeast: 1, for: "\(what) TTL", line: line.line)
            )
        }
        if line.words.count > 3 {
            side.minimumTTL = UInt32(
                try reader.integer(line.words[3], atLeast: 0, for: "\(what) minimum TTL", line: line.line)
            )
        }
    }

    private mutating func readPrefetch(
        _ arguments: [String],
        line: Int,
        reader: PluginReader
    ) throws(CorefileError) {
        var settings = Prefetch(amount: 0, gapNanoseconds: 60_000_000_000, percentage: 10)
        settings.amount = try reader.integer(arguments[0], atLeast: 0, for: "prefetch amount", line: line)
        if arguments.count > 1 {
            settings.gapNanoseconds = try reader.duration(arguments[1], for: "prefetch duration", line: line)
        }
        if arguments.count > 2 {
            guard arguments[2].hasSuffix("%"), let percentage = Int(arguments[2].dropLast()),
                (10...90).contains(percentage)
            else { throw reader.refusal(line, "the prefetch share '\(arguments[2])' is not 10% to 90%") }
            settings.percentage = percentage
        }
        prefetch = settings.amount > 0 ? settings : nil
    }
}

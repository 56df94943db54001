internal import DNSWire

extension CheckEnvironment {
    /// Restrictions of the upstream functions: a record type, instants, and a list of destination addresses.
    private static let upstreamLabels: Set<String> = ["type", "after", "before", "to"]

    /// Every function of the language with the number of its positional arguments and its labels.
    static let signatures: [String: (arguments: ClosedRange<Int>, labels: Set<String>)] = [
        "count": (1...1, []), "min": (1...1, []), "max": (1...1, []), "sum": (1...1, []), "distinct": (1...1, []),
        "lower": (1...1, []), "upper": (1...1, []), "first": (1...1, []), "last": (1...1, []), "drift": (2...2, []),
        "concat": (2...4, []), "seconds": (1...1, []), "regularities": (1...1, []), "percentile": (2...2, []),
        "upstream.count": (1...1, upstreamLabels),
        "upstream.transports": (1...1, upstreamLabels),
        "upstream.destinations": (1...1, upstreamLabels),
        "upstream.connections": (1...1, upstreamLabels),
        "upstream.names": (1...1, upstreamLabels),
        "upstream.ids": (1...1, upstreamLabels),
        "upstream.times": (1...1, upstreamLabels),
        "upstream.edns": (1...1, upstreamLabels),
        "upstream.edns_sizes": (1...1, upstreamLabels),
        "upstream.edns_flags": (1...1, upstreamLabels),
        "upstream.options": (1...1, upstreamLabels),
        "upstream.ports": (1...1, upstreamLabels), "upstream.flags": (1...1, upstreamLabels),
        "upstream.questions": (1...1, upstreamLabels),
        "upstream.in_one_frame": (1...1, upstreamLabels),
        "upstream.endings": (1...1, upstreamLabels), "upstream.resets": (1...1, upstreamLabels),
        "upstream.idle": (1...1, upstreamLabels),
        "upstream.connects": (1...1, ["after", "before"]), "upstream.probes": (1...1, ["after", "before"]),
        "expected.transport": (1...2, []), "expected.destinations": (1...1, []),
        "expected.expire": (1...1, []), "expected.probes": (1...1, []),
        "expected.success_cap": (1...1, []), "expected.denial_cap": (1...1, []),
        "expected.success_capacity": (1...1, []), "expected.serves_stale": (1...1, []),
        "expected.prefetches": (1...1, []),
        "expected.success_ttl": (2...2, []), "expected.denial_ttl": (2...2, []),
        "metrics.value": (2...2, []), "metrics.delta": (3...3, []),
    ]

    func call(_ name: String, _ arguments: [Expression.Argument]) throws(EvaluationError) -> CheckValue {
        if name.hasPrefix("metrics.") { return try metrics(name, arguments) }
        var positional: [CheckValue] = []
        var labelled: [String: CheckValue] = [:]
        for argument in arguments {
            let value = try value(of: argument.value)
            if let label = argument.label { labelled[label] = value } else { positional.append(value) }
        }
        guard let signature = Self.signatures[name], signature.arguments.contains(positional.count),
            Set(labelled.keys).isSubset(of: signature.labels)
        else { throw EvaluationError("there is no function '\(name)' with these arguments") }
        if let hole = Self.hole(in: positional + labelled.values) { return hole }
        if name.hasPrefix("upstream.") { return try upstream(name, positional[0], labelled) }
        if name.hasPrefix("expected.") { return try expected(name, positional) }
        return try pure(name, positional)
    }

    // MARK: Pure functions

    private func pure(_ name: String, _ values: [CheckValue]) throws(EvaluationError) -> CheckValue {
        if name == "lower" || name == "upper" {
            return try Self.mapText(values[0]) { name == "lower" ? $0.lowercased() : $0.uppercased() }
        }
        if name == "seconds" {
            guard case .integer(let count) = values[0] else { throw EvaluationError("seconds() takes an integer") }
            return .duration(count * 1_000_000_000)
        }
        if name == "percentile" { return try Self.percentile(values[1], of: values[0]) }
        var lists: [[CheckValue]] = []
        for value in values {
            guard case .list(let elements) = value else {
                throw EvaluationError("\(name)() takes lists, not \(value.typePhrase)")
            }
            lists.append(elements)
        }
        let elements = lists[0].filter { !$0.isHole }
        switch name {
        case "count": return .integer(Int64(elements.count))
        case "distinct": return .integer(Int64(Set(elements).count))
        case "first": return lists[0].first ?? .absent("the list is empty")
        case "last": return lists[0].last ?? .absent("the list is empty")
        case "regularities": return .list(Regularity.all(in: try Self.integers(elements, of: name)).map { .text($0) })
        case "concat": return .list(lists.flatMap { $0 })
        case "drift": return try Self.drift(of: lists[0], at: lists[1])
        case "sum":
            return .integer(try Self.integers(elements, of: name).reduce(0, &+))
        default:
            guard let first = elements.first else { return .absent("the list is empty") }
            var best = first
            for element in elements.dropFirst() {
                let isLess = try Self.order(element, best) < 0
                if isLess == (name == "min") { best = element }
            }
            return best
        }
    }

    private static func mapText(
        _ value: CheckValue,
        _ transform: (String) -> String
    ) throws(EvaluationError) -> CheckValue {
        switch value {
        case .text(let text): return .text(transform(text))
        case .list(let elements):
            var mapped: [CheckValue] = []
            for element in elements { mapped.append(try mapText(element, transform)) }
            return .list(mapped)
        case .absent: return value
        default: throw EvaluationError("letter case belongs to text, not to \(value.typePhrase)")
        }
    }

    /// The nearest rank: the least value that at least so many of a hundred do not exceed.
    private static func percentile(
        _ percent: CheckValue,
        of list: CheckValue
    ) throws(EvaluationError) -> CheckValue {
        guard case .list(let elements) = list, case .integer(let percent) = percent, (1...100).contains(percent) else {
            throw EvaluationError("percentile() takes a list and a whole number from 1 to 100")
        }
        var sorted: [CheckValue] = []
        for element in elements where !element.isHole {
            var place = sorted.count
            while place > 0, try order(element, sorted[place - 1]) < 0 { place -= 1 }
            sorted.insert(element, at: place)
        }
        guard !sorted.isEmpty else { return .absent("the list is empty") }
        return sorted[(sorted.count * Int(percent) + 99) / 100 - 1]
    }

    private static func integers(_ values: [CheckValue], of function: String) throws(EvaluationError) -> [Int64] {
        var result: [Int64] = []
        for value in values {
            guard case .integer(let integer) = value else {
                throw EvaluationError("\(function)() takes integers, not \(value.typePhrase)")
            }
            result.append(integer)
        }
        return result
    }

    /// How far counting-down values are from the first value minus the whole seconds since then.
    private static func drift(of values: [CheckValue], at times: [CheckValue]) throws(EvaluationError) -> CheckValue {
        guard values.count == times.count else { throw EvaluationError("drift() takes two lists of one length") }
        var start: (value: Int64, time: Int64)?
        var result: [CheckValue] = []
        for (value, time) in zip(values, times) {
            guard case .integer(let integer) = value, case .time(let instant) = time else {
                result.append(value.isHole ? value : time)
                continue
            }
            let first = start ?? (integer, instant)
            start = first
            result.append(.integer(integer + (instant - first.time) / 1_000_000_000 - first.value))
        }
        return .list(result)
    }

    // MARK: Configuration

    private func expected(_ name: String, _ arguments: [CheckValue]) throws(EvaluationError) -> CheckValue {
        guard case .text(let text) = arguments[0], let queried = try? DNSName(text) else {
            throw EvaluationError("\(name)() takes a domain name first")
        }
        if name == "expected.probes" {
            return .integer(Int64(expectations.zones.filter { $0.zone == queried && $0.probesLoop }.count))
        }
        guard let zone = expectations.zone(for: queried) else {
            return .unknown("the configuration has no zone for \(text)")
        }
        switch name {
        case "expected.transport":
            switch zone.transport {
            case .tcp: return .text("TCP")
            case .udp: return .text("UDP")
            case .mirrorsClient: return arguments.count > 1 ? arguments[1] : .text("CLIENT")
            }
        case "expected.destinations":
            guard !zone.upstreams.isEmpty else {
                return .unknown("the configuration does not name the upstreams of \(zone.zone)")
            }
            let addresses = zone.upstreams + zone.upstreams.flatMap { upstreamAliases[$0] ?? [] }
            return .list(addresses.map { .text($0.description) })
        case "expected.serves_stale": return .boolean(zone.servesStale)
        case "expected.prefetches": return .boolean(zone.prefetches)
        case "expected.success_capacity":
            return zone.successCapacity.map { .integer(Int64($0)) }
                ?? .unknown("the configuration has no cache in \(zone.zone)")
        case "expected.expire": return .duration(zone.expireNanoseconds)
        case "expected.success_cap", "expected.success_ttl":
            return try cap(zone.successTTLCap, floor: zone.successTTLFloor, zone, arguments)
        default:
            return try cap(zone.denialTTLCap, floor: zone.denialTTLFloor, zone, arguments)
        }
    }

    /// The cap itself, or what a TTL becomes under it when one is given.
    private func cap(
        _ cap: UInt32?,
        floor: UInt32,
        _ zone: ExpectedZone,
        _ arguments: [CheckValue]
    ) throws(EvaluationError) -> CheckValue {
        guard let cap else { return .unknown("the configuration has no cache in \(zone.zone)") }
        guard arguments.count > 1 else { return .integer(Int64(cap)) }
        guard case .integer(let ttl) = arguments[1] else { throw EvaluationError("a TTL is an integer") }
        return .integer(min(max(ttl, Int64(floor)), Int64(cap)))
    }

    // MARK: Upstream side

    private func upstream(
        _ name: String,
        _ subject: CheckValue,
        _ labelled: [String: CheckValue]
    ) throws(EvaluationError) -> CheckValue {
        guard let upstream else { return .unknown(captureAbsence) }
        if let impairment = upstream.impairment { return .unobservable(impairment) }
        if name == "upstream.connects" { return try connects(subject, labelled, upstream) }
        if name == "upstream.probes" { return try probes(subject, labelled, upstream) }
        let queries = try upstreamQueries(subject, labelled, upstream)
        func distinct(_ values: [CheckValue]) -> CheckValue {
            var seen: Set<CheckValue> = []
            return .list(values.filter { seen.insert($0).inserted })
        }
        switch name {
        case "upstream.count": return .integer(Int64(queries.count))
        case "upstream.transports": return distinct(queries.map { .text($0.transport.rawValue.uppercased()) })
        case "upstream.destinations": return distinct(queries.map { .text($0.destination.address.description) })
        case "upstream.connections":
            let streams = queries.filter { $0.transport == .tcp }
            return .integer(Int64(Set(streams.map { [$0.source, $0.destination] }).count))
        case "upstream.names": return .list(queries.map { .text($0.name.description) })
        case "upstream.ids": return .list(queries.map { .integer(Int64($0.id)) })
        case "upstream.edns": return .list(queries.map { .integer(Int64($0.opt.count)) })
        case "upstream.edns_sizes":
            return .list(queries.filter { $0.opt.count > 0 }.map { .integer(Int64($0.opt.payloadSize)) })
        case "upstream.edns_flags":
            return .list(queries.filter { $0.opt.count > 0 }.map { .integer(Int64($0.opt.flags)) })
        case "upstream.options": return distinct(queries.flatMap(\.opt.options).map { .integer(Int64($0)) })
        case "upstream.ports": return .list(queries.map { .integer(Int64($0.source.port)) })
        case "upstream.flags": return .list(queries.map { .integer(Int64($0.flags)) })
        case "upstream.questions": return .list(queries.map { .text(WireText.hex($0.question)) })
        case "upstream.in_one_frame": return .list(queries.map { .boolean($0.isInOneFrame) })
        case "upstream.endings":
            return .list(connections(queries).map { .text(upstream.ending(of: $0)?.kind.rawValue ?? "OPEN") })
        case "upstream.resets": return .integer(Int64(connections(queries).filter(upstream.isReset).count))
        case "upstream.idle":
            return .list(
                connections(queries).map { query in
                    upstream.idleNanoseconds(of: query).map(CheckValue.duration)
                        ?? .absent("the cache did not end the connection")
                }
            )
        default: return .list(queries.map { .time($0.realtimeNanoseconds - realtimeOffset) })
        }
    }

    /// The last query of each TCP connection that carried one of these; what ended the connection came later.
    private func connections(_ queries: [UpstreamObservation]) -> [UpstreamObservation] {
        var last: [[Endpoint]: UpstreamObservation] = [:]
        for query in queries where query.transport == .tcp { last[[query.source, query.destination]] = query }
        return last.values.sorted { $0.realtimeNanoseconds < $1.realtimeNanoseconds }
    }

    private func connects(
        _ subject: CheckValue,
        _ labelled: [String: CheckValue],
        _ view: UpstreamView
    ) throws(EvaluationError) -> CheckValue {
        guard case .list(let addresses) = subject else {
            throw EvaluationError("upstream.connects() takes a list of addresses")
        }
        let bounds = try bounds(labelled)
        let texts = Set(addresses.map(\.description))
        return .integer(Int64(view.connects(to: texts, after: bounds["after"], before: bounds["before"])))
    }

    /// The transport of each probe of `loop` that the server block of a zone sent.
    private func probes(
        _ subject: CheckValue,
        _ labelled: [String: CheckValue],
        _ view: UpstreamView
    ) throws(EvaluationError) -> CheckValue {
        guard case .text(let text) = subject, let zone = try? DNSName(text) else {
            throw EvaluationError("upstream.probes() takes a zone")
        }
        let bounds = try bounds(labelled)
        let probes = view.loopProbes(of: zone.lowercased).filter { Self.lies($0.realtimeNanoseconds, in: bounds) }
        return .list(probes.map { .text($0.transport.rawValue.uppercased()) })
    }

    /// The instants `after` and `before` as CLOCK_REALTIME in nanoseconds.
    private func bounds(_ labelled: [String: CheckValue]) throws(EvaluationError) -> [String: Int64] {
        var bounds: [String: Int64] = [:]
        for label in ["after", "before"] {
            guard let value = labelled[label] else { continue }
            guard case .time(let instant) = value else { throw EvaluationError("'\(label)' takes an instant") }
            bounds[label] = instant + realtimeOffset
        }
        return bounds
    }

    private static func lies(_ instant: Int64, in bounds: [String: Int64]) -> Bool {
        bounds["after"].map { instant > $0 } ?? true && bounds["before"].map { instant < $0 } ?? true
    }

    private func upstreamQueries(
        _ subject: CheckValue,
        _ labelled: [String: CheckValue],
        _ view: UpstreamView
    ) throws(EvaluationError) -> [UpstreamObservation] {
        var type: RecordType?
        if let value = labelled["type"] {
            guard case .text(let text) = value, let known = RecordType(mnemonic: text) else {
                throw EvaluationError("'\(value)' is no record type")
            }
            type = known
        }
        let bounds = try bounds(labelled)
        var destinations: Set<CheckValue>?
        if let value = labelled["to"] {
            guard case .list(let addresses) = value else { throw EvaluationError("'to' takes a list of addresses") }
            destinations = Set(addresses)
        }
        return try Self.names(subject).flatMap(view.queries)
            .filter { query in
                (type == nil || query.type == type)
                    && destinations?.contains(.text(query.destination.address.description)) ?? true
                    && Self.lies(query.realtimeNanoseconds, in: bounds)
            }
            .sorted { $0.realtimeNanoseconds < $1.realtimeNanoseconds }
    }

    private static func names(_ subject: CheckValue) throws(EvaluationError) -> [DNSName] {
        switch subject {
        case .text(let text):
            guard let name = try? DNSName(text) else { throw EvaluationError("'\(text)' is no domain name") }
            return [name]
        case .list(let elements):
            var names: [DNSName] = []
            for element in elements { names += try Self.names(element) }
            return names
        default: throw EvaluationError("upstream functions take a name or a list of names, not \(subject.typePhrase)")
        }
    }

    // MARK: Metrics

    private func metrics(_ name: String, _ arguments: [Expression.Argument]) throws(EvaluationError) -> CheckValue {
        let positional = arguments.filter { $0.label == nil }
        guard let signature = Self.signatures[name], signature.arguments.contains(positional.count),
            let last = positional.last, case .text(let family) = try value(of: last.value)
        else { throw EvaluationError("there is no function '\(name)' with these arguments") }
        var labels: [String: String] = [:]
        for argument in arguments {
            guard let label = argument.label else { continue }
            guard case .text(let text) = try value(of: argument.value) else {
                throw EvaluationError("the label '\(label)' of a metric is text")
            }
            labels[label] = text
        }
        var values: [Double] = []
        for argument in positional.dropLast() {
            guard case .path(let parts) = argument.value, let root = parts.first, parts.count == 1,
                let observation = saved[root]
            else { throw EvaluationError("\(name)() takes saved scrapes first") }
            if case .skipped(let reason) = observation { return .unknown(reason) }
            guard case .metrics(let page) = observation else { throw EvaluationError("'\(root)' is no scrape") }
            guard page.isReadable else { return .absent(page.reason) }
            // A counter appears with its first event, so that before it a missing one is zero.
            let isBefore = positional.count == 3 && values.isEmpty
            guard let sum = page.sum(family, labels) ?? (isBefore ? 0 : nil) else {
                return .absent("\(family) is not on the metrics page")
            }
            values.append(sum)
        }
        return .integer(Int64((values.count == 2 ? values[1] - values[0] : values[0]).rounded()))
    }
}

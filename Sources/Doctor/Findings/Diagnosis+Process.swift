import DNSWire

/// Findings on the cache's process and what it is allowed.
extension Diagnosis {
    private static let memoryLimitPercent = 90
    private static let descriptorLimitPercent = 50

    /// The process before and after, or why there is nothing to compare.
    private func processes(_ id: FindingID) -> Result<(ProcessReading, ProcessReading), SkippedFinding> {
        guard let after = facts.after else { return .failure(SkippedFinding(skip(id, Self.stopped))) }
        guard let first = facts.before.process.value, let last = after.process.value else {
            let reason = after.process.reason ?? facts.before.process.reason ?? "?"
            return .failure(SkippedFinding(skip(id, reason)))
        }
        guard first.owner == last.owner else {
            return .failure(
                SkippedFinding(
                    Finding(
                        id,
                        .inconclusive,
                        read: "\(first.owner) was replaced by \(last.owner) while we looked",
                        meaning: "node-cache restarted"
                    )
                )
            )
        }
        return .success((first, last))
    }

    /// Time beyond which rules that somebody flushed count as never set again.
    private static let longestInterval: Int64 = 3_600_000_000_000

    var cacheArguments: Finding {
        let id = FindingID.cacheArguments
        switch facts.arguments {
        case .unreadable(let reason): return skip(id, reason)
        case .value(let arguments):
            guard let addresses = arguments.localAddresses else {
                return skip(id, "the process is not started as node-cache is: it has no -localip")
            }
            var read = "-localip \(addresses.joined(separator: ","))"
            if let interval = arguments.syncInterval { read += ", -syncinterval \(interval)" }
            if let service = arguments.upstreamService { read += ", -upstreamsvc \(service)" }
            let cache = facts.context.cache.address
            guard addresses.contains(where: { IPAddress($0) == cache }) else {
                return Finding(id, .fail, read: "\(read): \(cache) is not among its addresses")
            }
            switch arguments.effectiveInterval {
            case nil:
                return Finding(id, .fail, read: read, meaning: "the interval overflows, and node-cache panics")
            case let interval? where interval > Self.longestInterval:
                return Finding(
                    id,
                    .fail,
                    read: read,
                    meaning: "node-cache multiplies the interval by a second once more, so that rules which somebody "
                        + "flushes are never set again"
                )
            default: break
            }
            if arguments.hasUpstreamAddress == false {
                return Finding(
                    id,
                    .fail,
                    read: "\(read), whose address is not in the environment",
                    meaning: "the Service is younger than the pod or not there, so that zones have no upstream"
                )
            }
            if arguments.isLate { read += "; without -pidfile its rules come a minute late" }
            return Finding(id, .pass, read: read)
        }
    }

    var cacheThrottling: Finding {
        let id = FindingID.cacheThrottling
        switch processes(id) {
        case .failure(let skipped): return skipped.finding
        case .success(let (first, last)):
            let (old, new) = (first.group.throttled, last.group.throttled)
            if let reason = new.reason ?? old.reason { return skip(id, reason) }
            let finding = change(id, [("nr_throttled", old.value.map(Double.init), new.value.map(Double.init))])
            let pressure = last.group.pressure.value.map { "; waited for a CPU in \($0) % of the last 10 s" } ?? ""
            return Finding(id, finding.status, read: "\(last.owner): \(finding.read)\(pressure)")
        }
    }

    /// Whether `used` is so many per cent of `limit`, however small that is.
    private static func isReached(_ percent: Int, of limit: Int, by used: Int) -> Bool {
        Double(used) >= Double(limit) * Double(percent) / 100
    }

    var cacheMemory: Finding {
        let id = FindingID.cacheMemory
        switch processes(id) {
        case .failure(let skipped): return skipped.finding
        case .success(let (first, last)):
            let (group, before) = (last.group, first.group)
            if let reason = group.memory.reason ?? group.memoryLimit.reason { return skip(id, reason) }
            guard let used = group.memory.value, let limit = group.memoryLimit.value else { return skip(id, "?") }
            let bound = limit == Int.max ? "no limit" : "\(limit >> 20) MiB"
            var read = "\(last.owner): \(used >> 20) MiB of \(bound)"
            var status = FindingStatus.pass
            if limit != Int.max, Self.isReached(Self.memoryLimitPercent, of: limit, by: used) { status = .fail }
            if let old = before.killed.value, let new = group.killed.value {
                read += "; \(new &- old) killed in the window, \(new) in all"
                if new > old { status = .fail }
            }
            return Finding(id, status, read: read)
        }
    }

    var cacheDescriptors: Finding {
        let id = FindingID.cacheDescriptors
        guard let after = facts.after else { return skip(id, Self.stopped) }
        guard let process = after.process.value else { return skip(id, after.process.reason ?? "?") }
        if let reason = process.descriptors.reason ?? process.descriptorLimit.reason { return skip(id, reason) }
        guard let used = process.descriptors.value, let limit = process.descriptorLimit.value else {
            return skip(id, "?")
        }
        let bound = limit == Int.max ? "no limit" : "\(limit)"
        let isFull = limit != Int.max && Self.isReached(Self.descriptorLimitPercent, of: limit, by: used)
        return Finding(id, isFull ? .fail : .pass, read: "\(process.owner) holds \(used) descriptors of \(bound)")
    }
}

/// A finding that stands for readings that are not there.
struct SkippedFinding: Error {
    /// The finding.
    let finding: Finding
    init(_ finding: Finding) { self.finding = finding }
}

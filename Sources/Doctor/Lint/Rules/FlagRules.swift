internal import NodeLocal

/// node-cache's command line.
enum FlagRules {
    static let all = [
        unknown, notInImage, value, unread, syncPanics, syncNever, pidfile, conf, skipTeardown,
    ]

    private static func flags(_ subject: LintSubject) -> [(workload: NodeCacheWorkload, flag: GoFlags.Flag)] {
        subject.workloads.flatMap { workload in workload.flags.flags.map { (workload, $0) } }
    }

    static let unknown = LintRule(
        "flag-unknown",
        .error,
        "node-cache has no such flag",
        reason: "Go's flag package ends the process at an unknown flag",
        remedy: "correct the name or take the flag out",
        source: "kubernetes/dns cmd/node-cache/main.go"
    ) { subject in
        flags(subject).filter { NodeCacheFlag.named($0.flag.name) == nil }.map { _, flag in
            let hint = Suggestion.closest(to: flag.name, among: NodeCacheFlag.all.map(\.name))
            return .init(flag.place, "there is no flag -\(flag.name)" + (hint.map { "; did you mean -\($0)?" } ?? ""))
        }
    }

    static let notInImage = LintRule(
        "flag-not-in-image",
        .error,
        "this release of node-cache does not have the flag",
        reason: "Go's flag package ends the process at an unknown flag",
        remedy: "take the flag out, or run a release that has it",
        source: "kubernetes/dns cmd/node-cache/main.go over its tags"
    ) { subject in
        flags(subject).compactMap { workload, flag in
            guard let known = NodeCacheFlag.named(flag.name), let version = workload.version else { return nil }
            if let since = known.since, version < since {
                let from = since > NodeCacheRelease.newest ? "later than \(NodeCacheRelease.newest)" : "\(since)"
                return .init(flag.place, "-\(flag.name) came with node-cache \(from); the image is \(version)")
            }
            if let through = known.through, through < version {
                return .init(flag.place, "-\(flag.name) went with node-cache \(through); the image is \(version)")
            }
            return nil
        }
    }

    static let value = LintRule(
        "flag-value",
        .error,
        "a flag's value cannot be read",
        reason: "node-cache ends at once",
        remedy: "write true or false behind =, a duration with its unit, a port as a number",
        source: "Go package flag; kubernetes/dns cmd/node-cache/main.go"
    ) { subject in
        flags(subject).compactMap { _, flag in
            guard let kind = NodeCacheFlag.named(flag.name)?.kind else { return nil }
            guard let value = flag.value else { return .init(flag.place, "-\(flag.name) has no value") }
            let isRead =
                switch kind {
                case .text: true
                case .boolean:
                    ["1", "t", "T", "true", "TRUE", "True", "0", "f", "F", "false", "FALSE", "False"].contains(value)
                case .duration: DurationText.nanoseconds(value) != nil
                case .port: UInt16(value) != nil
                }
            guard !isRead, Pillars.firstVariable(in: value) == nil else { return nil }
            let hint = kind == .duration && Int(value) != nil ? "; a duration needs a unit, such as \(value)ns" : ""
            return .init(flag.place, "-\(flag.name) cannot be '\(value)'\(hint)")
        }
    }

    static let unread = LintRule(
        "flag-unread",
        .error,
        "words of the command line are not read",
        reason:
            "Go's flag package stops at the first word that is no flag and says nothing; a Boolean takes its value behind "
            + "= alone, so that `-setupiptables false` means true and hides what follows",
        remedy: "write -name=value for Booleans, and take stray words out",
        source: "Go package flag, Command line flag syntax"
    ) { subject in
        subject.workloads.compactMap { workload in
            guard let word = workload.flags.unread.first else { return nil }
            let others = workload.flags.unread.count - 1
            return .init(
                word.place,
                "'\(word.text)' ends the flags" + (others > 0 ? "; \(others) more words are not read" : "")
            )
        }
    }

    private static func sync(_ subject: LintSubject) -> [(
        workload: NodeCacheWorkload, flag: GoFlags.Flag, seconds: Double
    )] {
        flags(subject).compactMap { workload, flag in
            guard flag.name == "syncinterval", let value = flag.value, let seconds = NodeCacheFlag.syncSeconds(value)
            else { return nil }
            return (workload, flag, seconds)
        }
    }

    static let syncPanics = LintRule(
        "syncinterval-panics",
        .error,
        "-syncinterval ends the process",
        reason:
            "node-cache multiplies the duration by a second once more; this one overflows to zero or below, and the "
            + "ticker made of it panics",
        remedy: "leave it out (60 s), or write seconds as nanoseconds: 60ns is a minute",
        source: "kubernetes/dns cmd/node-cache/main.go and app/cache_app.go; Go package time, NewTicker"
    ) { subject in
        sync(subject).filter { $0.seconds <= 0 }.map { _, flag, _ in
            .init(flag.place, "-syncinterval \(flag.value ?? "") overflows and ends node-cache")
        }
    }

    static let syncNever = LintRule(
        "syncinterval-never-fires",
        .warning,
        "-syncinterval is so long that rules are never looked at again",
        reason:
            "node-cache multiplies the duration by a second once more: 60s becomes 147 years. Rules that something removes "
            + "do not come back; without -pidfile they are not even made, since the first tick makes them",
        remedy: "leave it out (60 s), or write seconds as nanoseconds: 60ns is a minute",
        source: "kubernetes/dns cmd/node-cache/main.go and app/cache_app.go"
    ) { subject in
        sync(subject).filter { $0.seconds > 86_400 }.map { workload, flag, seconds in
            let years = Int(seconds / 31_557_600)
            let length = years > 0 ? "\(years) years" : "\(Int(seconds / 86_400)) days"
            let never = workload.setsUpRules && workload.flags["pidfile"] == nil
            return .init(
                flag.place,
                "-syncinterval \(flag.value ?? "") means \(length)"
                    + (never ? ", and nothing makes the rules before" : ""),
                never ? .error : nil
            )
        }
    }

    static let pidfile = LintRule(
        "pidfile-missing",
        .warning,
        "node-cache makes its iptables rules a minute late",
        reason:
            "rules come as soon as the file of -pidfile exists, and without the flag with the first tick, 60 s after the "
            + "start: until then queries are tracked and may be dropped by a policy",
        remedy: "add \"-pidfile\", \"/run/node-cache.pid\" (node-cache 1.17.4 or later)",
        source: "kubernetes/dns#448"
    ) { subject in
        subject.workloads.compactMap { workload in
            guard workload.isCommandLineKnown, workload.setsUpRules, workload.flags["pidfile"] == nil else {
                return nil
            }
            var sentence = "there is no -pidfile"
            if let version = workload.version, version < CoreDNSVersion(1, 17, 4) {
                sentence += ", and node-cache \(version) would not honour it"
            }
            return .init(workload.argumentsPlace, sentence)
        }
    }

    static let conf = LintRule(
        "conf-missing",
        .error,
        "node-cache is not told where to write its Corefile",
        reason:
            "node-cache writes the filled Corefile to the path of -conf and CoreDNS reads it there; the path is empty "
            + "without the flag",
        remedy: "add \"-conf\", \"/etc/Corefile\"",
        source: "kubernetes/dns cmd/node-cache/main.go, parseAndValidateFlags"
    ) { subject in
        subject.workloads.filter { $0.isCommandLineKnown && $0.flags["conf"] == nil }.map {
            .init($0.argumentsPlace, "there is no -conf")
        }
    }

    static let skipTeardown = LintRule(
        "skip-teardown",
        .note,
        "interface and rules stay on the node when node-cache ends",
        reason:
            "a surviving address without a listener refuses each query until the next start, also after the add-on was "
            + "removed; an upgrade across 1.22.19 leaves two sets of rules",
        remedy: "take -skipteardown out unless a second DaemonSet shares the address",
        source: "kubernetes/dns cmd/node-cache/main.go; kubernetes/dns#438"
    ) { subject in
        subject.workloads.compactMap { workload in
            guard workload.isOn("skipteardown", standard: false), let flag = workload.flags["skipteardown"] else {
                return nil
            }
            return .init(flag.place, "-skipteardown is on")
        }
    }
}

/// One lookup of one resolver, without its sockets: takes events and times, returns actions; allocates nothing.
///
/// Sockets are slots 0 … 3 of the lookup. The caller does what it is told in order, and reports what became of it.
struct LookupMachine: BitwiseCopyable {
    /// Socket slots of a lookup.
    static let sockets = 4

    private enum Resolver: BitwiseCopyable {
        case glibc(GlibcLookup)
        case musl(MuslLookup)
        case go(GoLookup)
    }

    private var resolver: Resolver

    /// A lookup along `path`.
    init(_ path: LookupPath, rules: ResolverRules) {
        switch rules.resolver {
        case .glibc: resolver = .glibc(GlibcLookup(path, rules: rules))
        case .musl: resolver = .musl(MuslLookup(path))
        case .go: resolver = .go(GoLookup(path))
        }
    }

    /// The name that is being tried, from 0.
    var step: UInt8 {
        switch resolver {
        case .glibc(let lookup): lookup.step
        case .musl(let lookup): lookup.step
        case .go(let lookup): lookup.step
        }
    }

    /// When ``LookupEvent/elapsed`` is due, CLOCK_MONOTONIC; `.max` when nothing is waited for.
    var deadline: Int64 {
        switch resolver {
        case .glibc(let lookup): lookup.deadline
        case .musl(let lookup): lookup.deadline
        case .go(let lookup): lookup.deadline
        }
    }

    /// Begins at `now`.
    mutating func begin(
        now: Int64,
        rules: ResolverRules,
        process: inout ResolverProcess,
        actions: inout LookupActions
    ) {
        switch resolver {
        case .glibc(var lookup):
            lookup.begin(now: now, rules: rules, process: &process, actions: &actions)
            resolver = .glibc(lookup)
        case .musl(var lookup):
            lookup.begin(now: now, rules: rules, actions: &actions)
            resolver = .musl(lookup)
        case .go(var lookup):
            lookup.begin(now: now, rules: rules, process: &process, actions: &actions)
            resolver = .go(lookup)
        }
    }

    /// Goes on with what has happened by `now`.
    mutating func handle(
        _ event: LookupEvent,
        now: Int64,
        rules: ResolverRules,
        process: inout ResolverProcess,
        actions: inout LookupActions
    ) {
        switch resolver {
        case .glibc(var lookup):
            lookup.handle(event, now: now, rules: rules, process: &process, actions: &actions)
            resolver = .glibc(lookup)
        case .musl(var lookup):
            lookup.handle(event, now: now, rules: rules, actions: &actions)
            resolver = .musl(lookup)
        case .go(var lookup):
            lookup.handle(event, now: now, rules: rules, process: &process, actions: &actions)
            resolver = .go(lookup)
        }
    }
}

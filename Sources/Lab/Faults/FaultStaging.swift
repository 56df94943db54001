/// How a fault comes about; each way has its own proof that the fault is there.
enum FaultStaging: Sendable {
    /// The reference cache has the defect from its start.
    case defect(CacheDefect)
    /// The cache runs another Corefile than the one that its node is judged by.
    case corefile(FaultyCorefile)
    /// Rules of the packet filter change.
    case rules(FaultyRules)
    /// Addresses and routes of the node change: lines for `ip -batch`, then a question to `ip` whose answer shows it.
    case links([String], shownBy: LinkProof, topology: LabTopology? = nil)
    /// Another program of the node disturbs; it says itself when that has begun.
    case disturbance(Disturbance, [String] = [])
    /// A program of the pod disturbs; it says itself when that has begun.
    case podDisturbance(Disturbance, [String])
    /// Something is done to the cache's process or files.
    case act(CacheAct)
    /// Kernel settings of the node, as paths below `/proc/sys/net/ipv4`, and what disturbs besides.
    case settings([String: String], then: Disturbance? = nil, [String] = [])

    /// A question to `ip` and what its answer says of the fault.
    struct LinkProof: Sendable {
        /// The arguments of `ip`.
        var question: [String]
        /// A text of the answer.
        var text: String
        /// Whether the answer must have the text; an answer that is an error has none.
        var isThere: Bool
    }

    /// What is done to the cache.
    enum CacheAct: Sendable {
        case kill
        case freeze
        case throttle
        case limitDescriptors
        case startOnBadCorefile
        case reloadBadCorefile
        case duplicate
        case moveRulesToLegacy
        case pointKubeletAtCluster
    }
}

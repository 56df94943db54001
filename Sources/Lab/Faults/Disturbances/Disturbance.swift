/// What another program on the node does to disturb: the hidden subcommand `lab-role disturb NAME ARGUMENT…`.
enum Disturbance: String, CaseIterable, Sendable {
    /// `listen-udp A:P`: holds a UDP socket and reads nothing from it.
    case listenUDP = "listen-udp"
    /// `listen-tcp A:P`: holds a TCP listener.
    case listenTCP = "listen-tcp"
    /// `mute A:P`: takes TCP connections and never says a word.
    case mute
    /// `page A:P`: serves a page over HTTP that is not CoreDNS's.
    case page
    /// `connect A:P`: keeps trying to open connections.
    case connect
    /// `flood-self`: sends more to a UDP socket of its own than that can hold.
    case floodSelf = "flood-self"
    /// `flood-cache A:P PID`: stops a process for a moment and overfills its UDP socket meanwhile, again and again.
    case floodCache = "flood-cache"
    /// `overflow-listener`: opens more connections to a listener of its own than that can hold.
    case overflowListener = "overflow-listener"
    /// `fill-conntrack A`: makes the kernel track connections to an address until the table is four fifths full.
    case fillConntrack = "fill-conntrack"
    /// `exhaust-ports A:P N`: keeps at least so many closed connections in TIME_WAIT.
    case exhaustPorts = "exhaust-ports"
    /// `load A:P`: asks a server two thousand times a second.
    case load
    /// `ask A:P`: asks a server five times a second.
    case ask

    /// Whether what it sends must be lost on the way.
    var sendsIntoNothing: Bool { self == .connect || self == .fillConntrack }

    /// Whether its last argument is the process id of the cache.
    var concernsCache: Bool { self == .floodCache }
}

/// Local ports that connections to one peer take.
package struct PortUse: Sendable, Hashable {
    /// Those of connections that are open, opening or closing.
    package var active = 0
    /// Those that are kept for stray packets of connections that have ended.
    package var timeWait = 0

    /// No ports.
    package init(active: Int = 0, timeWait: Int = 0) {
        self.active = active
        self.timeWait = timeWait
    }

    /// Adds a socket in a state.
    mutating func add(_ state: SocketRow.State) {
        if state == .timeWait { timeWait += 1 } else { active += 1 }
    }

    /// The sum of both.
    static func + (left: PortUse, right: PortUse) -> PortUse {
        PortUse(active: left.active + right.active, timeWait: left.timeWait + right.timeWait)
    }
}

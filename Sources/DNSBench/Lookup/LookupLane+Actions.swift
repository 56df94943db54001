import DNSWire
import Glibc
import LinuxNet
import Measure

extension LookupLane {
    /// Why a query is no longer waited for.
    enum GivenUp {
        /// Its time is up, or its server cannot be reached.
        case timedOut
        /// The lookup has its answer or goes another way.
        case abandoned
        /// The run ends.
        case interrupted
    }

    /// Tells a lookup what has happened (`nil`: it begins) and does what it wants, until it waits or has ended.
    mutating func advance(_ index: Int, _ event: LookupEvent?, now: Int64, received: Int64) {
        var event = event
        while true {
            actions.removeAll()
            var reason = GivenUp.abandoned
            if let event {
                switch event {
                case .answered: break
                case .failed: reason = .timedOut
                case .elapsed:
                    reason = .timedOut
                    if rules.resolver == .glibc { giveUpAll(of: index) }
                }
                slots[index].machine.handle(event, now: now, rules: rules, process: &process, actions: &actions)
            } else {
                slots[index].machine.begin(now: now, rules: rules, process: &process, actions: &actions)
            }
            perform(index, now: now, received: received, reason: reason)
            guard slots[index].isActive else { return }
            guard let failure = takeFailure(of: index) else { break }
            event = failure
        }
        timers.set(index, to: slots[index].machine.deadline)
    }

    private mutating func takeFailure(of index: Int) -> LookupEvent? {
        for socket in 0..<LookupMachine.sockets {
            guard let reason = slots[index].failures[socket] else { continue }
            slots[index].failures[socket] = nil
            return .failed(socket: UInt8(socket), reason)
        }
        return nil
    }

    private mutating func perform(_ index: Int, now: Int64, received: Int64, reason: GivenUp) {
        var staged = 0
        for position in 0..<actions.count {
            let action = actions[position]
            switch action {
            case .send(let send):
                let isDatagram = slots[index].sockets[Int(send.socket)].kind == .datagrams
                schedule(send, of: index, now: now)
                guard isDatagram else { continue }
                stage(send, of: index, at: staged)
                staged += 1
                if position + 1 < actions.count, case .send(let following) = actions[position + 1],
                    following.socket == send.socket, staged < outgoing.slots
                {
                    continue
                }
                flush(staged, of: index, socket: Int(send.socket), last: position)
                staged = 0
            case .open(let socket, let server):
                open(Int(socket), of: index, server: server)
            case .connect(let socket, let server):
                connect(Int(socket), of: index, server: server)
            case .close(let socket):
                giveUpQueries(of: index, on: socket, as: reason)
                close(Int(socket), of: index)
            case .done(let outcome):
                let slot = slots[index]
                let response = max(1, received &- slot.intended)
                let service = max(1, received &- slot.begun)
                recorder.lookupEnded(response: response, service: service)
                lookups.ended(
                    outcome,
                    response: response,
                    service: service,
                    queries: Int(slot.queryCount),
                    names: Int(slot.nameCount)
                )
                slots[index].isActive = false
                timers.set(index, to: .max)
                pool.giveBack(index)
            }
        }
    }

    /// Where a query stands in its lookup's table.
    private func place(_ send: LookupSend, kind: LookupSlot.Socket.Kind) -> Int {
        let column =
            kind == .datagrams ? (rules.resolver == .go ? 0 : Int(send.server)) : 3
        return send.family.index * 4 + column
    }

    /// Counts a query and draws its id.
    private mutating func schedule(_ send: LookupSend, of index: Int, now: Int64) {
        if send.step != slots[index].lastStep {
            slots[index].lastStep = send.step
            slots[index].nameCount += 1
            // Another name's answers are no longer waited for; theirs were settled when its sockets were closed.
            slots[index].queries = .init(repeating: LookupSlot.Query())
        }
        if send.cause == .first || rules.resolver == .go && send.cause != .truncated {
            slots[index].ids[send.family.index] = newID(beside: slots[index].ids[send.family.other.index])
        }
        let query = table.query(slots[index].name, step: send.step, family: send.family)
        let kind = slots[index].sockets[Int(send.socket)].kind
        let place = place(send, kind: kind)
        // Sent again without an answer so far: the one before has had its time.
        give(up: place, of: index, as: .timedOut)
        let isFirst = slots[index].queryCount == 0
        slots[index].queryCount += 1
        var entry = LookupSlot.Query()
        entry.state = .queued
        entry.socket = send.socket
        entry.step = send.step
        entry.query = query
        entry.intended = isFirst ? slots[index].intended : now
        slots[index].queries[place] = entry
        recorder.counters.scheduled &+= 1
        lookups.asked(send, domain: table.queries[Int(query)].domain)
        if kind == .none {  // the socket could not be made
            slots[index].queries[place].state = .none
            recorder.counters.unsent &+= 1
        }
    }

    /// A random id; musl makes the upper octets of a pair differ, here every pair does.
    private mutating func newID(beside other: UInt16) -> UInt16 {
        var id = UInt16(truncatingIfNeeded: generator.next() >> 16)
        if id >> 8 == other >> 8 { id &+= 0x100 }
        return id
    }

    private func stage(_ send: LookupSend, of index: Int, at position: Int) {
        let query = table.query(slots[index].name, step: send.step, family: send.family)
        let id = slots[index].ids[send.family.index]
        let length = table.encode(query, id: id, to: outgoing.slot(position))
        if rules.resolver == .musl {
            outgoing.setLength(length, ofSlot: position, to: servers[Int(send.server)])
        } else {
            outgoing.setLength(length, ofSlot: position)
        }
    }

    /// Hands the last `count` queries, the actions up to `last`, to the kernel.
    private mutating func flush(_ count: Int, of index: Int, socket: Int, last: Int) {
        let descriptor = slots[index].sockets[socket].descriptor
        var first = 0
        while first < count {
            let before = Clock.monotonicNanoseconds()
            let result = outgoing.sendResult(first: first, count: count - first, on: descriptor)
            for offset in 0..<max(1, result) {
                guard case .send(let send) = actions[last - count + 1 + first + offset] else { continue }
                let place = place(send, kind: .datagrams)
                if result > 0 {
                    markSent(place, of: index, at: before)
                } else {
                    slots[index].queries[place].state = .none
                    recorder.counters.sendErrors &+= 1
                    if result == -Int(ECONNREFUSED) { recorder.counters.refusals &+= 1 }
                    // musl does not look at what became of a send; the others take the socket for dead.
                    if rules.resolver != .musl {
                        slots[index].failures[socket] = result == -Int(ECONNREFUSED) ? .refused : .impossible
                    }
                }
            }
            first += max(1, result)
        }
    }

    /// Counts a query that the kernel took.
    mutating func markSent(_ place: Int, of index: Int, at sent: Int64) {
        slots[index].queries[place].state = .waiting
        slots[index].queries[place].sent = sent
        // In a closed loop nothing is due before it is sent.
        if isClosed { slots[index].queries[place].intended = sent }
        recorder.sent(intended: slots[index].queries[place].intended, at: sent)
    }

    /// Gives up what is waited for in one place; an answer to it is late.
    mutating func give(up place: Int, of index: Int, as reason: GivenUp) {
        switch slots[index].queries[place].state {
        case .none, .over: return
        case .queued:
            recorder.counters.unsent &+= 1
            slots[index].queries[place].state = .none
        case .waiting:
            slots[index].queries[place].state = .over
            switch reason {
            case .timedOut: recorder.timedOut()
            case .abandoned:
                recorder.counters.interrupted &+= 1
                lookups.counters.abandoned &+= 1
            case .interrupted: recorder.counters.interrupted &+= 1
            }
        }
    }

    private mutating func giveUpAll(of index: Int) {
        for place in 0..<LookupSlot.places { give(up: place, of: index, as: .timedOut) }
    }

    private mutating func giveUpQueries(of index: Int, on socket: UInt8, as reason: GivenUp) {
        for place in 0..<LookupSlot.places where slots[index].queries[place].socket == socket {
            give(up: place, of: index, as: reason)
            slots[index].queries[place].state = .none
        }
    }
}

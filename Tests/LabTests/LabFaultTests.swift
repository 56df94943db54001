import NodeLocal
import Testing

@testable import Lab

@Suite("Faults of a lab's node")
struct LabFaultTests {
    private func plan(_ faults: [LabFault], corefile: String? = nil, cache: LabCache = .reference) throws -> LabPlan {
        var options = LabOptions(cache: cache, corefile: corefile)
        options.faults = faults
        return try LabPlan(options)
    }

    @Test("each fault has a name, a summary of its own and a way to be staged", arguments: LabFault.allCases)
    func named(_ fault: LabFault) {
        #expect(fault.rawValue.allSatisfy { $0.isASCII && ($0.isLowercase || $0.isNumber || $0 == "-") })
        #expect(LabFault.allCases.count { $0.summary == fault.summary } == 1)
        if case .corefile = fault.staging { #expect(fault.corefile != nil) }
        if case .defect = fault.staging { #expect(fault.defect != nil) }
    }

    @Test("a spoiled Corefile is what the cache runs on; the node is judged by the sound one")
    func corefiles() throws {
        for fault in LabFault.allCases where fault.corefile != nil {
            let plan = try plan([fault])
            #expect(plan.cacheCorefile != plan.corefile, "\(fault.rawValue)")
            #expect(plan.corefile == (try self.plan([]).corefile))
            // Only a placeholder keeps CoreDNS from starting; these Corefiles are all ones that it takes.
            #expect(throws: Never.self) { try Corefile.parse(plan.cacheCorefile, file: "Corefile") }
        }
        let zones = try Corefile.parse(try plan([.zoneMissing]).cacheCorefile, file: "Corefile").serverBlocks.count
        #expect(zones == (try Corefile.parse(try plan([]).corefile, file: "Corefile").serverBlocks.count) - 1)
        #expect(try !plan([.forceTCPRemoved]).cacheCorefile.contains("force_tcp"))
        #expect(try plan([.corefileStale, .healthRemoved]).cacheCorefile.contains("old.example"))
    }

    @Test("a fault that finds nothing to spoil, or needs a defect of another's cache, is an error with its name")
    func refusals() throws {
        let bare = ".:53 {\n    bind 169.254.20.10\n    forward . 172.18.0.53\n}\n"
        #expect(
            throws: LabError.fault(name: "force-tcp-removed", reason: "the Corefile has nothing that it could change")
        ) {
            try plan([.forceTCPRemoved], corefile: bare)
        }
        #expect(throws: LabError.self) { try plan([.healthFailing], cache: .unbound) }
    }

    @Test("a kept lab gets its faults over the command line of its keeper")
    func kept() throws {
        var options = LabOptions()
        options.faults = [.cacheFrozen, .notrackMissing]
        #expect(try KeepArguments.decode(KeepArguments.encode(options)).faults == options.faults)
    }
}

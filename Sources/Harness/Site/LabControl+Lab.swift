import Conformance
import Glibc
import Lab
import NodeLocal

extension LabControl {
    /// Acts on a running lab.
    init(_ lab: Lab) {
        self.init(
            perform: { (act) throws(LabActError) in
                do throws(LabError) {
                    return try await lab.perform(act)
                } catch {
                    throw LabActError(error)
                }
            },
            restore: { () throws(LabActError) in
                do throws(LabError) { try await lab.restore() } catch { throw LabActError(error) }
            }
        )
    }
}

extension LabActError {
    /// What this lab cannot do skips a check; what should have worked is an error.
    fileprivate init(_ error: LabError) {
        switch error {
        case .options, .missingTool, .missingPrivilege: self = .notApplicable("\(error)")
        default: self = .failed("\(error)")
        }
    }
}

extension Lab {
    /// Does it; gives the Corefile in force when the act has changed it.
    fileprivate func perform(_ act: LabAct) async throws(LabError) -> String? {
        switch act {
        case .reload: try await reloadCache()
        case .corefile(let edits):
            guard var text = corefileInForce else { throw .options("the cache reads no Corefile") }
            for edit in edits {
                let before = text
                do throws(CorefileError) { text = try edit.applied(to: before) } catch { throw .corefile("\(error)") }
                guard text != before else { throw .options("the Corefile has no plugin \(edit.plugin) to change") }
            }
            try await putCorefile(text)
            return text
        case .stop(let signal): try await stopCache(signal.number)
        case .start: try await startCache()
        case .restart(let signal):
            try await stopCache(signal.number)
            try await startCache()
        case .upstream(let state):
            switch state {
            case .on: try await setUpstream(.on)
            case .off: try await setUpstream(.off)
            case .refuse: try await setUpstream(.refuse)
            }
        }
        return nil
    }
}

extension LabAct.LabSignal {
    fileprivate var number: Int32 {
        switch self {
        case .terminate: SIGTERM
        case .kill: SIGKILL
        }
    }
}

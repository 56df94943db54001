import Capture
import Conformance
import DNSBench
import DNSWire
import Lab
import LinuxNet
import NodeLocal
import Results
import Scenario
import SystemPackage

extension Failure {
    /// The sentence and the exit status of an error of any leaf; nil for an error that is none of ours.
    package init?(translating error: any Error) {
        switch error {
        case let failure as Failure: self = failure
        case let error as ScenarioError:
            if case .notFound = error {
                self.init(.inputMissing, error.description)
            } else {
                self.init(.badScenario, error.description)
            }
        case let error as YAMLDiagnostic: self.init(.badScenario, error.description)
        case let error as CorefileError: self.init(.badInput, error.description)
        case let error as DataFileError: self.init(.badInput, error.description)
        case let error as WorkloadError: self.init(.badInput, error.description)
        case let error as LoadPlanError: self.init(.usage, error.description)
        case let error as CheckSelectionError: self.init(.usage, error.description)
        case let error as CaptureError: self.init(Self.status(error), error.description)
        case let error as LabError: self.init(Self.status(error), error.description)
        case let error as ResultError: self.init(Self.status(error), error.description)
        case let error as MergeError: self.init(Self.status(error), error.description)
        case let error as NetError where error.errno == .addressNotAvailable:
            let address = error.endpoint.map { "\($0.address)" } ?? "the address"
            self.init(
                .usage,
                "\(address) is no address of this host's in that network namespace; send from one that is"
            )
        case let error as NetError: self.init(Self.status(error), error.description)
        default: return nil
        }
    }

    private static func status(_ error: CaptureError) -> ExitStatus {
        switch error {
        case .missingCapability: .noPrivilege
        case .cannotOpen: .inputMissing
        case .notACapture, .unsupportedFormat, .unsupportedLinkType: .badInput
        case .noSuchInterface, .filter, .tooManyFiles: .usage
        case .cannotWrite: .cannotCreate
        case .namespace, .live: .bug
        }
    }

    private static func status(_ error: LabError) -> ExitStatus {
        switch error {
        case .missingTool, .notReady, .partDied: .unreachable
        case .missingPrivilege: .noPrivilege
        case .options: .usage
        case .corefile: .badInput
        case .fault: .unreachable
        case .command, .system: .bug
        case .stopped: .interrupted
        }
    }

    private static func status(_ error: MergeError) -> ExitStatus {
        switch error {
        case .tooFew, .duplicateName: .usage
        case .differentScenario, .nothingToAdd: .noVerdict
        }
    }

    private static func status(_ error: ResultError) -> ExitStatus {
        switch error {
        case .missing, .unreadable: .inputMissing
        case .damaged, .unsupportedSchema: .badInput
        case .cannotCreate: .cannotCreate
        case .cannotWrite: .cannotWrite
        }
    }

    private static func status(_ error: NetError) -> ExitStatus {
        switch error.errno {
        case .permissionDenied, .notPermitted: .noPrivilege
        case .addressInUse: .usage
        case .connectionRefused, .noRouteToHost, .networkUnreachable, .timedOut, .hostIsDown: .unreachable
        default: .bug
        }
    }
}

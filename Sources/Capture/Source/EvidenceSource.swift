/// A capture file in which findings were made, and to which their frame numbers belong.
package struct EvidenceSource: Sendable {
    /// Where the file is; it is read a second time, so it must be no pipe.
    package var path: String
    package var findings: [EvidenceFinding]
    /// The interface of all frames, when neither the file nor the frames tell; a capture of one interface is such.
    package var interfaceName: String?
    /// Names by the index that cooked frames carry (`LINUX_SLL2`), as `LiveCapture.interfaceNames` has them.
    package var interfaceNames: [UInt32: String]
    /// What tells its interfaces from those of the other sources, which can have the same names.
    private var tap: String?

    package init(
        path: String,
        findings: [EvidenceFinding],
        interfaceName: String? = nil,
        interfaceNames: [UInt32: String] = [:]
    ) {
        self.path = path
        self.findings = findings
        self.interfaceName = interfaceName
        self.interfaceNames = interfaceNames
    }

    /// The files of a capture, each with the findings that cite its frames.
    ///
    /// Findings that cite none stand with the first file.
    package static func sources(of files: [CaptureFileSummary], findings: [EvidenceFinding]) -> [EvidenceSource] {
        files.enumerated().map { index, file in
            let number = files.count > 1 ? index + 1 : 0
            let own = findings.compactMap { finding -> EvidenceFinding? in
                var own = finding
                own.evidence.removeAll { $0.frame.file != number }
                return own.evidence.isEmpty && !(finding.evidence.isEmpty && index == 0) ? nil : own
            }
            var source = EvidenceSource(path: file.path, findings: own)
            if file.isOneOfSeveralTaps { source.tap = file.path.split(separator: "/").last.map(String.init) }
            return source
        }
    }

    /// The name of an interface in the evidence file, given the one that the source knows.
    func interfaceName(_ known: String?) -> String? {
        guard let name = known ?? interfaceName else { return tap }
        return tap.map { "\(name) of \($0)" } ?? name
    }
}

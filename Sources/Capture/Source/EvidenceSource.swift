/// A capture file in which findings were made, and to which their frame numbers belong.
package struct EvidenceSource: Sendable {
    /// Where the file is; it is read a second time, so it must be no pipe.
    package var path: String
    package var findings: [EvidenceFinding]
    /// The interface of all frames, when neither the file nor the frames tell; a capture of one interface is such.
    package var interfaceName: String?
    /// Names by the index that cooked frames carry (`LINUX_SLL2`), as `LiveCapture.interfaceNames` has them.
    package var interfaceNames: [UInt32: String]

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
}

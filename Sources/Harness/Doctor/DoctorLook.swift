package import Doctor
package import Report
package import Results

/// One look at a node: what was found, and the result document of it.
package struct DoctorLook: Sendable {
    /// Every finding, in the order of the report.
    package let findings: [Finding]
    /// The result document.
    package let document: ResultDocument

    /// The findings as reports show them.
    package var entries: [DoctorEntry] { findings.map(DoctorEntry.init) }

    /// The status that the program ends with: 1 when a finding fails; 2 when nothing could be judged well, and under
    /// `--strict` also when a finding does not decide; else 0.
    package func exitStatus(isStrict: Bool) -> ExitStatus {
        if findings.contains(where: { $0.status == .fail }) { return .fail }
        let isOpen = isStrict && findings.contains { $0.status == .inconclusive }
        return isOpen || !findings.contains { $0.status == .pass } ? .noVerdict : .pass
    }
}

extension DoctorEntry {
    /// A finding as reports show it.
    package init(_ finding: Finding) {
        self.init(
            id: finding.id.rawValue,
            title: finding.title,
            status: CheckRecord.Status(rawValue: finding.status.rawValue) ?? .error,
            read: finding.read,
            expected: finding.expected,
            meaning: finding.meaning,
            remediation: finding.remediation
        )
    }
}

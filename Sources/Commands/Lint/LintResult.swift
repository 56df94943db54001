import Doctor

/// What lint has to say about files taken together.
struct LintResult {
    /// The files in which something was known.
    let files: [LintFile]
    /// How Services work, or nil when nobody said.
    let proxyMode: ProxyMode?
    /// What was found, by place.
    let findings: [LintFinding]
    /// Whether a warning fails.
    let isStrict: Bool

    init(files: [LintFile], subject: LintSubject, isStrict: Bool) {
        self.files = files
        proxyMode = subject.proxyMode
        findings = Lint.findings(in: subject)
        self.isStrict = isStrict
    }

    /// How many findings are that bad.
    func count(_ severity: LintSeverity) -> Int { findings.count { $0.severity == severity } }

    /// Whether the exit status says so.
    var isFailed: Bool { findings.contains { $0.severity >= (isStrict ? .warning : .error) } }

    /// `2 errors, 1 warning, 0 notes in 1 file`.
    var sentence: String {
        func words(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }
        let counts = LintSeverity.allCases.reversed().map { words(count($0), $0.rawValue) }
        return counts.joined(separator: ", ") + " in " + words(files.count, "file")
    }
}

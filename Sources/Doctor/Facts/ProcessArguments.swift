internal import NodeLocal

/// The command line of a process.
struct ProcessArguments {
    /// The words behind the program.
    let words: [String]

    /// Reads `/proc/<pid>/cmdline`, whose words end with zero octets.
    init(_ processID: Int32, roots: NodeRoots) throws(ProcError) {
        let bytes = try ProcFile.bytes(roots.process(processID) + "cmdline", limit: 256 << 10)
        words = bytes.split(separator: 0).dropFirst().map { ProcWords.text($0) }
    }

    /// The value of a flag, written `-name value`, `-name=value` or with two dashes; nil without the flag.
    func flag(_ name: String) -> String? {
        CommandLineFlag.value(of: name, in: words)
    }
}

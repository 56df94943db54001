/// What the kernel says of the cache's process.
package struct ProcessReading: Sendable {
    /// Who it is.
    package var owner: SocketOwner
    /// Descriptors that it holds.
    package var descriptors: Reading<Int>
    /// Descriptors that it may hold (RLIMIT_NOFILE); the largest number without a limit.
    package var descriptorLimit: Reading<Int>
    /// Its control group.
    package var group: ControlGroupReading

    /// A reading from parts, for tests.
    package init(
        owner: SocketOwner,
        descriptors: Reading<Int>,
        descriptorLimit: Reading<Int>,
        group: ControlGroupReading
    ) {
        self.owner = owner
        self.descriptors = descriptors
        self.descriptorLimit = descriptorLimit
        self.group = group
    }

    /// Reads a process.
    static func take(_ owner: SocketOwner, roots: NodeRoots) -> ProcessReading {
        let folder = roots.process(owner.processID)
        let descriptors = Folder.names(in: folder + "fd").count
        return ProcessReading(
            owner: owner,
            descriptors: descriptors > 0 ? .value(descriptors) : .unreadable("\(folder)fd cannot be listed"),
            descriptorLimit: Reading { () throws(ProcError) in try limit(folder + "limits") },
            group: ControlGroupReading.take(owner.processID, roots: roots)
        )
    }

    /// The soft limit in `Max open files            1024                 524288               files`.
    private static func limit(_ path: String) throws(ProcError) -> Int {
        for line in try ProcFile.bytes(path, limit: 65_536).split(separator: UInt8(ascii: "\n")) {
            let words = ProcWords.split(line)
            guard words.count >= 4, words[..<3].map(ProcWords.text) == ["Max", "open", "files"] else { continue }
            if words[3].elementsEqual("unlimited".utf8) { return Int.max }
            if let limit: Int = ProcWords.decimal(words[3]) { return limit }
        }
        throw ProcError(path: path, reason: "names no limit of open files")
    }
}

import LinuxNet
package import NodeLocal

/// Files of the cache as its process sees them, inside its container.
package struct CacheFiles: Sendable {
    /// The Corefile that the process was started with.
    package var corefile: Reading<TextFile>
    /// The resolv.conf that the Corefile forwards to; nil when it forwards to none.
    package var resolver: Reading<ResolvConf>?

    /// A text and where it stands.
    package struct TextFile: Sendable, Hashable {
        /// The path inside the container.
        package let path: String
        /// The text; octets that are no UTF-8 are replaced.
        package let text: String

        /// A file from parts, for tests.
        package init(path: String, text: String) {
            self.path = path
            self.text = text
        }
    }

    /// Files from parts, for tests.
    package init(corefile: Reading<TextFile>, resolver: Reading<ResolvConf>?) {
        self.corefile = corefile
        self.resolver = resolver
    }

    /// Reads the files of a process; without one they cannot be read.
    static func take(_ context: DoctorContext, process: Int32?) -> CacheFiles {
        let unseen = "the cache's process cannot be seen from here"
        guard let process else {
            let resolver = context.expectations.unresolvedFiles.isEmpty ? nil : Reading<ResolvConf>.unreadable(unseen)
            return CacheFiles(corefile: .unreadable(unseen), resolver: resolver)
        }
        let roots = context.roots
        let root = ContainerRoot(path: roots.process(process) + "root")
        let corefile = Reading<TextFile> { () throws(ProcError) in
            let arguments = try ProcessArguments(process, roots: roots)
            // The second is the flag of the lab's reference cache.
            guard let path = arguments.flag("conf") ?? arguments.flag("corefile"), path.first == "/" else {
                throw ProcError(path: roots.process(process) + "cmdline", reason: "names no Corefile with -conf")
            }
            return TextFile(path: path, text: ProcWords.text(try ProcFile.bytes(path, in: root)[...]))
        }
        let resolver = context.expectations.unresolvedFiles.first.map { path in
            Reading<ResolvConf> { () throws(ProcError) in try ResolverFile.read(path, in: root) }
        }
        return CacheFiles(corefile: corefile, resolver: resolver)
    }
}

/// Reads files of resolvers.
enum ResolverFile {
    private static let limit = 64 << 10

    /// Reads a resolv.conf, of a container where a root is given.
    static func read(_ path: String, in root: ContainerRoot? = nil) throws(ProcError) -> ResolvConf {
        let bytes: [UInt8]
        if let root {
            bytes = try ProcFile.bytes(path, in: root, limit: limit)
        } else {
            bytes = try ProcFile.bytes(path, limit: limit)
        }
        do throws(ResolvConfError) {
            return try ResolvConf(parsing: bytes)
        } catch {
            throw ProcError(path: path, reason: error.description)
        }
    }
}

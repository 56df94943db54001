import Glibc
import SystemPackage

/// The private directory of a lab: configuration files, logs, and a note of who owns it.
///
/// It lies under `/run/nldns` for root, else under `$XDG_RUNTIME_DIR/nldns`. All that outlives a killed lab is this
/// directory; ``LabLeftovers`` finds it.
struct LabDirectory: Sendable {
    /// The path.
    let path: String

    /// Where the directories of all labs of this user are.
    static var parent: String {
        if let inherited = LabReexec.inheritedParent { return inherited }
        if geteuid() == 0, access("/run", W_OK) == 0 { return "/run/nldns" }
        if let runtime = getenv("XDG_RUNTIME_DIR").map({ String(cString: $0) }), access(runtime, W_OK) == 0 {
            return "\(runtime)/nldns"
        }
        return "/tmp/nldns-\(getuid())"
    }

    /// Makes the directory of a new lab, readable by its owner alone.
    init() throws(LabError) {
        let parent = Self.parent
        mkdir(parent, 0o700)
        var information = stat()
        guard stat(parent, &information) == 0, information.st_uid == geteuid() else {
            throw .system(operation: "make \(parent)", reason: String(cString: strerror(errno)))
        }
        var template = Array("\(parent)/lab-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else {
            throw .system(operation: "make a directory in \(parent)", reason: String(cString: strerror(errno)))
        }
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// Writes a file, making the directory that it is in if needed.
    func write(_ text: String, to file: String) throws(LabError) {
        var directory = FilePath(file)
        directory.removeLastComponent()
        mkdir(directory.string, 0o700)
        do {
            let target = try FileDescriptor.open(
                FilePath(file),
                .writeOnly,
                options: [.create, .truncate],
                permissions: .ownerReadWrite
            )
            try target.closeAfter { _ = try target.writeAll(text.utf8) }
        } catch {
            throw .system(operation: "write \(file)", reason: "\(error)")
        }
    }

    /// Removes the directory with everything in it.
    func remove() { Self.remove(path) }

    /// Removes a tree of files; what cannot be removed stays.
    static func remove(_ path: String) {
        for name in entries(of: path) {
            let child = "\(path)/\(name)"
            if unlink(child) != 0 { remove(child) }
        }
        rmdir(path)
    }

    /// The names in a directory.
    static func entries(of path: String) -> [String] {
        guard let directory = opendir(path) else { return [] }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: entry.pointee.d_name) { pointer in
                // SAFETY: d_name is NUL-terminated by the kernel and lives until the next readdir.
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != "." && name != ".." { names.append(name) }
        }
        return names.sorted()
    }
}

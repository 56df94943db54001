import Glibc

/// The process that holds a socket.
package struct SocketOwner: Sendable, Hashable, CustomStringConvertible {
    /// The process id, as this process sees it.
    package let processID: Int32
    /// The name of its main thread.
    package let name: String

    /// Names a process.
    package init(processID: Int32, name: String) {
        self.processID = processID
        self.name = name
    }

    /// `coredns (pid 812)`.
    package var description: String { "\(name) (pid \(processID))" }
}

extension SocketOwner {
    /// Finds who holds the sockets with these inode numbers, by the links in `/proc/<pid>/fd`.
    ///
    /// A socket is missing in the result when its holder is in another process namespace, or may not be looked at.
    package static func find(_ inodes: Set<UInt64>, roots: NodeRoots = NodeRoots()) -> [UInt64: SocketOwner] {
        var owners: [UInt64: SocketOwner] = [:]
        guard !inodes.isEmpty else { return owners }
        for process in Folder.names(in: roots.proc) {
            guard let processID = Int32(process) else { continue }
            let folder = "\(roots.proc)/\(process)/fd"
            for descriptor in Folder.names(in: folder) {
                guard let inode = inode(ofLink: "\(folder)/\(descriptor)"), inodes.contains(inode),
                    owners[inode] == nil
                else { continue }
                let name = (try? ProcFile.word("\(roots.proc)/\(process)/comm")) ?? "?"
                owners[inode] = SocketOwner(processID: processID, name: name)
            }
            if owners.count == inodes.count { break }
        }
        return owners
    }

    /// The inode in a link text such as `socket:[51239]`; nil for any other link.
    static func inode(inLinkText text: String) -> UInt64? {
        guard text.hasPrefix("socket:["), text.hasSuffix("]") else { return nil }
        return UInt64(text.dropFirst(8).dropLast())
    }

    private static func inode(ofLink path: String) -> UInt64? {
        var buffer = [CChar](repeating: 0, count: 64)
        let count = readlink(path, &buffer, buffer.count)
        guard count > 0 else { return nil }
        return inode(inLinkText: String(decoding: buffer[..<count].map(UInt8.init(bitPattern:)), as: UTF8.self))
    }
}

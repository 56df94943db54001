import CLinuxNet

/// The file tree of a container, as `/proc/<pid>/root` shows it.
package struct ContainerRoot: Sendable, Hashable {
    /// The folder that is the container's root.
    package let path: String

    /// Names a container's root.
    package init(path: String) { self.path = path }

    /// Opens a file for reading; links are followed inside the container alone, and a pipe does not block.
    package func open(_ file: String) throws(NetError) -> OwnedDescriptor {
        OwnedDescriptor(
            adopting: Int32(
                try SystemCall.run("open", subject: path + file) { clinuxnet_open_in_root(path, file) }
            )
        )
    }
}

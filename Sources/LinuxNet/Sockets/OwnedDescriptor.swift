import CLinuxNet

/// A file descriptor with exactly one owner, closed when that owner goes away.
package struct OwnedDescriptor: ~Copyable, Sendable {
    /// The descriptor's number; valid as long as this value lives.
    package let rawValue: Int32

    /// Takes over an open descriptor.
    package init(adopting rawValue: Int32) { self.rawValue = rawValue }

    deinit { _ = clinuxnet_close(rawValue) }

    /// Gives the descriptor away; the caller must close it.
    package consuming func release() -> Int32 {
        let descriptor = rawValue
        discard self
        return descriptor
    }

    /// A second descriptor for the same open file, close-on-exec.
    package func duplicate() throws(NetError) -> OwnedDescriptor {
        let number = rawValue
        return OwnedDescriptor(
            adopting: Int32(try SystemCall.run("duplicate a descriptor") { clinuxnet_duplicate(number) })
        )
    }
}

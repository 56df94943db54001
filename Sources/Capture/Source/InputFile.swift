import Glibc

/// A file, pipe or standard input, read from its beginning to its end without seeking.
struct InputFile: ~Copyable {
    /// What one read gave.
    enum Outcome: Equatable {
        case octets(Int)
        case end
        case failure(String)
    }

    /// The path that means standard input.
    static let standardInput = "-"
    private let descriptor: Int32
    private let isOwned: Bool

    /// Opens the file at `path`; `-` is standard input.
    init(path: String) throws(CaptureError) {
        guard path != Self.standardInput else {
            descriptor = STDIN_FILENO
            isOwned = false
            return
        }
        let opened = open(path, O_RDONLY | O_CLOEXEC)
        guard opened >= 0 else {
            throw .cannotOpen(path: path, reason: String(cString: strerror(errno)))
        }
        descriptor = opened
        isOwned = true
    }

    deinit {
        if isOwned { close(descriptor) }
    }

    /// Reads what is there into `target`, at least one octet; waits for it.
    func read(into target: UnsafeMutableRawBufferPointer) -> Outcome {
        while true {
            let got = Glibc.read(descriptor, target.baseAddress, target.count)
            if got > 0 { return .octets(got) }
            if got == 0 { return .end }
            if errno != EINTR { return .failure("it cannot be read further: \(String(cString: strerror(errno)))") }
        }
    }
}

import Glibc
import LinuxNet

/// A file of /proc that could not be read.
struct ProcError: Error, Equatable, CustomStringConvertible {
    /// The file.
    let path: String
    /// Why, in the system's words.
    let reason: String
    /// True when there is no such file.
    var isMissingFile = false

    /// `path: reason`.
    var description: String { "\(path): \(reason)" }
}

/// Reads files of /proc in pieces.
enum ProcFile {
    /// Octets of one file beyond which reading it would burden the node.
    static let maximumSize = 64 << 20

    /// Fills a table from a file.
    static func read<Table: ProcTable>(_ path: String, into table: Table) throws(ProcError) -> Table {
        var table = table
        var cutter = LineCutter()
        try pieces(of: path) { piece in cutter.feed(piece) { table.add(line: $0) } }
        cutter.finish { table.add(line: $0) }
        table.malformedLines += cutter.overlongLines
        return table
    }

    /// Fills a table from a file; lines that make no sense make it unreadable, since what is not understood may be what
    /// is sought.
    static func wellFormed<Table: ProcTable>(_ path: String, into table: Table) throws(ProcError) -> Table {
        let table = try read(path, into: table)
        guard table.malformedLines == 0 else {
            throw ProcError(path: path, reason: "\(table.malformedLines) of its lines are not understood")
        }
        return table
    }

    /// Reads a file that holds one decimal number.
    static func number(_ path: String) throws(ProcError) -> Int {
        var bytes: [UInt8] = []
        try pieces(of: path) { bytes += $0.prefix(64) }
        let word = bytes.prefix { $0 != UInt8(ascii: "\n") }
        guard let value: Int = ProcWords.decimal(word) else { throw ProcError(path: path, reason: "holds no number") }
        return value
    }

    /// Reads a short file as one line of text.
    static func word(_ path: String) throws(ProcError) -> String {
        var bytes: [UInt8] = []
        try pieces(of: path) { bytes += $0.prefix(256) }
        return ProcWords.text(bytes.prefix { $0 != UInt8(ascii: "\n") })
    }

    /// Reads a small file whole.
    static func bytes(_ path: String, limit: Int = 1 << 20) throws(ProcError) -> [UInt8] {
        var bytes: [UInt8] = []
        var isTooLong = false
        try pieces(of: path) { piece in
            if bytes.count + piece.count > limit { isTooLong = true } else { bytes += piece }
        }
        guard !isTooLong else { throw ProcError(path: path, reason: "is longer than \(limit) octets") }
        return bytes
    }

    /// Reads a small file of a container whole, with the same bound.
    static func bytes(_ file: String, in root: ContainerRoot, limit: Int = 1 << 20) throws(ProcError) -> [UInt8] {
        var (bytes, isTooLong) = ([UInt8](), false)
        let path = root.path + file
        let descriptor: Int32
        do throws(NetError) {
            descriptor = try root.open(file).release()
        } catch {
            throw ProcError(path: path, reason: "\(error.errno)", isMissingFile: error.code == ENOENT)
        }
        defer { close(descriptor) }
        try pieces(of: descriptor, path) { piece in
            if bytes.count + piece.count > limit { isTooLong = true } else { bytes += piece }
        }
        guard !isTooLong else { throw ProcError(path: path, reason: "is longer than \(limit) octets") }
        return bytes
    }

    private static func pieces(of path: String, _ body: (ArraySlice<UInt8>) -> Void) throws(ProcError) {
        // What is no file but a pipe must not block.
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else {
            let code = errno
            throw ProcError(path: path, reason: String(cString: strerror(code)), isMissingFile: code == ENOENT)
        }
        defer { close(descriptor) }
        try pieces(of: descriptor, path, body)
    }

    private static func pieces(
        of descriptor: Int32,
        _ path: String,
        _ body: (ArraySlice<UInt8>) -> Void
    ) throws(ProcError) {
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        var total = 0
        while true {
            let count = Glibc.read(descriptor, &buffer, buffer.count)
            if count == 0 { return }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw ProcError(path: path, reason: String(cString: strerror(errno))) }
            total += count
            guard total <= maximumSize else {
                throw ProcError(path: path, reason: "is longer than \(maximumSize >> 20) MiB")
            }
            body(buffer[..<count])
        }
    }
}

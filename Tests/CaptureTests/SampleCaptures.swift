import Glibc
import Testing

/// The sample captures beside the package; they are read there and are no part of it.
enum SampleCaptures {
    /// The folder that holds them.
    static let folder: String = {
        let parts = #filePath.split(separator: "/").dropLast(4)
        return "/" + parts.joined(separator: "/") + "/shared/captures"
    }()

    /// Whether they are there.
    static let arePresent = access(folder + "/dnso1tcp.pcap", R_OK) == 0

    /// Why a test is skipped without them.
    static let comment = "the sample captures are not beside the package, in ../shared/captures"

    /// The path of one of them.
    static func path(_ name: String) -> String {
        folder + "/" + name + ".pcap"
    }

    /// The octets of one of them.
    static func bytes(_ name: String) throws -> [UInt8] {
        let descriptor = open(path(name), O_RDONLY)
        try #require(descriptor >= 0)
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: 1 << 18)
        let count = read(descriptor, &bytes, bytes.count)
        return Array(bytes.prefix(max(count, 0)))
    }

    /// Writes a changed copy for a test.
    static func write(_ bytes: [UInt8], to path: String) throws {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        try #require(descriptor >= 0)
        defer { close(descriptor) }
        try #require(Glibc.write(descriptor, bytes, bytes.count) == bytes.count)
    }
}

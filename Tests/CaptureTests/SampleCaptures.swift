import Glibc

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
}

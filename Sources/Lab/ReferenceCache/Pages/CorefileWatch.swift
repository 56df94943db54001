import DNSWire
import LinuxNet
import NodeLocal
import Synchronization

/// Reads the Corefile again from time to time and puts a changed one into force (plugin/reload).
final class CorefileWatch: Sendable {
    private let path: String
    private let reload: CacheConfiguration.Reload?
    private let control: CacheControl
    private let known: Mutex<UInt64>
    private let intervalNanoseconds: Int64

    /// A watch over `path`, whose text in force has `fingerprint`.
    init(path: String, fingerprint: UInt64, reload: CacheConfiguration.Reload?, control: CacheControl, seed: UInt64) {
        self.path = path
        self.reload = reload
        self.control = control
        known = Mutex(fingerprint)
        var random = SplitMix(seed: seed)
        let jitter = reload?.jitterNanoseconds ?? 0
        let shift = jitter > 0 ? Int64.random(in: 0..<jitter, using: &random) - jitter / 2 : 0
        intervalNanoseconds = (reload?.intervalNanoseconds ?? 0) + shift
    }

    /// Looks at the file at each interval until the server ends.
    func run() async {
        guard reload != nil, intervalNanoseconds > 0 else { return }
        while !control.stop.isRaised, !Task.isCancelled {
            try? await Task.sleep(nanoseconds: UInt64(intervalNanoseconds))
            guard !control.stop.isRaised, !Task.isCancelled else { return }
            read(isForced: false)
        }
    }

    /// Reads the file now and puts it into force even when it says the same.
    func readNow() { read(isForced: true) }

    private func read(isForced: Bool) {
        guard let text = TextFile.read(path) else { return }
        do {
            let corefile = try Corefile.parse(text, file: path)
            let fingerprint = CacheConfiguration.fingerprint(corefile)
            let isNew = known.withLock { known in
                defer { known = fingerprint }
                return known != fingerprint
            }
            guard isNew || isForced else { return }
            control.apply(try CacheConfiguration(corefile, servers: ResolverFile.servers))
            let version = String(fingerprint, radix: 16)
            control.ledger.record { $0.reloadVersion = version }
        } catch {
            // A file that is as broken as last time is not counted again.
            let mark = text.utf8.reduce(UInt64(1)) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
            let isNew = known.withLock { known in
                defer { known = mark }
                return known != mark
            }
            guard isNew || isForced else { return }
            control.ledger.record { $0.reloadFailures += 1 }
            control.noteReload(isComplete: false)
        }
    }
}

/// The servers that a file in the form of resolv.conf(5) names.
enum ResolverFile {
    /// The addresses after `nameserver`, on port 53; none when the file cannot be read.
    static func servers(_ path: String) -> [Endpoint] {
        (TextFile.read(path) ?? "").split(separator: "\n").compactMap { line in
            let words = line.split(whereSeparator: { $0 == " " || $0 == "\t" })
            guard words.count > 1, words[0] == "nameserver" else { return nil }
            return IPAddress(String(words[1])).map { Endpoint(address: $0, port: 53) }
        }
    }
}

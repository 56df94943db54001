import ArgumentParser
import DNSWire
import Glibc
import Harness
import Lab

/// One side of a comparison as the user names it.
enum ArmFlag: ExpressibleByArgument, Equatable {
    /// A server.
    case address(Endpoint)
    /// A cache that the lab knows by name.
    case named(LabFlags.NamedCache)
    /// A file: a cache binary if it can be run, else a Corefile.
    case path(String)

    init?(argument: String) {
        if let endpoint = Endpoint(argument, defaultPort: 53) {
            self = .address(endpoint)
        } else if let cache = LabFlags.NamedCache(rawValue: argument) {
            self = .named(cache)
        } else if !argument.isEmpty {
            self = .path(argument)
        } else {
            return nil
        }
    }

    /// The server, or nil.
    var endpoint: Endpoint? {
        if case .address(let endpoint) = self { endpoint } else { nil }
    }

    /// What stands in the lab of this side: what stands in both, but for what this side names.
    func changing(_ options: LabOptions) throws -> LabOptions {
        var options = options
        switch self {
        case .address: break
        case .named(let cache):
            options.cache = cache.peer.map(LabCache.peer) ?? .reference
            options.profile = cache == .referenceRFC ? .rfc : .coreDNS1_13
        case .path(let path):
            var status = stat()
            guard stat(path, &status) == 0 else {
                throw Failure(.inputMissing, "\(path) is neither an address nor a cache binary or Corefile that exists")
            }
            if status.st_mode & S_IFMT == S_IFREG, access(path, X_OK) == 0 {
                options.cache = try LabFlags.binary(path)
            } else {
                options.corefile = try TextFile.read(path, what: "the Corefile")
            }
        }
        return options
    }
}

/// The labs that the sides of a comparison stand in.
struct ArmLabs {
    /// The lab of A, and of B too unless it has one of its own.
    let a: LabOptions
    /// The lab of B.
    let b: LabOptions?

    /// One lab for both sides where nothing but the address differs, else one for each.
    ///
    /// - Throws: ``Failure`` for a topology that has no room for two.
    init(_ a: LabOptions, _ b: LabOptions, areSameServer: Bool) throws {
        self.a = a
        let isOne = a.cache == b.cache && a.defects == b.defects && a.corefile == b.corefile && a.profile == b.profile
        self.b = isOne && !areSameServer ? nil : b
        if self.b != nil, a.topology == .loopback {
            throw Failure(
                .usage,
                "--lab=loopback has room for one cache only; compare two caches with --lab=ipvs or --lab=iptables"
            )
        }
    }

    /// One lab for both sides.
    init(both lab: LabOptions) {
        a = lab
        b = nil
    }
}

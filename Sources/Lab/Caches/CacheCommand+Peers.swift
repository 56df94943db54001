import Glibc
import NodeLocal

extension CacheCommand {
    /// The command of a peer in the foreground; all its files are in `directory`.
    static func peer(
        _ peer: CachePeer,
        expectations: CorefileExpectations,
        directory: String
    ) throws(LabError) -> CacheCommand {
        let program = try peer.tool.find()
        let duties = PeerDuties(expectations)
        var command = CacheCommand(
            name: peer.rawValue,
            words: [program],
            reloadSignal: peer == .unbound ? SIGHUP : nil,
            logsReloads: false,
            servesHTTP: false
        )
        switch peer {
        case .unbound:
            let path = "\(directory)/unbound.conf"
            command.words += ["-d", "-p", "-c", path]
            command.files[path] = UnboundConfiguration(expectations: expectations).text
        case .dnsmasq:
            let path = "\(directory)/dnsmasq.conf"
            command.words += ["--keep-in-foreground", "--log-facility=-", "--conf-file=\(path)"]
            command.files[path] = DnsmasqConfiguration(duties: duties).text
        case .knotResolver:
            let path = "\(directory)/kresd.conf"
            command.words += ["--noninteractive", "--config=\(path)", directory]
            command.files[path] = KnotResolverConfiguration(duties: duties, directory: directory).text
        case .pdnsRecursor:
            let path = "\(directory)/recursor.conf"
            command.words += ["--config-dir=\(directory)", "--socket-dir=\(directory)"]
            command.files[path] = PDNSRecursorConfiguration(duties: duties).text
        case .bind9:
            let path = "\(directory)/named.conf"
            // named leaves out the addresses of an interface that is down, as the cache's own is.
            let script = "ip link set nodelocaldns up 2>/dev/null; exec \"$0\" \"$@\""
            command.words = ["/bin/sh", "-c", script, program, "-g", "-n", "1", "-c", path]
            command.files[path] = BIND9Configuration(duties: duties, directory: directory).text
        case .dnsdist:
            let path = "\(directory)/dnsdist.conf"
            command.words += ["--supervised", "--disable-syslog", "--config", path]
            command.files[path] = DnsdistConfiguration(duties: duties).text
        }
        return command
    }
}

/// Which plugins node-cache is built with.
enum KnownPlugins {
    /// The union over node-cache's versions; kubernetes/dns `cmd/node-cache/main.go`.
    static let nodeCache = [
        "bind", "bufsize", "cache", "debug", "dns64", "errors", "forward", "health", "hosts", "loadbalance", "log",
        "loop", "pprof", "prometheus", "reload", "rewrite", "template", "timeouts", "trace", "whoami",
    ]

    /// Plugins of CoreDNS that node-cache leaves out; coredns/coredns `plugin.cfg`.
    static let coreDNSOnly: Set<String> = [
        "acl", "any", "auto", "autopath", "azure", "cancel", "chaos", "clouddns", "dnssec", "dnstap", "erratic", "etcd",
        "file", "geoip", "grpc", "grpc_server", "header", "https", "https3", "import", "k8s_external", "kubernetes",
        "local", "metadata", "minimal", "multisocket", "nomad", "nsid", "on", "proxyproto", "quic", "ready", "root",
        "route53", "secondary", "sign", "startup", "shutdown", "tls", "transfer", "tsig", "view",
    ]

    /// The sentence that refuses a plugin.
    static func refusal(of name: String) -> String {
        if coreDNSOnly.contains(name) {
            return "node-cache is not built with the plugin '\(name)' and would not start"
        }
        let hint = Suggestion.closest(to: name, among: nodeCache).map { "; did you mean '\($0)'?" } ?? ""
        return "there is no plugin '\(name)' in node-cache\(hint)"
    }
}

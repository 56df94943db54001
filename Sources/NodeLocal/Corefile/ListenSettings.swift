internal import DNSWire

/// What a `health` plugin line asks for; coredns `plugin/health/setup.go`.
package struct HealthSettings: Sendable, Hashable {
    /// Where `/health` is served; `:8080` unless the line says otherwise.
    package var listen: ListenAddress
    /// How long the process waits after it turned unhealthy at its end.
    package var lameduckNanoseconds: Int64

    init(_ plugin: Plugin, reader: PluginReader) throws(CorefileError) {
        try reader.requireArguments(atMost: 1)
        listen = ListenAddress(address: nil, port: 8080)
        lameduckNanoseconds = 0
        if let text = plugin.arguments.first { listen = try reader.listenAddress(text) }
        for line in plugin.block {
            guard line.words[0] == "lameduck" else { throw reader.unknownProperty(line, known: ["lameduck"]) }
            try reader.requireArguments(1...1, of: line)
            lameduckNanoseconds = try reader.duration(line.words[1], for: "lameduck time", line: line.line)
        }
    }
}

/// What a `reload` plugin line asks for; coredns `plugin/reload/setup.go`.
package struct ReloadSettings: Sendable, Hashable {
    /// Time between two looks at the file.
    package var intervalNanoseconds: Int64
    /// Largest random addition to it.
    package var jitterNanoseconds: Int64

    init(_ plugin: Plugin, reader: PluginReader) throws(CorefileError) {
        try reader.requireArguments(atMost: 2)
        intervalNanoseconds = 30_000_000_000
        jitterNanoseconds = 15_000_000_000
        if let text = plugin.arguments.first {
            intervalNanoseconds = try reader.duration(text, for: "interval", line: plugin.line)
        }
        if plugin.arguments.count > 1 {
            jitterNanoseconds = try reader.duration(plugin.arguments[1], for: "jitter", line: plugin.line)
        }
        guard intervalNanoseconds >= 2_000_000_000 else { throw reader.refusal("the interval is below 2s") }
        guard jitterNanoseconds == 0 || jitterNanoseconds >= 1_000_000_000 else {
            throw reader.refusal("the jitter is neither 0 nor at least 1s")
        }
        jitterNanoseconds = min(jitterNanoseconds, intervalNanoseconds / 2)
    }
}

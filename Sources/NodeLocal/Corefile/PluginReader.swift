internal import DNSWire

/// Reads the arguments of one plugin and words its refusals.
struct PluginReader {
    let file: String
    let plugin: Plugin

    /// A refusal at a line of the plugin.
    func refusal(_ line: Int, _ message: String) -> CorefileError {
        CorefileError(file: file, line: line, kind: .value, message: "\(plugin.name): \(message)")
    }

    /// A refusal at the plugin's own line.
    func refusal(_ message: String) -> CorefileError { refusal(plugin.line, message) }

    /// Refuses a plugin with more than `count` arguments.
    func requireArguments(atMost count: Int) throws(CorefileError) {
        guard plugin.arguments.count <= count else {
            throw refusal("'\(plugin.arguments[count])' is one argument too many")
        }
    }

    /// Refuses a block line that has a block of its own or whose number of arguments is outside `range`.
    func requireArguments(_ range: ClosedRange<Int>, of line: CorefileLine) throws(CorefileError) {
        guard line.block.isEmpty else { throw refusal(line.line, "'\(line.words[0])' takes no block") }
        let count = line.words.count - 1
        guard range.contains(count) else {
            let problem = count < range.lowerBound ? "needs a value" : "takes fewer values"
            throw refusal(line.line, "'\(line.words[0])' \(problem)")
        }
    }

    /// A whole number that is at least `minimum`.
    func integer(
        _ text: String,
        atLeast minimum: Int,
        for what: String,
        line: Int
    ) throws(CorefileError) -> Int {
        guard let value = Int(text), value <= Int(Int32.max) else {
            throw refusal(line, "the \(what) '\(text)' is not a number")
        }
        guard value >= minimum else { throw refusal(line, "the \(what) \(value) is below \(minimum)") }
        return value
    }

    /// A duration in Go's spelling that is not negative.
    func duration(_ text: String, for what: String, line: Int) throws(CorefileError) -> Int64 {
        guard let value = DurationText.nanoseconds(text) else {
            throw refusal(line, "the \(what) '\(text)' is not a duration; write a number with its unit, such as 10s")
        }
        guard value >= 0 else { throw refusal(line, "the \(what) '\(text)' is negative") }
        return value
    }

    /// A domain name in lower case.
    func name(_ text: String, line: Int) throws(CorefileError) -> DNSName {
        guard let name = try? DNSName(text) else { throw refusal(line, "'\(text)' is not a domain name") }
        return name.lowercased
    }

    /// A `host:port` to listen on.
    func listenAddress(_ text: String) throws(CorefileError) -> ListenAddress {
        guard let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...]) else {
            throw refusal("'\(text)' is no address to listen on; write address:port")
        }
        var host = String(text[..<colon])
        if host.isEmpty { return ListenAddress(address: nil, port: port) }
        if host == "localhost" { host = "127.0.0.1" }
        if host.hasPrefix("["), host.hasSuffix("]") {
            host = String(host.dropFirst().dropLast())
        } else if host.contains(":") {
            throw refusal("the IPv6 address in '\(text)' needs brackets, as in [fd00::1]:8080")
        }
        guard let address = IPAddress(host) else { throw refusal("'\(host)' is not an IP address") }
        return ListenAddress(address: address, port: port)
    }

    /// The refusal of an unknown word in the plugin's block.
    func unknownProperty(_ line: CorefileLine, known: [String]) -> CorefileError {
        refusal(
            line.line,
            "unknown property '\(line.words[0])'\(Suggestion.sentence(for: line.words[0], among: known))"
        )
    }
}

internal import DNSWire
internal import LinuxNet

/// Why an HTTP answer is no answer.
struct PlainHTTPError: Error, Sendable, CustomStringConvertible {
    let description: String
}

/// One GET on a connection of its own, closed by the server; enough for `/health` and `/metrics`.
enum PlainHTTP {
    private static let maximumBytes = 8 << 20

    static func get(
        _ endpoint: Endpoint, path: String, client: CheckClient, timeoutNanoseconds: Int64
    ) throws -> HTTPObservation {
        let end = Clock.deadline(after: timeoutNanoseconds)
        let stream = try TCPStream.connect(to: endpoint, timeoutNanoseconds: timeoutNanoseconds)
        try stream.send(Array("GET \(path) HTTP/1.0\r\nHost: \(endpoint)\r\nAccept: text/plain\r\n\r\n".utf8))
        var reply: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while let timeout = client.sliceTimeout(until: end) {
            guard let count = try stream.receive(into: &buffer, timeoutNanoseconds: timeout) else { continue }
            if count == 0 { return try parse(reply) }
            reply += buffer[..<count]
            guard reply.count <= maximumBytes else { throw PlainHTTPError(description: "the page is larger than 8 MiB") }
        }
        throw PlainHTTPError(description: "no full answer within \(DurationText.describe(nanoseconds: timeoutNanoseconds))")
    }

    private static func parse(_ reply: [UInt8]) throws(PlainHTTPError) -> HTTPObservation {
        let separator = Array("\r\n\r\n".utf8)
        guard let end = reply.firstRange(of: separator) else {
            throw PlainHTTPError(description: "the answer is no HTTP response")
        }
        let head = String(decoding: reply[..<end.lowerBound], as: UTF8.self)
        let words = head.prefix { $0 != "\r\n" }.split(separator: " ")
        guard words.count >= 2, words[0].hasPrefix("HTTP/1."), let status = Int(words[1]) else {
            throw PlainHTTPError(description: "the answer is no HTTP response")
        }
        var observation = HTTPObservation()
        observation.status = status
        observation.body = Array(reply[end.upperBound...])
        return observation
    }
}

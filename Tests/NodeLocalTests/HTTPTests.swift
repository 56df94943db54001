import Glibc
import Testing

@testable import NodeLocal

/// Two ends of one stream: `client` is given away, `server` belongs to the test.
private struct Pair {
    let client: Int32
    let server: Int32

    init() throws {
        var ends: [Int32] = [0, 0]
        try #require(socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &ends) == 0)
        client = ends[0]
        server = ends[1]
    }

    func send(_ bytes: [UInt8]) { _ = Glibc.send(server, bytes, bytes.count, Int32(MSG_NOSIGNAL)) }
    func send(_ text: String) { send(Array(text.utf8)) }
    func finish() { close(server) }
}

private func fetch(_ pair: Pair, maximumBytes: Int = 1_000) async -> Result<HTTPReply, HTTPFetchError> {
    do {
        return .success(
            try await HTTPFetch.get(
                descriptor: pair.client,
                host: "cache",
                path: "/metrics",
                timeoutNanoseconds: 300_000_000,
                maximumBytes: maximumBytes
            )
        )
    } catch let error as HTTPFetchError {
        return .failure(error)
    } catch {
        return .failure(.failed("\(error)"))
    }
}

@Suite("HTTPFetch", .timeLimit(.minutes(1))) struct HTTPFetchTests {
    @Test("a reply with a length comes back whole")
    func plain() async throws {
        let pair = try Pair()
        pair.send("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\nOK")
        let reply = try await fetch(pair).get()
        #expect(reply.status == 200 && reply.text == "OK" && reply.header("content-type") == "text/plain")
        pair.finish()
    }

    @Test("a chunked reply and one that ends with the connection come back whole")
    func framing() async throws {
        let chunked = try Pair()
        chunked.send("HTTP/1.1 503 Busy\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n")
        let reply = try await fetch(chunked).get()
        #expect(reply.status == 503 && reply.text == "abcde")
        chunked.finish()
        let closing = try Pair()
        closing.send("HTTP/1.0 200 OK\r\n\r\nrest")
        closing.finish()
        #expect(try await fetch(closing).get().text == "rest")
    }

    @Test("a server that never answers costs the timeout")
    func silent() async throws {
        let pair = try Pair()
        #expect(await fetch(pair) == .failure(.timedOut(nanoseconds: 300_000_000)))
        pair.finish()
    }

    @Test("a server that drips costs the timeout, not one timeout an octet")
    func dripping() async throws {
        let pair = try Pair()
        let drip = Task {
            for byte in Array("HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n".utf8) {
                pair.send([byte])
                try await Task.sleep(for: .milliseconds(50))
            }
        }
        #expect(await fetch(pair) == .failure(.timedOut(nanoseconds: 300_000_000)))
        drip.cancel()
        _ = await drip.result
        pair.finish()
    }

    @Test("a body without end is cut at the bound")
    func endless() async throws {
        let pair = try Pair()
        pair.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        for _ in 0..<20 { pair.send("40\r\n" + String(repeating: "x", count: 64) + "\r\n") }
        #expect(await fetch(pair) == .failure(.tooLarge(maximumBytes: 1_000)))
        pair.finish()
    }

    @Test("a head without end is cut too")
    func endlessHead() async throws {
        let pair = try Pair()
        pair.send("HTTP/1.1 200 OK\r\n")
        for index in 0..<20 { pair.send("X-\(index): " + String(repeating: "y", count: 4_000) + "\r\n") }
        let result = await fetch(pair)
        guard case .failure(let error) = result else {
            Issue.record("a reply came: \(result)")
            return
        }
        switch error {
        case .tooLarge, .malformed: break
        default: Issue.record("unexpected: \(error)")
        }
        pair.finish()
    }

    @Test("garbage, an early end and a cut body are told apart")
    func garbage() async throws {
        let garbage = try Pair()
        garbage.send([0, 1, 2, 3, 255, 254, 13, 10, 13, 10])
        guard case .failure(.malformed) = await fetch(garbage) else {
            Issue.record("garbage was read")
            return
        }
        garbage.finish()
        let closed = try Pair()
        closed.finish()
        guard case .failure = await fetch(closed) else {
            Issue.record("a closed connection gave a reply")
            return
        }
        let cut = try Pair()
        cut.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc")
        cut.finish()
        guard case .failure(.closed) = await fetch(cut) else {
            Issue.record("a cut body was taken as whole")
            return
        }
    }

    @Test("a descriptor that is no socket is an error")
    func noSocket() async throws {
        for descriptor in [-1, 999_999, open("/dev/null", O_RDONLY)] {
            await #expect(throws: HTTPFetchError.self) {
                try await HTTPFetch.get(
                    descriptor: descriptor,
                    host: "x",
                    path: "/",
                    timeoutNanoseconds: 1_000_000,
                    maximumBytes: 10
                )
            }
        }
    }
}

@Suite("HTTPResponder", .timeLimit(.minutes(1))) struct HTTPResponderTests {
    private func listening() throws -> (descriptor: Int32, port: UInt16) {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        try withUnsafeMutablePointer(to: &address) { pointer in
            try pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                try #require(bind(descriptor, pointer, length) == 0)
                try #require(listen(descriptor, 16) == 0)
                try #require(getsockname(descriptor, pointer, &length) == 0)
            }
        }
        return (descriptor, UInt16(bigEndian: address.sin_port))
    }

    private func connected(to port: UInt16) throws -> Int32 {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        address.sin_port = port.bigEndian
        let length = socklen_t(MemoryLayout<sockaddr_in>.size)
        try withUnsafePointer(to: &address) { pointer in
            try pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                try #require(connect(descriptor, pointer, length) == 0)
            }
        }
        return descriptor
    }

    @Test("what the handler says is what a client gets")
    func roundTrip() async throws {
        let (descriptor, port) = try listening()
        let responder = try await HTTPResponder(listening: descriptor) { path in
            path == "/health" ? HTTPReply(status: 200, text: "OK") : HTTPReply(status: 404, text: "no \(path)")
        }
        for (path, status, text) in [("/health", 200, "OK"), ("/x?y=1", 404, "no /x")] {
            let reply = try await HTTPFetch.get(
                descriptor: try connected(to: port),
                host: "127.0.0.1:\(port)",
                path: path,
                timeoutNanoseconds: 2_000_000_000,
                maximumBytes: 100
            )
            #expect(reply.status == status && reply.text == text)
        }
        let big = try connected(to: port)
        await responder.stop()
        close(big)
    }

    @Test("garbage from a client does not end the server")
    func garbage() async throws {
        let (descriptor, port) = try listening()
        let responder = try await HTTPResponder(listening: descriptor) { _ in HTTPReply(status: 200, text: "OK") }
        let client = try connected(to: port)
        let noise = [UInt8](repeating: 0xFF, count: 2_000)
        _ = send(client, noise, noise.count, Int32(MSG_NOSIGNAL))
        close(client)
        let reply = try await HTTPFetch.get(
            descriptor: try connected(to: port),
            host: "h",
            path: "/",
            timeoutNanoseconds: 2_000_000_000,
            maximumBytes: 100
        )
        #expect(reply.status == 200)
        await responder.stop()
    }
}

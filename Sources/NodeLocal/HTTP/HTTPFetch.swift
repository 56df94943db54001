internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix

/// Fetches one page over a connection that the caller opened, so that the caller chooses the network namespace.
package enum HTTPFetch {
    /// Bytes that head and framing may take beside the body.
    private static let headAllowance = 64 << 10

    /// Sends one GET and gives the whole reply.
    ///
    /// Ownership of the connected `descriptor` passes to this call, which closes it in each case.
    ///
    /// - Parameters:
    ///   - descriptor: a connected stream socket.
    ///   - host: the value of the Host field.
    ///   - path: the request target, beginning with `/`.
    ///   - timeoutNanoseconds: time from now to the end of the reply.
    ///   - maximumBytes: largest body.
    /// - Throws: `HTTPFetchError`.
    package static func get(
        descriptor: Int32,
        host: String,
        path: String,
        timeoutNanoseconds: Int64,
        maximumBytes: Int
    ) async throws -> HTTPReply {
        try StreamDescriptor.requireSocket(descriptor)
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        let promise = loop.makePromise(of: HTTPReply.self)
        let bootstrap = ClientBootstrap(group: loop).channelInitializer { channel in
            channel.eventLoop.makeCompletedFuture {
                let pipeline = channel.pipeline.syncOperations
                try pipeline.addHandler(
                    DeadlineHandler(
                        promise: promise,
                        timeout: .nanoseconds(timeoutNanoseconds),
                        maximumBytes: maximumBytes + headAllowance
                    )
                )
                try pipeline.addHandler(HTTPRequestEncoder())
                try pipeline.addHandler(ByteToMessageHandler(HTTPResponseDecoder(leftOverBytesStrategy: .dropBytes)))
                try pipeline.addHandler(
                    ReplyCollector(promise: promise, host: host, path: path, maximumBytes: maximumBytes)
                )
            }
        }
        do {
            let channel = try await bootstrap.withConnectedSocket(descriptor).get()
            let reply: HTTPReply
            do {
                reply = try await withTaskCancellationHandler {
                    try await promise.futureResult.get()
                } onCancel: {
                    promise.fail(CancellationError())
                }
            } catch {
                try? await channel.close()
                throw error
            }
            try? await channel.close()
            return reply
        } catch let error as HTTPFetchError {
            throw error
        } catch let error as CancellationError {
            throw error
        } catch {
            let failure = HTTPFetchError.failed("\(error)")
            promise.fail(failure)
            throw failure
        }
    }
}

/// Fails the promise at the deadline, and when more bytes come than any acceptable reply has.
private final class DeadlineHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    private let promise: EventLoopPromise<HTTPReply>
    private let timeout: TimeAmount
    private let maximumBytes: Int
    private var receivedBytes = 0
    private var deadline: Scheduled<Void>?

    init(promise: EventLoopPromise<HTTPReply>, timeout: TimeAmount, maximumBytes: Int) {
        self.promise = promise
        self.timeout = timeout
        self.maximumBytes = maximumBytes
    }

    func handlerAdded(context: ChannelHandlerContext) {
        let promise = promise
        let timeout = timeout
        deadline = context.eventLoop.scheduleTask(in: timeout) {
            promise.fail(HTTPFetchError.timedOut(nanoseconds: timeout.nanoseconds))
        }
    }

    func handlerRemoved(context: ChannelHandlerContext) { deadline?.cancel() }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        receivedBytes += unwrapInboundIn(data).readableBytes
        guard receivedBytes <= maximumBytes else {
            promise.fail(HTTPFetchError.tooLarge(maximumBytes: maximumBytes))
            context.close(promise: nil)
            return
        }
        context.fireChannelRead(data)
    }

    func channelInactive(context: ChannelHandlerContext) {
        deadline?.cancel()
        context.fireChannelInactive()
        promise.fail(HTTPFetchError.closed(receivedBytes: receivedBytes))
    }
}

/// Sends the request when the connection is there and gathers the reply.
private final class ReplyCollector: ChannelInboundHandler {
    typealias InboundIn = HTTPClientResponsePart
    typealias OutboundOut = HTTPClientRequestPart

    private let promise: EventLoopPromise<HTTPReply>
    private let host: String
    private let path: String
    private let maximumBytes: Int
    private var reply: HTTPReply?

    init(promise: EventLoopPromise<HTTPReply>, host: String, path: String, maximumBytes: Int) {
        self.promise = promise
        self.host = host
        self.path = path
        self.maximumBytes = maximumBytes
    }

    func channelActive(context: ChannelHandlerContext) {
        let headers: HTTPHeaders = ["Host": host, "User-Agent": "nldns", "Accept": "*/*", "Connection": "close"]
        let head = HTTPRequestHead(version: .http1_1, method: .GET, uri: path, headers: headers)
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        context.fireChannelActive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            let fields = head.headers.map { HTTPReply.Field(name: $0.name, value: $0.value) }
            reply = HTTPReply(status: Int(head.status.code), headers: fields)
        case .body(let buffer):
            guard (reply?.body.count ?? 0) + buffer.readableBytes <= maximumBytes else {
                promise.fail(HTTPFetchError.tooLarge(maximumBytes: maximumBytes))
                context.close(promise: nil)
                return
            }
            reply?.body.append(contentsOf: buffer.readableBytesView)
        case .end:
            if let reply { promise.succeed(reply) }
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if let error = error as? HTTPParserError {
            promise.fail(
                error == .invalidEOFState
                    ? HTTPFetchError.closed(receivedBytes: reply?.body.count ?? 0)
                    : HTTPFetchError.malformed("\(error)")
            )
        } else {
            promise.fail(HTTPFetchError.failed("\(error)"))
        }
        context.close(promise: nil)
    }
}

internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix

/// A small HTTP server on a socket that the caller bound, so that the caller chooses the network namespace.
///
/// It answers GET and HEAD by the handler and anything else with 405; a connection that stays idle or open for half a
/// minute is closed.
package final class HTTPResponder: Sendable {
    private let channel: any Channel

    /// Longest life of one connection.
    fileprivate static let connectionSeconds: Int64 = 30

    /// Starts to answer on a bound stream socket, whose ownership passes to the responder.
    ///
    /// `handler` gets the request target without its query and runs on an event loop's thread; it must not block.
    package init(
        listening descriptor: Int32,
        handler: @escaping @Sendable (_ path: String) -> HTTPReply
    ) async throws {
        try StreamDescriptor.requireSocket(descriptor)
        channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let pipeline = channel.pipeline.syncOperations
                    try pipeline.configureHTTPServerPipeline(withErrorHandling: true)
                    try pipeline.addHandler(RequestAnswerer(handler: handler))
                }
            }
            .childChannelOption(.maxMessagesPerRead, value: 4)
            .withBoundSocket(descriptor).get()
    }

    /// Stops listening and closes the socket; connections that are open end by themselves.
    package func stop() async { try? await channel.close() }
}

/// Answers the requests of one connection.
private final class RequestAnswerer: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let handler: @Sendable (String) -> HTTPReply
    private var request: HTTPRequestHead?
    private var lifetime: Scheduled<Void>?

    init(handler: @escaping @Sendable (String) -> HTTPReply) { self.handler = handler }

    func channelActive(context: ChannelHandlerContext) {
        let channel = context.channel
        lifetime = context.eventLoop.scheduleTask(in: .seconds(HTTPResponder.connectionSeconds)) {
            channel.close(promise: nil)
        }
        context.fireChannelActive()
    }

    func channelInactive(context: ChannelHandlerContext) {
        lifetime?.cancel()
        context.fireChannelInactive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head): request = head
        case .body: break
        case .end:
            guard let request else { return }
            self.request = nil
            answer(request, context: context)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

    private func answer(_ request: HTTPRequestHead, context: ChannelHandlerContext) {
        let isRead = request.method == .GET || request.method == .HEAD
        let path = String(request.uri.prefix { $0 != "?" })
        let reply = isRead ? handler(path) : HTTPReply(status: 405, text: "method not allowed\n")
        var headers = HTTPHeaders(reply.headers.map { ($0.name, $0.value) })
        headers.replaceOrAdd(name: "Content-Length", value: String(reply.body.count))
        if !request.isKeepAlive { headers.replaceOrAdd(name: "Connection", value: "close") }
        let head = HTTPResponseHead(
            version: request.version,
            status: HTTPResponseStatus(statusCode: reply.status),
            headers: headers
        )
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        if request.method != .HEAD {
            let body = context.channel.allocator.buffer(bytes: reply.body)
            context.write(wrapOutboundOut(.body(.byteBuffer(body))), promise: nil)
        }
        let channel = context.channel
        let written = context.writeAndFlush(wrapOutboundOut(.end(nil)))
        if !request.isKeepAlive { written.whenComplete { _ in channel.close(promise: nil) } }
    }
}

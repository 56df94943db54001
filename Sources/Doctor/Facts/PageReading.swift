package import NodeLocal

/// What came of asking for a page of the cache.
package enum PageReading: Sendable {
    /// Nobody said where the page is; the text says what is missing.
    case unknown(String)
    /// It was asked for and did not come.
    case unreachable(String)
    /// A reply came.
    case reply(HTTPReply)
}

/// An HTTP reply, received or to be sent.
package struct HTTPReply: Sendable, Hashable {
    /// A header field.
    package struct Field: Sendable, Hashable {
        /// The name as it was sent.
        package let name: String
        /// The value.
        package let value: String

        package init(name: String, value: String) {
            self.name = name
            self.value = value
        }
    }

    /// The status code.
    package var status: Int
    /// The header fields in the order in which they came.
    package var headers: [Field]
    /// The body.
    package var body: [UInt8]

    package init(status: Int, headers: [Field] = [], body: [UInt8] = []) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    /// A reply with a text body.
    package init(status: Int, text: String, contentType: String = "text/plain; charset=utf-8") {
        self.init(
            status: status,
            headers: [Field(name: "Content-Type", value: contentType)],
            body: Array(text.utf8)
        )
    }

    /// The body as text; bytes that are not UTF-8 become replacement characters.
    package var text: String { String(decoding: body, as: UTF8.self) }

    /// The value of the first header field of that name, whatever its case.
    package func header(_ name: String) -> String? {
        headers.first { $0.name.lowercased() == name.lowercased() }?.value
    }
}

/// Why an HTTP exchange gave no reply.
package enum HTTPFetchError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The reply was not complete in time.
    case timedOut(nanoseconds: Int64)
    /// More bytes came than were asked for.
    case tooLarge(maximumBytes: Int)
    /// The server closed before the reply was complete.
    case closed(receivedBytes: Int)
    /// What came is not HTTP.
    case malformed(String)
    /// The socket failed.
    case failed(String)

    /// One sentence.
    package var description: String {
        switch self {
        case .timedOut(let nanoseconds): "no complete reply within \(DurationText.text(nanoseconds: nanoseconds))"
        case .tooLarge(let bytes): "the reply is larger than \(bytes) bytes"
        case .closed(let bytes): "the server closed after \(bytes) bytes, before its reply was complete"
        case .malformed(let reason): "the reply is not HTTP: \(reason)"
        case .failed(let reason): "the connection failed: \(reason)"
        }
    }
}

import FoundationEssentials

extension ResultDocument {
    /// The document as JSON: sorted keys, indented, a newline at the end, equal documents byte for byte equal.
    package func json() throws(ResultError) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
        do {
            return Array(try encoder.encode(self)) + [UInt8(ascii: "\n")]
        } catch {
            throw .cannotWrite(path: "the result", reason: "a figure in it is not finite")
        }
    }

    /// The document as JSON in one line, with a newline at its end.
    package func jsonLine() throws(ResultError) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        do {
            return Array(try encoder.encode(self)) + [UInt8(ascii: "\n")]
        } catch {
            throw .cannotWrite(path: "the result", reason: "a figure in it is not finite")
        }
    }

    /// Writes the document as JSON; a reader sees the old or the new file, never a part of one.
    package func write(to path: String) throws(ResultError) {
        try DurableFile.write(try json(), to: path)
    }

    /// Reads a document; another major version and damaged files are refused with one sentence.
    package static func read(_ path: String) throws(ResultError) -> ResultDocument {
        try ResultDocument(json: try DurableFile.read(path), path: path)
    }

    /// Decodes a document; `path` names it in errors.
    package init(json: [UInt8], path: String) throws(ResultError) {
        do {
            try JSONScan.check(json)
        } catch {
            throw .damaged(path: path, reason: error.clause)
        }
        let data = Data(json)
        let decoder = JSONDecoder()
        do {
            let probe = try decoder.decode(SchemaProbe.self, from: data)
            guard probe.schema == Self.currentSchema else {
                throw ResultError.unsupportedSchema(path: path, schema: String(probe.schema.prefix(60)))
            }
            self = try decoder.decode(ResultDocument.self, from: data)
        } catch let error as ResultError {
            throw error
        } catch let error as DecodingError {
            throw .damaged(
                path: path,
                reason: Self.explain(error)
            )
        } catch {
            throw .damaged(path: path, reason: "it is not JSON")
        }
    }

    private struct SchemaProbe: Decodable {
        let schema: String
    }

    private static func explain(_ error: DecodingError) -> String {
        switch error {
        case .keyNotFound(let key, let context): "\(place(context.codingPath + [key])) is missing"
        case .valueNotFound(_, let context): "\(place(context.codingPath)) is null"
        case .typeMismatch(let type, let context): "\(place(context.codingPath)) is not \(article(type))"
        // The decoder reports a number that does not fit its type without a place.
        case .dataCorrupted(let context) where context.codingPath.isEmpty:
            "a count in it is negative, fractional or too large"
        case .dataCorrupted(let context): "\(place(context.codingPath)) has a value that is not allowed there"
        @unknown default: "it is damaged"
        }
    }

    private static func article(_ type: any Any.Type) -> String {
        switch type {
        case is String.Type: "a string"
        case is Bool.Type: "true or false"
        case is any BinaryInteger.Type: "a whole number"
        case is Double.Type: "a number"
        case is [String: Any].Type: "an object"
        case is [Any].Type: "an array"
        default: "of the right kind"
        }
    }

    private static func place(_ path: [any CodingKey]) -> String {
        path.reduce("") { text, key in
            if let index = key.intValue { return "\(text)[\(index)]" }
            return text.isEmpty ? key.stringValue : "\(text).\(key.stringValue)"
        }
    }
}

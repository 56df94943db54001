import FoundationEssentials
import Testing

@testable import Results

@Suite("Published schema")
struct SchemaTests {
    /// A part of a JSON Schema, as far as these tests follow it.
    private struct Node {
        let members: [String: JSONValue]
        let root: [String: JSONValue]

        init?(_ value: JSONValue, root: [String: JSONValue]) {
            guard case .object(var members) = value else { return nil }
            if case .string(let reference)? = members["$ref"],
                case .object(let definitions)? = root["$defs"],
                let name = reference.split(separator: "/").last,
                case .object(let target)? = definitions[String(name)]
            {
                members = target
            }
            self.members = members
            self.root = root
        }

        func child(_ key: String) -> Node? {
            if case .object(let properties)? = members["properties"], let value = properties[key] {
                return Node(value, root: root)
            }
            return members["additionalProperties"].flatMap { Node($0, root: root) }
        }

        var items: Node? { members["items"].flatMap { Node($0, root: root) } }
        var isFree: Bool { members["type"] == nil && members["const"] == nil && members["enum"] == nil }

        var required: [String] {
            guard case .array(let names)? = members["required"] else { return [] }
            return names.compactMap { if case .string(let name) = $0 { name } else { nil } }
        }
    }

    private func schema() throws -> Node {
        let value = try JSONDecoder().decode(JSONValue.self, from: Data(ResultSchema.json.utf8))
        guard case .object(let members) = value else { throw ResultError.damaged(path: "schema", reason: "no object") }
        return try #require(Node(value, root: members))
    }

    /// Keys of `value` that the schema does not describe, and required ones that `value` lacks.
    private func departures(_ value: JSONValue, _ node: Node, at place: String) -> [String] {
        if node.isFree { return [] }
        switch value {
        case .object(let members):
            let missing = node.required.filter { members[$0] == nil }.map { "\(place).\($0) is missing" }
            return missing
                + members.flatMap { key, value in
                    node.child(key).map { departures(value, $0, at: "\(place).\(key)") }
                        ?? ["\(place).\(key) is not described"]
                }
        case .array(let values):
            guard let items = node.items else { return ["\(place) has no items in the schema"] }
            return values.flatMap { departures($0, items, at: place + "[]") }
        default:
            return []
        }
    }

    @Test("every key of a full document is described, and every required key is there")
    func coverage() throws {
        let json = try SampleDocument.make(.fail).json()
        let value = try JSONDecoder().decode(JSONValue.self, from: Data(json))
        #expect(departures(value, try schema(), at: "result").isEmpty)
    }

    @Test("the enumerations of schema and code are the same")
    func enumerations() throws {
        let root = try schema()
        #expect(Self.words(root.child("status")) == RunStatus.allCases.map(\.rawValue))
        #expect(Self.words(root.child("verdict")) == RunVerdict.allCases.map(\.rawValue))
        let check = root.child("checks")?.items
        #expect(Self.words(check?.child("status")) == CheckRecord.Status.allCases.map(\.rawValue))
        let proof = root.child("capture")?.child("proofs")?.items
        #expect(Self.words(proof?.child("verdict")) == ProofRecord.Verdict.allCases.map(\.rawValue))
    }

    private static func words(_ node: Node?) -> [String] {
        guard case .array(let values)? = node?.members["enum"] else { return [] }
        return values.compactMap { if case .string(let word) = $0 { word } else { nil } }
    }
}

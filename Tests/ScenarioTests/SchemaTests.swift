import Measure
import NodeLocal
import Testing

@testable import Scenario

/// A path from the package's root, found from where this file was compiled.
func repositoryPath(_ path: String, file: String = #filePath) -> String {
    let parts = file.split(separator: "/", omittingEmptySubsequences: false)
    return parts.dropLast(3).joined(separator: "/") + "/" + path
}

@Suite("Scenarios/schema.json") struct SchemaTests {
    private func schema() throws -> YAMLMap {
        let text = try ScenarioFile.read(repositoryPath("Scenarios/schema.json"), maximumBytes: 1 << 20, hint: "")
        return try YAMLTree.parse(String(decoding: text, as: UTF8.self), file: "schema.json").map()
    }

    @Test("the schema has exactly the keys that the reader knows, part by part", arguments: ScenarioKeys.allCases)
    func keys(part: ScenarioKeys) throws {
        let schema = try schema()
        let definition = part == .scenario ? schema : try schema.required("$defs").map().required(part.rawValue).map()
        let properties = try definition["properties"]?.map().entries.map(\.key) ?? []
        #expect(properties.sorted() == part.keys.sorted())
        #expect(try definition.required("additionalProperties").boolean() == false)
    }

    @Test("the schema has no part that the reader does not know, but values")
    func parts() throws {
        let names = try schema().required("$defs").map().entries.map(\.key)
        let known = ScenarioKeys.allCases.map(\.rawValue) + ["duration", "rate", "name", "names-list", "weight"]
        #expect(Set(names).isSubset(of: known), "\(Set(names).subtracting(known))")
    }

    @Test("the schema's closed sets are those of the reader")
    func sets() throws {
        let definitions = try schema().required("$defs").map()
        func words(_ part: String, _ key: String) throws -> [String] {
            let property = try definitions.required(part).map().required("properties").map().required(key).map()
            let list = try property["items"]?.map() ?? property["anyOf"]?.list().first?.map() ?? property
            return try list.required("enum").strings().sorted()
        }
        #expect(try words("target", "role") == TargetRole.allCases.map(\.rawValue).sorted())
        #expect(try words("prove", "proofs") == ProofID.allCases.map(\.rawValue).sorted())
        #expect(try words("load", "transport") == LoadTransport.allCases.map(\.rawValue).sorted())
        #expect(try words("compare", "transport") == LoadTransport.allCases.map(\.rawValue).sorted())
        #expect(try words("compare", "cache") == ComparisonCacheState.allCases.map(\.rawValue).sorted())
        #expect(try words("compare", "gate") == ComparisonMetric.allCases.map(\.rawValue).sorted())
        #expect(try words("expect", "profile") == (CoreDNSProfile.all.map(\.id) + ["auto"]).sorted())
    }
}

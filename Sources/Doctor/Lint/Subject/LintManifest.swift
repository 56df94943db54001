internal import NodeLocal

/// Reads manifests, and tells templates that nobody rendered from files that are damaged.
enum LintManifest {
    /// The objects of a manifest.
    static func read(_ text: String, name: String) throws(LintInputError) -> [KubernetesObject] {
        let objects: [KubernetesObject]
        do throws(YAMLDiagnostic) {
            objects = try KubernetesObject.read(text, file: name)
        } catch {
            if let place = template(in: text, name: name) { throw unrendered(place) }
            let place = SourcePlace(file: error.file, line: error.line, column: error.column)
            throw .damaged(place, error.message)
        }
        for object in objects {
            // A Corefile and scripts may hold braces of their own: the template plugin's.
            let values = object.tree.scalars.filter { $0.blockIndentation == nil }
            if let left = values.first(where: { $0.text?.contains("{{") == true && $0.text?.contains("\n") == false }) {
                throw unrendered(left.place)
            }
        }
        return objects
    }

    private static func unrendered(_ place: SourcePlace) -> LintInputError {
        .damaged(place, "a template's '{{' stands here; render the chart first, as in: helm template NAME CHART")
    }

    private static func template(in text: String, name: String) -> SourcePlace? {
        var number = 0
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            number += 1
            guard let brace = line.firstRange(of: "{{") else { continue }
            let column = line.unicodeScalars.distance(from: line.startIndex, to: brace.lowerBound) + 1
            return SourcePlace(file: name, line: number, column: column)
        }
        return nil
    }
}

internal import NodeLocal

/// Gathers the faults of a file, so that one reading tells them all.
struct Diagnostics {
    private(set) var found: [YAMLDiagnostic] = []

    /// Adds a fault.
    mutating func add(_ diagnostic: YAMLDiagnostic) { found.append(diagnostic) }

    /// Runs a part of the reading; a fault in it is kept and the value is nil.
    mutating func collect<Value>(_ body: () throws(YAMLDiagnostic) -> Value) -> Value? {
        do {
            return try body()
        } catch {
            add(error)
            return nil
        }
    }

    /// The faults in the order of the file, each once.
    var sorted: [YAMLDiagnostic] {
        var seen: Set<YAMLDiagnostic> = []
        return found.filter { seen.insert($0).inserted }.sorted { ($0.line, $0.column) < ($1.line, $1.column) }
    }
}

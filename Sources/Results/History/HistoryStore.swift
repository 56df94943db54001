import FoundationEssentials

/// What runs measured before, one line a run: `<folder>/<class of machines>/<scenario>.ndjson`.
///
/// Lines are only appended, so that two branches merge by taking the lines of both.
package struct HistoryStore: Sendable {
    /// The folder of a checkout.
    package static let defaultFolder = "results/history"
    /// Longer histories are read to their last lines.
    package static let maximumEntries = 500

    /// The folder that holds them.
    package let folder: String

    /// Names a store; nothing is touched yet.
    package init(folder: String) {
        self.folder = folder
    }

    /// Where the history of such a result is; nil for one that belongs to no scenario.
    package func path(for document: ResultDocument) -> String? {
        document.scenario.map {
            "\(folder)/\(document.environment.className)/\(ResultStore.fileName($0.id)).ndjson"
        }
    }

    /// Appends a run; a run that is there already is not written twice.
    ///
    /// - Returns: whether a line was added.
    package func append(_ entry: HistoryEntry, of document: ResultDocument) throws(ResultError) -> Bool {
        guard let path = path(for: document) else { return false }
        let old = try contents(path)
        guard !(try Self.entries(in: old, path: path)).contains(entry) else { return false }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        guard let line = try? encoder.encode(entry) else {
            throw .cannotWrite(path: path, reason: "a figure in it is not finite")
        }
        try DurableFile.makeFolder("\(folder)/\(document.environment.className)")
        try DurableFile.write(old + Array(line) + [UInt8(ascii: "\n")], to: path)
        return true
    }

    /// The runs before this one, of the same scenario on the same class of machines, oldest first.
    package func entries(before document: ResultDocument) throws(ResultError) -> [HistoryEntry] {
        guard let path = path(for: document) else { return [] }
        return try Self.entries(in: try contents(path), path: path).filter {
            $0.scenarioSHA256 == document.scenario?.sha256 && $0.fingerprint == document.environment.fingerprint
                && $0.started < document.started
        }
    }

    private func contents(_ path: String) throws(ResultError) -> [UInt8] {
        do {
            return try DurableFile.read(path)
        } catch {
            if case .missing = error { return [] }
            throw error
        }
    }

    private static func entries(in text: [UInt8], path: String) throws(ResultError) -> [HistoryEntry] {
        var entries: [HistoryEntry] = []
        let lines = text.split(separator: UInt8(ascii: "\n"))
        for (number, line) in lines.enumerated().suffix(maximumEntries) {
            guard (try? JSONScan.check(Array(line))) != nil,
                let entry = try? JSONDecoder().decode(HistoryEntry.self, from: Data(line))
            else { throw .damaged(path: path, reason: "line \(number + 1) is no line of a history") }
            entries.append(entry)
        }
        return entries.sorted { $0.started < $1.started }
    }
}

import FoundationEssentials
package import Measure

/// What one A/A run found: by how much a target differed from itself.
package struct NoiseFloorRecord: Codable, Sendable, Equatable {
    /// The format of a line.
    package static let schema = "nldns.floor/1"

    /// The format and its version.
    package var schema = Self.schema
    /// When the run began.
    package var started: Timestamp
    /// Its seed.
    package var seed: UInt64
    /// The machine's fingerprint.
    package var fingerprint: String
    /// What else must be the same for the floor to hold; see ``ComparisonDesign/conditions``.
    package var conditions: String
    /// Pairs that counted.
    package var pairs: Int
    /// The ratio that was found for each metric, by its name.
    package var ratios: [String: Double]

    /// Takes the record out of the document of an A/A run; nil when it is none, or compared too few pairs.
    package init?(_ document: ResultDocument) {
        guard document.status == .complete, let comparison = document.comparison, let design = comparison.design,
            design.isSelf, let pairs = comparison.pairs, let least = design.looks.first?.pairs, pairs >= least
        else { return nil }
        started = document.started
        seed = document.seed
        fingerprint = document.environment.fingerprint
        conditions = design.conditions
        self.pairs = pairs
        ratios = [:]
        for metric in comparison.metrics where metric.metric != .loss { ratios[metric.metric.rawValue] = metric.ratio }
    }
}

/// A file of A/A runs, one JSON object a line; lines are only ever added.
package struct NoiseFloorFile: Sendable {
    /// Its path.
    package let path: String

    /// Names a file; nothing is touched yet.
    package init(path: String) { self.path = path }

    /// All runs in the file.
    ///
    /// - Throws: ``ResultError`` when it is missing, cannot be read, or has a line that is none of ours.
    package func records() throws(ResultError) -> [NoiseFloorRecord] {
        let text = String(decoding: try DurableFile.read(path), as: UTF8.self)
        var records: [NoiseFloorRecord] = []
        for (number, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
        where !line.isEmpty {
            guard let record = try? JSONDecoder().decode(NoiseFloorRecord.self, from: Data(line.utf8)),
                record.schema == NoiseFloorRecord.schema
            else {
                throw .damaged(path: path, reason: "line \(number + 1) is no A/A run of \(NoiseFloorRecord.schema)")
            }
            records.append(record)
        }
        return records
    }

    /// Adds a run; the file and its folder are made where they are missing.
    package func append(_ record: NoiseFloorRecord) throws(ResultError) {
        var contents: [UInt8] = []
        do throws(ResultError) {
            contents = try DurableFile.read(path)
        } catch {
            guard case .missing = error else { throw error }
            if let slash = path.lastIndex(of: "/"), slash != path.startIndex {
                try DurableFile.makeFolder(String(path[..<slash]))
            }
        }
        if let last = contents.last, last != UInt8(ascii: "\n") { contents.append(UInt8(ascii: "\n")) }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        guard let line = try? encoder.encode(record) else {
            throw .cannotWrite(path: path, reason: "a ratio is not finite")
        }
        try DurableFile.write(contents + line + [UInt8(ascii: "\n")], to: path)
    }
}

/// The noise floors that hold for a comparison: those of A/A runs on the same machine under the same conditions.
package struct NoiseFloors: Sendable, Equatable {
    /// Relative change by metric.
    package let relative: [ComparisonMetric: Double]
    /// How many runs they come from.
    package let runs: Int

    /// Takes the runs that fit out of a file's.
    package init(_ records: [NoiseFloorRecord], fingerprint: String, conditions: String) {
        let fitting = records.filter { $0.fingerprint == fingerprint && $0.conditions == conditions }
        runs = fitting.count
        var relative: [ComparisonMetric: Double] = [:]
        for metric in ComparisonMetric.allCases {
            relative[metric] = NoiseFloor.relative(ratios: fitting.compactMap { $0.ratios[metric.rawValue] })
        }
        self.relative = relative
    }
}

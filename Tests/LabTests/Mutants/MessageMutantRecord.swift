import Foundation

/// What is committed of the changed answers: what was changed, how much of it is seen, and what nobody can see.
struct MessageMutantRecord: Codable, Equatable {
    /// How many mutations there are and how many die.
    struct Score: Codable, Equatable {
        var mutations = 0
        var killed = 0
        var equivalent = 0
    }

    var score = Score()
    /// The mutations after which an answer is as good as before, by the reason.
    var equivalents: [String: [String]] = [:]
    /// Every mutation by the part of the message that it changes.
    var covered: [String: [String]] = [:]

    /// The record of all mutations of which these are equivalent.
    init(_ mutations: [MessageMutation], equivalents: [MessageMutation: String]) {
        score = Score(
            mutations: mutations.count,
            killed: mutations.count - equivalents.count,
            equivalent: equivalents.count
        )
        var sizes: [Int] = []
        for mutation in mutations {
            if let reason = equivalents[mutation] { self.equivalents[reason, default: []].append("\(mutation)") }
            if case .cut(let size) = mutation {
                sizes.append(size)
            } else {
                covered[mutation.part, default: []].append("\(mutation)")
            }
        }
        if let first = sizes.first, let last = sizes.last {
            covered["end", default: []].append("cut after each of \(first) to \(last) octets")
        }
    }

    private static let url = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("message-mutants.json")

    static func read() throws -> MessageMutantRecord {
        try JSONDecoder().decode(MessageMutantRecord.self, from: Data(contentsOf: url))
    }

    func write() throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        try (encoder.encode(self) + Data("\n".utf8)).write(to: Self.url, options: .atomic)
    }
}

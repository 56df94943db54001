/// Finds the word somebody probably meant, for "did you mean" sentences.
package enum Suggestion {
    /// The candidate nearest to `word`, or nil when none is near enough to be helpful.
    ///
    /// Distance is optimal string alignment (insert, delete, replace, swap neighbours); at most two fifths of the
    /// word may differ. Words over 64 characters get no suggestion, so the cost is bounded.
    package static func closest(to word: String, among candidates: some Sequence<String>) -> String? {
        let typed = Array(word.lowercased().unicodeScalars)
        guard !typed.isEmpty, typed.count <= 64 else { return nil }
        var best: (distance: Int, candidate: String)?
        for candidate in candidates {
            let known = Array(candidate.lowercased().unicodeScalars)
            guard !known.isEmpty, known.count <= 64 else { continue }
            let allowed = max(1, max(typed.count, known.count) * 2 / 5)
            let distance = editDistance(typed, known)
            guard distance <= allowed else { continue }
            if let found = best, found.distance <= distance { continue }
            best = (distance, candidate)
        }
        return best?.candidate
    }

    /// The tail of a diagnostic: `; did you mean 'x'?`, or what is known when the list is short, or nothing.
    package static func sentence(for word: String, among candidates: [String]) -> String {
        if let candidate = closest(to: word, among: candidates) { return "; did you mean '\(candidate)'?" }
        guard !candidates.isEmpty, candidates.count <= 12 else { return "" }
        return "; known here: " + candidates.sorted().joined(separator: ", ")
    }

    private static func editDistance(_ left: [Unicode.Scalar], _ right: [Unicode.Scalar]) -> Int {
        var beforePrevious = [Int](repeating: 0, count: right.count + 1)
        var previous = Array(0...right.count)
        for row in 1...left.count {
            var current = [Int](repeating: row, count: right.count + 1)
            for column in 1...right.count {
                let cost = left[row - 1] == right[column - 1] ? 0 : 1
                var value = min(previous[column] + 1, current[column - 1] + 1, previous[column - 1] + cost)
                if row > 1, column > 1, left[row - 1] == right[column - 2], left[row - 2] == right[column - 1] {
                    value = min(value, beforePrevious[column - 2] + 1)
                }
                current[column] = value
            }
            beforePrevious = previous
            previous = current
        }
        return previous[right.count]
    }
}

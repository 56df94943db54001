internal import Measure
internal import NodeLocal

/// Stages as users write them: `500/s:10s, 0-5000/s:1m`.
enum StageText {
    /// The stage of one piece, a rate or two joined by `-`, a colon and a duration; `nil` when it is none.
    static func stage(_ text: String) -> RateStage? {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false).map { $0.trimmed }
        guard parts.count == 2, let duration = DurationText.nanoseconds(parts[1]), duration >= 1_000_000 else {
            return nil
        }
        let bounds = parts[0].split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false).map { $0.trimmed }
        guard let last = rate(bounds[bounds.count - 1]) else { return nil }
        // The unit stands behind the second rate and counts for both.
        guard let first = bounds.count == 1 ? last : rate(bounds[0] + unit(bounds[1])) else { return nil }
        return RateStage(fromPerSecond: first, toPerSecond: last, durationNanoseconds: duration)
    }

    private static func unit(_ text: String) -> String { text.firstIndex(of: "/").map { String(text[$0...]) } ?? "" }

    private static func rate(_ text: String) -> Double? {
        let zero = text.split(separator: "/", maxSplits: 1).first.flatMap { Double($0) } == 0
        guard let value = zero ? 0 : QuantityText.perSecond(text), value <= 10_000_000 else { return nil }
        return value
    }
}

extension Substring {
    fileprivate var trimmed: String {
        var text = self
        while text.first == " " { text.removeFirst() }
        while text.last == " " { text.removeLast() }
        return String(text)
    }
}

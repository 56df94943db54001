import Results

extension GateRecord {
    /// The baseline that was compared with, and who promoted it; nil without one.
    var baselineSentence: String? {
        baseline.map { baseline in
            let promotion = baseline.promotion.map { ", promoted by \($0.by) at \($0.at): \($0.reason)" } ?? ""
            return "\(baseline.environmentClass), of \(baseline.started)\(promotion)"
        }
    }
}

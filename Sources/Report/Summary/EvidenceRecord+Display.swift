import Results

extension EvidenceRecord {
    /// The text, cleaned, without the number of its frame where it begins with that: reports show the number beside it.
    var words: String {
        let text = DisplayText.clean(text)
        guard let frame, text.hasPrefix("frame \(frame) ") else { return text }
        return String(text.dropFirst("frame \(frame) ".count))
    }
}

import Results

extension EvidenceRecord {
    /// The text, cleaned, without the frame where it begins with that: reports show `place` beside it.
    var words: String {
        let text = DisplayText.clean(text)
        guard let frame, text.hasPrefix("frame \(frame) ") else { return text }
        let words = text.dropFirst("frame \(frame) ".count)
        guard file != nil, words.hasPrefix("of file ") else { return String(words) }
        return String(words.dropFirst("of file ".count).drop(while: \.isNumber).drop { $0 == " " })
    }

    /// The number of the frame, and the name of its file if there are several; nil when it was no frame.
    var place: String? {
        guard let frame else { return nil }
        guard let name = file?.split(separator: "/").last else { return "\(frame)" }
        return "\(frame) of \(DisplayText.clean(String(name), limit: 100))"
    }
}

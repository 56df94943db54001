import Results

/// What the doctor found in one line, as node-problem-detector's custom plugins say it on standard output: it becomes
/// the message of the node's condition (node-problem-detector docs/custom_plugin_monitor.md).
package enum DoctorLine {
    /// The length that node-problem-detector's example allows (`max_output_length`), in octets.
    package static let maximumOctets = 80

    /// The line without its end, printable ASCII, at most ``maximumOctets`` long.
    package static func render(_ entries: [DoctorEntry]) -> String {
        let failed = entries.filter { $0.status == .fail || $0.status == .error }
        guard let first = failed.first else { return cut(openSentence(entries)) }
        let more = failed.count > 1 ? " (+\(failed.count - 1) more)" : ""
        // Which others fail is lost before how many they are.
        return cut("\(first.id): \(first.read)", keeping: more)
    }

    /// A sentence cut to the length of the line.
    package static func cut(_ sentence: String, keeping end: String = "") -> String {
        let plain = printable(sentence)
        let room = maximumOctets - end.utf8.count
        guard plain.utf8.count > room else { return plain + end }
        return String(decoding: plain.utf8.prefix(max(0, room - 3)), as: UTF8.self) + "..." + end
    }

    private static func openSentence(_ entries: [DoctorEntry]) -> String {
        let passed = entries.contains { $0.status == .pass }
        return passed ? "OK: \(entries.countsSentence)" : "cannot tell: \(entries.countsSentence)"
    }

    private static func printable(_ text: String) -> String {
        String(
            String.UnicodeScalarView(
                DisplayText.ascii(DisplayText.clean(text)).unicodeScalars.map { scalar in
                    (0x20..<0x7F).contains(scalar.value) ? scalar : "?"
                }
            )
        )
    }
}

extension MetricsObservation {
    /// Reads a page in the Prometheus text format; any line that is none makes the page unreadable.
    init(page: String) {
        var sums: [String: Double] = [:]
        for line in page.split(separator: "\n") where !line.hasPrefix("#") {
            guard let nameEnd = line.firstIndex(where: { $0 == "{" || $0 == " " }),
                let space = line.lastIndex(of: " "), let value = Double(line[line.index(after: space)...])
            else {
                self.init(sums: nil, failure: "the metrics page has a line that is no sample: \(line.prefix(80))")
                return
            }
            sums[String(line[..<nameEnd]), default: 0] += value
        }
        self.init(sums: sums)
    }
}

package import Results

/// A finding of the doctor as reports show it.
package struct DoctorEntry: Sendable, Equatable {
    /// Its stable name.
    package let id: String
    /// What was looked at.
    package let title: String
    /// The judgement.
    package let status: CheckRecord.Status
    /// What was read; for `skip` why it could not be.
    package let read: String
    /// What a healthy node shows.
    package let expected: String
    /// What it means when the node does not show that.
    package let meaning: String
    /// What to do then.
    package let remediation: String

    /// Makes an entry.
    package init(
        id: String,
        title: String,
        status: CheckRecord.Status,
        read: String,
        expected: String,
        meaning: String,
        remediation: String
    ) {
        self.id = id
        self.title = title
        self.status = status
        self.read = read
        self.expected = expected
        self.meaning = meaning
        self.remediation = remediation
    }
}

extension [DoctorEntry] {
    /// `1 fail, 40 pass, 8 skip`, what fell first.
    var countsSentence: String {
        let order: [CheckRecord.Status] = [.fail, .error, .inconclusive, .pass, .skip]
        return order.compactMap { status in
            let number = self.count { $0.status == status }
            return number > 0 ? "\(number) \(status.rawValue)" : nil
        }.joined(separator: ", ")
    }
}

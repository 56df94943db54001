/// One observation that a check or a proof rests on.
package struct EvidenceRecord: Codable, Sendable, Equatable {
    /// Number of the captured frame, from 1, as Wireshark counts; absent when it was no frame.
    package var frame: UInt64?
    /// Path of the file that the frame is in; absent when there is no other one.
    package var file: String?
    /// When it was seen.
    package var ts: Timestamp?
    /// What was seen, in one line.
    package var text: String

    /// Creates an observation.
    package init(frame: UInt64? = nil, file: String? = nil, ts: Timestamp? = nil, text: String) {
        self.frame = frame
        self.file = file
        self.ts = ts
        self.text = text
    }
}

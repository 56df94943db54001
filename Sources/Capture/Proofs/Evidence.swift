/// A frame that shows something.
package struct Evidence: Sendable, Hashable {
    package var frame: FrameNumber
    /// Nanoseconds since the Unix epoch.
    package var realtimeNanoseconds: Int64
    /// What the frame is and what it shows, in one line.
    package var text: String

    package init(frame: FrameNumber, realtimeNanoseconds: Int64, text: String) {
        self.frame = frame
        self.realtimeNanoseconds = realtimeNanoseconds
        self.text = text
    }

    /// A message as evidence, with a note on what it shows; `name` is its question's, in wire form.
    init(_ message: Sighting, name: RawSpan, note: String = "") {
        self.init(MessageRecord(message, name: name), note: note)
    }

    /// The record as evidence, with a note on what it shows.
    package init(_ record: MessageRecord, note: String = "") {
        self.init(
            frame: record.frame,
            realtimeNanoseconds: record.realtimeNanoseconds,
            text: note.isEmpty ? record.summary : record.summary + ": " + note
        )
    }

    /// The time in RFC 3339 form with nanoseconds, in UTC.
    package var timestamp: String { Timestamp.rfc3339(realtimeNanoseconds) }
}

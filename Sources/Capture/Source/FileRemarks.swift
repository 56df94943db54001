/// What is odd about a capture file and yet no damage.
package struct FileRemarks: Sendable, Equatable, CustomStringConvertible {
    /// Frames that have no time of their own, and got that of the last frame which had one.
    ///
    /// Simple packet blocks of pcapng tell none, and a time before 1970 or after 2116 is none.
    package var untimedFrames: UInt64 = 0
    /// Frames of which more octets were captured than they are said to have had.
    package var overlongFrames: UInt64 = 0
    /// Frames longer than the snapshot length of their interface.
    package var framesAboveSnapshot: UInt64 = 0
    /// Blocks of pcapng whose options contradict themselves; the block itself was read.
    package var brokenOptions: UInt64 = 0
    /// Sections of pcapng that are not as long as they say.
    package var wrongSectionLengths: UInt64 = 0

    package init() {}

    /// There is nothing odd.
    package var isEmpty: Bool { self == FileRemarks() }

    /// For example `2 frames without a time of their own, 1 frame longer than the snapshot length`.
    package var description: String {
        var parts: [String] = []
        func add(_ count: UInt64, _ thing: String, _ what: String) {
            if count > 0 { parts.append("\(count) \(thing)\(count == 1 ? "" : "s") \(what)") }
        }
        add(untimedFrames, "frame", "without a time of their own")
        add(overlongFrames, "frame", "captured longer than the original")
        add(framesAboveSnapshot, "frame", "longer than the snapshot length")
        add(brokenOptions, "block", "with broken options")
        add(wrongSectionLengths, "section", "of another length than said")
        return parts.isEmpty ? "nothing odd" : parts.joined(separator: ", ")
    }
}

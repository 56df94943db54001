/// What is known of a capture file that was read.
package struct CaptureFileSummary: Sendable, Equatable {
    package var path: String
    /// Frames that it gave.
    package internal(set) var frames: UInt64 = 0
    /// Where it is damaged, when it is; everything before was read.
    package internal(set) var damage: CaptureDamage?
    /// What is odd about it.
    package internal(set) var remarks = FileRemarks()
    /// Packets that the capturing system dropped, as far as it tells.
    package internal(set) var drops: UInt64 = 0
    /// Names of its interfaces by number, from 1.
    package internal(set) var interfaceNames: [UInt32: String] = [:]
    /// Another file of the capture was written at the same time, on another tap.
    package internal(set) var isOneOfSeveralTaps = false

    init(path: String) {
        self.path = path
    }
}

import Glibc

/// Writes the frames that findings rest on into a pcapng of their own, each with its comments, for Wireshark.
package enum EvidenceFile {
    /// What was written.
    package struct Outcome: Sendable, Equatable {
        /// Frames in the file.
        package var frames: Int
        /// Cited frames that their source does not have.
        package var missing: Int
    }

    /// Copies frames out of the capture files in which the findings were made, in the order of time.
    ///
    /// The files are read a second time, and the frames lie on disk until they are written, so that memory grows
    /// only with the number of cited frames.
    ///
    /// - Parameters:
    ///   - sources: Capture files with their findings; a frame that several findings cite has all their comments.
    ///   - origin: Program and command, for the comment of the file.
    ///   - path: The file to write; it appears under this name when it is complete.
    /// - Throws: `CaptureError` when a source is a pipe, is the file to be written, or is not what the findings
    ///   were made in: a cited frame has another time.
    @discardableResult
    package static func write(
        _ sources: [EvidenceSource],
        origin: EvidenceOrigin,
        to path: String
    ) throws(CaptureError) -> Outcome {
        for source in sources { try check(source.path, against: path) }
        let citations = sources.map { EvidenceCitations($0.findings) }
        var collector = EvidenceCollector(spool: try FrameSpool(beside: path))
        var names: [[UInt32: String]] = []
        for (index, source) in sources.enumerated() {
            var window = try FileWindow(path: source.path)
            var reader = try CaptureFileReader(window: &window, path: source.path)
            collector.begin(source: index, citations: citations[index])
            _ = reader.readAll(from: &window, into: &collector)
            if let frame = collector.changedFrame {
                let format = "no longer the capture of the findings: frame \(frame) has another time"
                throw .unsupportedFormat(path: source.path, format: format)
            }
            names.append(reader.interfaceNames)
        }
        var writer = try PcapNGWriter(path: path, application: origin.tool, comment: comment(sources, origin))
        var octets: [UInt8] = []
        let frames = collector.frames.sorted { ($0.time, $0.source, $0.number) < ($1.time, $1.source, $1.number) }
        for frame in frames {
            let source = sources[frame.source]
            try collector.spool.read(frame.length, at: frame.offset, into: &octets)
            let known = source.interfaceNames[frame.linkIndex] ?? names[frame.source][frame.details.interfaceNumber]
            let place = "frame \(frame.number) of \(source.path)"
            writer.write(
                octets,
                originalLength: frame.details.originalLength,
                link: frame.link,
                interfaceName: source.interfaceName(known),
                at: frame.time,
                comments: [place] + citations[frame.source].comments(on: frame.number)
            )
        }
        try writer.finish()
        return Outcome(frames: frames.count, missing: citations.reduce(0) { $0 + $1.count } - frames.count)
    }

    // A pipe has nothing to give a second time, and would be waited for.
    private static func check(_ source: String, against path: String) throws(CaptureError) {
        var read = stat()
        guard source != InputFile.standardInput, stat(source, &read) == 0, read.st_mode & S_IFMT == S_IFREG else {
            let exists = source == InputFile.standardInput || access(source, F_OK) == 0
            let reason = exists ? "frames are copied in a second reading, which only a file allows" : nil
            throw .cannotOpen(path: source, reason: reason ?? String(cString: strerror(errno)))
        }
        var written = stat()
        if stat(path, &written) == 0, written.st_dev == read.st_dev, written.st_ino == read.st_ino {
            throw .cannotWrite(path: path, reason: "it is the capture that the frames come from")
        }
    }

    private static func comment(_ sources: [EvidenceSource], _ origin: EvidenceOrigin) -> String {
        var lines = ["Frames that findings rest on, written by \(origin.tool).", "Command: \(origin.commandLine)"]
        for source in sources {
            lines += source.findings.map { "\(source.path): \($0.title): \($0.reason)" }
        }
        return lines.joined(separator: "\n")
    }
}

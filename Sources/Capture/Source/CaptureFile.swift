/// Reads capture files: pcap with microseconds or nanoseconds in both byte orders, and pcapng.
///
/// Either may be compressed with gzip. A pipe is read like a file, and the path `-` is standard input.
package enum CaptureFile {
    /// Reads files from their beginning to their end as one capture, in the order of time.
    ///
    /// A file that ends in the middle or is damaged is no error: the result has everything before the damage,
    /// and says where it is. `progress` gets the octets read so far, now and then.
    package static func read(
        paths: [String],
        options: CaptureOptions = CaptureOptions(),
        progress: ((UInt64) -> Void)? = nil
    ) throws(CaptureError) -> CaptureResult {
        guard paths.count <= FrameNumber.mostFiles else { throw .tooManyFiles(paths.count) }
        var joined = try JoinedFiles(paths: paths)
        var engine = CaptureEngine(options: options)
        try joined.readAll(into: &engine, progress: progress)
        engine.finish()
        var files = joined.files.map(\.summary)
        for index in files.indices { files[index].isOneOfSeveralTaps = joined.laneCount > 1 }
        engine.sourceDrops.kernel = files.reduce(0) { $0 + $1.drops }
        engine.sourceIsDamaged = files.contains { $0.damage != nil }
        return CaptureResult(
            report: engine.report,
            records: engine.records(),
            findings: engine.findings,
            span: engine.span,
            queries: engine.queries,
            files: files
        )
    }

    /// Reads one whole file.
    package static func read(
        path: String,
        options: CaptureOptions = CaptureOptions(),
        progress: ((UInt64) -> Void)? = nil
    ) throws(CaptureError) -> CaptureResult {
        try read(paths: [path], options: options, progress: progress)
    }
}

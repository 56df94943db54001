/// Reads capture files: pcap with microseconds or nanoseconds in both byte orders, and pcapng.
///
/// Either may be compressed with gzip. A pipe is read like a file, and the path `-` is standard input.
package enum CaptureFile {
    /// Reads a whole file.
    ///
    /// A file that ends in the middle or is damaged is no error: the result has everything before the damage,
    /// and says where it is. `progress` gets the octets read so far, now and then.
    package static func read(
        path: String,
        options: CaptureOptions = CaptureOptions(),
        progress: ((UInt64) -> Void)? = nil
    ) throws(CaptureError) -> CaptureResult {
        try examine(path: path, options: options, progress: progress).result
    }

    /// Reads a whole file as `read` does, and tells what is odd about it besides.
    package static func examine(
        path: String,
        options: CaptureOptions = CaptureOptions(),
        progress: ((UInt64) -> Void)? = nil
    ) throws(CaptureError) -> (result: CaptureResult, remarks: FileRemarks) {
        var window = try FileWindow(path: path)
        var reader = try CaptureFileReader(window: &window, path: path)
        var engine = CaptureEngine(options: options)
        let damage = reader.readAll(from: &window, into: &engine, progress: progress)
        engine.finish()
        engine.sourceDrops.kernel = reader.drops
        engine.sourceIsDamaged = damage != nil
        let result = CaptureResult(
            report: engine.report,
            records: engine.records(),
            findings: engine.findings,
            queries: engine.queries,
            damage: damage,
            interfaceNames: reader.interfaceNames
        )
        return (result, reader.remarks)
    }
}

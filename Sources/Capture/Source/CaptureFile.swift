/// Reads capture files: pcap with microseconds or nanoseconds in both byte orders, and pcapng.
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
        var window = try FileWindow(path: path)
        var engine = CaptureEngine(options: options)
        guard window.fill(4) else { throw .notACapture(path: path) }
        let damage: CaptureDamage?
        var names: [UInt32: String] = [:]
        switch window.uint32(0) {
        case 0xA1B2_C3D4, 0xD4C3_B2A1, 0xA1B2_3C4D, 0x4D3C_B2A1:
            let reader = try PcapReader(window: &window, path: path)
            damage = reader.readAll(from: &window, into: &engine, progress: progress)
        case 0x0A0D_0D0A:
            var reader = PcapNGReader()
            damage = reader.readAll(from: &window, into: &engine, progress: progress)
            names = reader.interfaceNames
        case let magic where magic >> 16 == 0x1F8B:
            throw .unsupportedFormat(path: path, format: "compressed with gzip")
        case 0x28B5_2FFD:
            throw .unsupportedFormat(path: path, format: "compressed with zstd")
        default:
            throw .notACapture(path: path)
        }
        engine.finish()
        engine.sourceIsDamaged = damage != nil
        return CaptureResult(report: engine.report, records: engine.records, damage: damage, interfaceNames: names)
    }
}

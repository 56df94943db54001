import Glibc

/// Reads small text files that the user named.
package enum TextFile {
    private static let maximumBytes = 8 << 20
    /// The most octets of a file with data, such as queries.
    private static let maximumData = 1 << 30

    /// The whole file as UTF-8.
    ///
    /// - Parameter what: what the file is, for the sentence of a failure: `the Corefile`.
    package static func read(_ path: String, what: String) throws(Failure) -> String {
        let bytes = try octets(path, what: what, most: maximumBytes)
        guard let text = String(validating: bytes, as: UTF8.self) else {
            let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
            let line = lines.firstIndex { String(validating: $0, as: UTF8.self) == nil } ?? 0
            throw Failure(.badInput, "\(what) \(path):\(line + 1) is not UTF-8 text")
        }
        return text
    }

    /// The whole file as octets, up to 1 GiB.
    package static func data(_ path: String, what: String) throws(Failure) -> [UInt8] {
        try octets(path, what: what, most: maximumData)
    }

    /// The files of a folder whose names end in `suffix`, by name.
    ///
    /// - Throws: a failure that says which folder or file cannot be read, or that there is no such file.
    package static func folder(
        _ path: String,
        suffix: String,
        what: String
    ) throws(Failure) -> [(name: String, text: String)] {
        guard let folder = opendir(path) else {
            throw Failure(.inputMissing, "\(what), \(path), cannot be opened: \(String(cString: strerror(errno)))")
        }
        defer { closedir(folder) }
        var names: [String] = []
        while let entry = readdir(folder) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { tuple in
                tuple.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name.hasSuffix(suffix) { names.append(name) }
        }
        guard !names.isEmpty else { throw Failure(.inputMissing, "\(what), \(path), has no file *\(suffix)") }
        var files: [(name: String, text: String)] = []
        for name in names.sorted() {
            let file = "\(path)/\(name)"
            files.append((file, try read(file, what: "the file")))
        }
        return files
    }

    private static func octets(_ path: String, what: String, most: Int) throws(Failure) -> [UInt8] {
        guard let file = fopen(path, "re") else {
            throw Failure(.inputMissing, "\(what) \(path) cannot be opened: \(String(cString: strerror(errno)))")
        }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        // As much as a regular file has, so that the octets are not moved while it is read.
        var status = stat()
        if fstat(fileno(file), &status) == 0, status.st_size > 0 {
            bytes.reserveCapacity(min(most, Int(status.st_size)))
        }
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while case let count = fread(&buffer, 1, buffer.count, file), count > 0 {
            bytes += buffer[..<count]
            guard bytes.count <= most else {
                throw Failure(.badInput, "\(what) \(path) is larger than \(most >> 20) MiB")
            }
        }
        guard ferror(file) == 0 else {
            throw Failure(.inputMissing, "\(what) \(path) cannot be read: \(String(cString: strerror(errno)))")
        }
        return bytes
    }
}

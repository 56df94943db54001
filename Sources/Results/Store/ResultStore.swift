import Glibc

/// A folder of runs: `<folder>/<timestamp>-<scenario>/result.json` and what is rendered from it.
package struct ResultStore: Sendable {
    /// The folder of one run.
    package struct Run: Sendable, Equatable {
        /// The folder's path.
        package let folder: String

        /// Where the document is.
        package var resultPath: String { folder + "/result.json" }
        /// Where the page is.
        package var reportPath: String { folder + "/report.html" }
    }

    /// The folder that holds the runs.
    package let folder: String

    /// Names a store; nothing is touched yet.
    package init(folder: String) {
        self.folder = folder
    }

    /// Makes the folder of a new run; a second run in the same second gets a number.
    package func makeRun(started: Timestamp, scenario: String) throws(ResultError) -> Run {
        try DurableFile.makeFolder(folder)
        let name = "\(started.basicDescription)-\(Self.fileName(scenario))"
        for number in 1...1_000 {
            let path = "\(folder)/\(name)\(number == 1 ? "" : "-\(number)")"
            if mkdir(path, 0o755) == 0 { return Run(folder: path) }
            guard errno == EEXIST else {
                throw .cannotCreate(path: path, reason: String(cString: strerror(errno)))
            }
        }
        throw .cannotCreate(path: "\(folder)/\(name)", reason: "a thousand runs have that name")
    }

    /// The runs that hold a result, oldest first.
    package func runs() throws(ResultError) -> [Run] {
        guard let directory = opendir(folder) else {
            throw errno == ENOENT
                ? .missing(path: folder) : .unreadable(path: folder, reason: String(cString: strerror(errno)))
        }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if !name.hasPrefix(".") { names.append(name) }
        }
        return names.sorted().map { Run(folder: "\(folder)/\($0)") }.filter { access($0.resultPath, R_OK) == 0 }
    }

    /// A scenario's id or path as one safe part of a file name.
    static func fileName(_ text: String) -> String {
        let last = text.split(separator: "/").last.map(String.init) ?? ""
        let safe = last.unicodeScalars.map { scalar -> Character in
            switch scalar {
            case "a"..."z", "A"..."Z", "0"..."9", "-", "_": Character(scalar)
            case ".": "."
            default: "_"
            }
        }
        let name = String(String(safe).prefix(60))
        return name.isEmpty || name.hasPrefix(".") ? "run" + name : name
    }
}

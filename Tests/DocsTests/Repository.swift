import Foundation

/// The files of this repository that show commands.
enum Repository {
    /// The folder that holds Package.swift.
    static let root = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    /// Every Markdown file that a user reads: those at the top, and those of the folders for users.
    static var documents: [URL] {
        let folders =
            [root] + ["docs", "Deploy", "Benchmarks", "Scenarios", "results"].map(root.appendingPathComponent)
        return folders.flatMap { folder in
            ((try? FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)) ?? [])
                .filter { $0.pathExtension == "md" }.sorted { $0.path < $1.path }
        }
    }

    /// Pipelines that users copy.
    static var pipelines: [URL] {
        let folder = root.appendingPathComponent("Deploy/ci")
        return ((try? FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)) ?? [])
            .filter { $0.pathExtension == "yml" }.sorted { $0.path < $1.path }
    }

    /// The commands that these files show.
    static let examples: [MarkdownExample] =
        documents.flatMap { MarkdownExample.all(in: text($0), file: name($0)) }
        + pipelines.flatMap { PipelineFile.examples(in: text($0), file: name($0)) }

    private static func text(_ file: URL) -> String { (try? String(contentsOf: file, encoding: .utf8)) ?? "" }

    private static func name(_ file: URL) -> String { String(file.path.dropFirst(root.path.count + 1)) }

    /// The scenarios that users run, copy and edit.
    static let scenarios: [URL] = {
        let folder = root.appendingPathComponent("Scenarios")
        return ((try? FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)) ?? [])
            .filter { $0.pathExtension == "yaml" }.sorted { $0.path < $1.path }
    }()
}

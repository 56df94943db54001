package import NodeLocal

/// Reads waivers.
///
/// ```yaml
/// version: 1
/// waivers:
///   - id: cache.p99 <= max(cluster.p99 * 3, 60ms)
///     reason: the new kernel is slower until its fix of 12 December
///     owner: dns-team@example.com
///     expires: 2026-12-31
/// ```
package enum WaiverFile {
    private static let keys = ["id", "reason", "owner", "expires", "scenario"]
    private static let formatVersion = 1

    /// The waivers in a text; `file` is its name for diagnostics.
    package static func parse(_ text: String, file: String) throws(YAMLDiagnostic) -> [Waiver] {
        let tree = try YAMLTree.parse(text, file: file)
        let map = try tree.map("a file of waivers", keys: ["version", "waivers"])
        let version = try map.required("version")
        guard try version.integer() == formatVersion else {
            throw version.diagnostic("this program reads version \(formatVersion) of waivers")
        }
        guard let list = map["waivers"] else { return [] }
        var waivers: [Waiver] = []
        for item in try list.list() {
            let waiver = try waiver(item)
            guard !waivers.contains(where: { $0.id == waiver.id && $0.scenario == waiver.scenario }) else {
                throw item.diagnostic("'\(waiver.id.prefix(80))' is waived twice")
            }
            waivers.append(waiver)
        }
        return waivers
    }

    /// Refuses a waiver of what no gate is named; waivers of other scenarios are not looked at.
    ///
    /// - Returns: the waivers that are about this scenario.
    package static func select(
        _ waivers: [Waiver],
        scenario: String?,
        known: [String]
    ) throws(YAMLDiagnostic) -> [Waiver] {
        let own = waivers.filter { $0.scenario == nil || $0.scenario == scenario }
        for waiver in own where !known.contains(waiver.id) {
            throw YAMLDiagnostic(
                file: waiver.place.file,
                line: waiver.place.line,
                column: waiver.place.column,
                message: "nothing that this result is judged by is named '\(waiver.id.prefix(200))'"
                    + Suggestion.sentence(for: waiver.id, among: known)
            )
        }
        return own
    }

    private static func waiver(_ item: YAMLTree) throws(YAMLDiagnostic) -> Waiver {
        let map = try item.map("a waiver", keys: keys)
        let id = try map.required("id")
        let expires = try map.required("expires")
        let day = try expires.string()
        guard isDay(day) else { throw expires.diagnostic("'\(day.prefix(40))' is no day; write it as 2026-12-31") }
        return Waiver(
            id: try id.nonEmptyString(),
            reason: try map.required("reason").nonEmptyString(),
            owner: try map.required("owner").nonEmptyString(),
            expires: day,
            scenario: try map.string("scenario"),
            place: (id.file, id.line, id.column)
        )
    }

    /// Whether the text is a day of the Gregorian calendar, as `YYYY-MM-DD`.
    private static func isDay(_ text: String) -> Bool {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.map(\.count) == [4, 2, 2], parts.allSatisfy({ $0.allSatisfy { $0.isASCII && $0.isNumber } }),
            let year = Int(parts[0]), let month = Int(parts[1]), let day = Int(parts[2]), (1...12).contains(month)
        else { return false }
        let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        let length = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1]
        return (1...length).contains(day)
    }
}

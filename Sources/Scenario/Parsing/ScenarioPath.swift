/// Paths inside a scenario start at the folder of the scenario's file.
enum ScenarioPath {
    /// The path as the program opens it; one in a built-in scenario starts at the working folder.
    static func resolve(_ path: String, besides file: String) -> String {
        guard !path.hasPrefix("/"), !file.hasPrefix(Scenario.builtinPrefix), let slash = file.lastIndex(of: "/") else {
            return path
        }
        return String(file[...slash]) + path
    }
}

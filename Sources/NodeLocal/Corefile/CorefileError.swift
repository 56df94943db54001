/// Why a Corefile cannot be used, with the line and one sentence.
package struct CorefileError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What sort of fault it is, for readers that treat one sort apart.
    package enum Kind: Hashable, Sendable {
        /// The text does not have the Caddyfile's shape.
        case syntax
        /// A plugin that node-cache is not built with.
        case unknownPlugin(String)
        /// A known plugin with arguments that CoreDNS refuses.
        case value
        /// A `__PILLAR__…__` variable that nobody replaced.
        case unreplacedPillar(String)
        /// Two server blocks claim one zone on one address.
        case conflict
    }

    /// The file as the user named it.
    package var file: String
    /// Line in that file, from 1.
    package var line: Int
    /// The sort of fault.
    package var kind: Kind
    /// One sentence without the place.
    package var message: String

    package init(file: String, line: Int, kind: Kind, message: String) {
        self.file = file
        self.line = line
        self.kind = kind
        self.message = message
    }

    /// `file:line: message`.
    package var description: String { "\(file):\(line): \(message)" }
}

import Glibc

/// The interfaces of a network namespace: an index means nothing outside it.
struct InterfaceTable: Sendable {
    /// Names by index.
    let namesByIndex: [UInt32: String]

    /// All names in order of their index.
    var names: [String] { namesByIndex.sorted { $0.key < $1.key }.map(\.value) }

    /// The interfaces that the calling thread sees.
    static func current() -> InterfaceTable {
        var names: [UInt32: String] = [:]
        guard let list = if_nameindex() else { return InterfaceTable(namesByIndex: [:]) }
        defer { if_freenameindex(list) }
        var entry = list
        // SAFETY: if_nameindex(3) ends the array with an entry of index 0 and no name.
        while entry.pointee.if_index != 0, let name = entry.pointee.if_name {
            names[entry.pointee.if_index] = String(cString: name)
            entry += 1
        }
        return InterfaceTable(namesByIndex: names)
    }

    /// The index of an interface, or nil.
    func index(of name: String) -> UInt32? {
        namesByIndex.first { $0.value == name }?.key
    }
}

extension RawSpan {
    /// Whether the octets from `start` on are a name, in wire form and lower case, but for the case of letters.
    func hasName(_ name: [UInt8], at start: Int) -> Bool {
        guard start + name.count <= byteCount else { return false }
        for index in name.indices where MessageScan.lowercase(octet(start + index)) != name[index] { return false }
        return true
    }
}

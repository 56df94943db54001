/// Quantities as Kubernetes writes them: `200Mi`, `128M`, `0.5Gi`; apimachinery `pkg/api/resource`.
package enum KubernetesQuantity {
    private static let suffixes: [(name: String, factor: Double)] = [
        ("Ki", 0x1p10), ("Mi", 0x1p20), ("Gi", 0x1p30), ("Ti", 0x1p40), ("k", 1e3), ("M", 1e6), ("G", 1e9), ("T", 1e12),
        ("m", 1e-3), ("", 1),
    ]

    /// The bytes of a memory quantity, rounded down, or nil when the text is none.
    package static func bytes(_ text: String) -> Int? {
        let digits = text.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
        guard let value = Double(digits),
            let suffix = suffixes.first(where: { $0.name == text.dropFirst(digits.count) })
        else { return nil }
        let bytes = value * suffix.factor
        return bytes < 0x1p62 ? Int(bytes) : nil
    }
}

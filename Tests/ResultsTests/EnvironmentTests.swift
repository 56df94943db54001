import Testing

@testable import Results

@Suite("Environment")
struct EnvironmentTests {
    @Test("this machine is described, and described the same twice")
    func live() {
        let record = EnvironmentProbe().record()
        #expect(record.cpus >= 1)
        #expect(record.kernel.first?.isNumber == true)
        #expect(record.fingerprint.count == 64)
        #expect(record.fingerprint == EnvironmentProbe().record().fingerprint)
    }

    @Test("a machine that tells nothing still has a record")
    func bare() {
        let record = EnvironmentProbe(root: "/nonexistent").record()
        #expect(record.kernel == "unknown")
        #expect(record.cpuModel == nil)
        #expect(record.governor == nil)
        #expect(record.memoryBytes == nil)
    }

    @Test(
        "SHA-256 agrees with FIPS 180-4's examples and the padding's edges",
        arguments: [
            (0, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
            (55, "9f4390f8d30c2dd92ec9f095b65e2b9ae9b0a925a5258e241c9f1e910f734318"),
            (56, "b35439a4ac6f0948b6d6f9e3c6af0f5f590ce20f1bde7090ef7970686ec6738a"),
            (64, "ffe054fe7ae0cb6dc65c3af9b61d5209f439851db43d0ba5997337df154668eb"),
            (1_000_000, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"),
        ]
    )
    func sha256(count: Int, digest: String) {
        #expect(SHA256.hexadecimal(of: [UInt8](repeating: UInt8(ascii: "a"), count: count)) == digest)
    }
}

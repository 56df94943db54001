import DNSWire
import Testing

@Suite("Address prefixes")
struct AddressPrefixTests {
    @Test(
        "A prefix is an address with or without a length",
        arguments: [("10.1.0.0/16", 65_536), ("10.1.2.3", 1), ("::1", 1), ("fd00::/120", 256), ("0.0.0.0/0", 1 << 32)]
    )
    func reads(text: String, count: UInt64) throws {
        let prefix = try #require(AddressPrefix(text))
        #expect(prefix.count == count)
        #expect(prefix.description == text)
    }

    @Test(
        "What is no prefix is refused",
        arguments: ["", "/", "10.0.0.1/", "10.0.0.1/33", "10.0.0.1/-1", "10.0.0.1/24", "fd00::1/64", "a/8", "::1/129"]
    )
    func refuses(text: String) { #expect(AddressPrefix(text) == nil) }

    @Test("Numbers name its addresses and go round")
    func numbers() throws {
        let prefix = try #require(AddressPrefix("10.1.2.4/30"))
        #expect(
            (0..<5).map { prefix.address($0).description } == [
                "10.1.2.4", "10.1.2.5", "10.1.2.6", "10.1.2.7", "10.1.2.4",
            ]
        )
        let six = try #require(AddressPrefix("fd00::100/120"))
        #expect(six.address(255).description == "fd00::1ff")
    }
}

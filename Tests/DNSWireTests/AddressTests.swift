import DNSWire
import Testing

@Suite("Addresses and endpoints")
struct AddressTests {
    @Test(
        "text that is an address parses and prints canonically (RFC 5952)",
        arguments: [
            ("169.254.20.10", "169.254.20.10"), ("0.0.0.0", "0.0.0.0"), ("::", "::"), ("::1", "::1"),
            ("2001:DB8:0:0:1:0:0:1", "2001:db8::1:0:0:1"), ("fe80::", "fe80::"),
            ("::ffff:192.0.2.1", "::ffff:192.0.2.1"),
            ("1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8"), ("64:ff9b::192.0.2.33", "64:ff9b::c000:221"),
            ("1:0:2:0:3:0:4:0", "1:0:2:0:3:0:4:0"),
        ]
    )
    func canonical(text: String, printed: String) throws {
        let address = try #require(IPAddress(text))
        #expect(address.description == printed)
        #expect(IPAddress(bytes: address.bytes) == address)
    }

    @Test(
        "text that is no address is refused",
        arguments: [
            "", "1.2.3", "1.2.3.4.5", "256.1.1.1", "01.2.3.4", "1.2.3.+4", "a.b.c.d", ":", ":::", "1::2::3", "12345::",
            "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "::1%lo", "1:2:3:4:5:6:7:1.2.3.4", "1.2.3.4::", "1:", "::-1", "::1:",
        ]
    )
    func refused(text: String) {
        #expect(IPAddress(text) == nil)
    }

    @Test("the reverse names of both families are those of RFC 1035 and RFC 3596")
    func reverse() throws {
        #expect(try #require(IPAddress("10.96.0.10")).reverseName.description == "10.0.96.10.in-addr.arpa.")
        let v6 = try #require(IPAddress("2001:db8::567:89ab")).reverseName.description
        #expect(v6 == "b.a.9.8.7.6.5.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa.")
    }

    @Test("endpoints need a port unless one is given by default")
    func endpoints() {
        #expect(Endpoint("169.254.20.10:53")?.description == "169.254.20.10:53")
        #expect(Endpoint("[::1]:5353")?.description == "[::1]:5353")
        #expect(Endpoint("169.254.20.10", defaultPort: 53)?.port == 53)
        #expect(Endpoint("::1", defaultPort: 53)?.port == 53)
        for text in ["169.254.20.10", "::1:53", "[1.2.3.4]:53", "1.2.3.4:", "1.2.3.4:65536", "1.2.3.4:+53", ":53"] {
            #expect(Endpoint(text) == nil, "\(text)")
        }
    }
}

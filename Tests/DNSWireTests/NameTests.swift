import DNSWire
import Testing

@Suite("Domain names")
struct NameTests {
    @Test("presentation format round-trips through escapes")
    func roundTrip() throws {
        for text in [".", "a.", "kubernetes.default.svc.cluster.local.", "a\\.b.c.", "\\000\\255\\032.x.", "\\\\.\\@."]
        {
            #expect(try DNSName(text).description == text)
        }
        #expect(try DNSName("a.b").wire == [1, 97, 1, 98, 0])
    }

    @Test("lengths are bounded at 63 and 255 octets (RFC 1035 2.3.4)")
    func bounds() throws {
        let label = String(repeating: "x", count: 63)
        #expect(try DNSName(label).wire.count == 65)
        #expect(throws: NameError.labelTooLong(64)) { try DNSName(label + "x") }
        let longest = [label, label, label, String(repeating: "y", count: 61)].joined(separator: ".")
        #expect(try DNSName(longest).wire.count == 255)
        #expect(throws: NameError.nameTooLong(256)) { try DNSName(longest + "z") }
    }

    @Test("text that is no name is refused")
    func refused() {
        #expect(throws: NameError.empty) { try DNSName("") }
        #expect(throws: NameError.emptyLabel) { try DNSName("a..b") }
        #expect(throws: NameError.emptyLabel) { try DNSName(".a") }
        for text in ["a\\", "a\\25", "a\\256", "\\2x5"] {
            #expect(throws: NameError.badEscape) { try DNSName(text) }
        }
    }

    @Test("ancestry goes by labels, not by text, and ignores case")
    func ancestry() throws {
        let zone = try DNSName("Cluster.Local")
        #expect(try DNSName("a.cluster.local").isSubdomain(of: zone))
        #expect(zone.isSubdomain(of: zone))
        #expect(zone.isSubdomain(of: .root))
        #expect(try !DNSName("xcluster.local").isSubdomain(of: zone))
        #expect(try !DNSName("local").isSubdomain(of: zone))
        #expect(try DNSName("A.b").isEqual(ignoringCase: DNSName("a.B")))
        #expect(try DNSName("A.b") != DNSName("a.B"))
    }

    @Test("labels, parent and prepending agree")
    func structure() throws {
        let name = try DNSName("a.b.c")
        #expect(name.labels == [[97], [98], [99]])
        #expect(name.labelCount == 3)
        #expect(name.parent?.description == "b.c.")
        #expect(try name.parent?.prepending(label: "a") == name)
        #expect(DNSName.root.parent == nil)
    }
}

import DNSWire
import NodeLocal
import Testing

@testable import Conformance

@Suite("Messages of checks")
struct MessageTemplateTests {
    private func template(_ yaml: String) throws -> MessageTemplate {
        let text = """
            section: T
            checks:
              - id: T-01
                title: t
                severity: info
                tier: 0
                requirement: r
                remediation: r
                steps: [{query: \(yaml), save: a}]
                expect: [{tag: T, assert: "a.answered == true"}]
            """
        let checks = try CheckFileReader.read(text, file: "t.yaml")
        guard case .query(let step) = checks[0].steps[0].action else { throw EvaluationError("no query") }
        return step.message
    }

    private func octets(_ yaml: String) throws -> String {
        let encoded = try template(yaml).encode(id: 0xABCD) { (text) throws(TemplateError) in
            try Template.fill(text) { (name) throws(TemplateError) in
                guard name == "q" else { throw .noSuchName(name) }
                return "aB."
            }
        }
        return WireText.hex(encoded)
    }

    @Test("Every bit of the header and the OPT record can be set")
    func everyBit() throws {
        // id abcd, RD, one question, no records; name 02 "aB", type A, class IN
        #expect(try octets("{name: '{{q}}', type: A}") == "abcd01000001000000000000" + "02614200" + "00010001")
        // an opcode keeps the other flags: 0x0780 with opcode 15 is 0x7f80
        #expect(try octets("{questions: [], flags: 0x0780, opcode: 15}") == "abcd7f800000000000000000")
        #expect(
            try octets("{questions: [], flags: [qr, aa, tc, z, ad, cd], rcode: 5, id: 7}") == "000786750000000000000000"
        )
        // counts that lie, section octets, a trailing octet
        #expect(
            try octets(
                "{questions: [], qdcount: 65535, ancount: 1, nscount: 2, arcount: 3, answer: c0 0c, trailing: 'ff'}"
            )
                == "abcd0100ffff000100020003" + "c00c" + "ff"
        )
        // OPT: root owner, type 41, size 4096, ext. rcode 1, version 2, flags DO+0x40, 7 octets of options
        #expect(
            try octets(
                "{questions: [], edns: {size: 4096, extended_rcode: 1, version: 2, flags: 0x0040, do: true, options: [{code: 100, data: 7a7b7c}]}}"
            ) == "abcd01000000000000000001" + "00" + "0029" + "1000" + "01" + "02" + "8040" + "0007" + "0064" + "0003"
                + "7a7b7c"
        )
        // an OPT whose padding brings the message to 31 octets: option 12 of 4
        #expect(
            try octets("{questions: [], edns: {pad_to: 31}}")
                == "abcd01000000000000000001" + "00" + "0029" + "04d0" + "00000000" + "0008" + "000c0004" + "00000000"
        )
        #expect(throws: MessageTemplateError.self) { try octets("{questions: [], edns: {pad_to: 26}}") }
        // an OPT that lies about its length and has an owner
        #expect(
            try octets("{questions: [], edns: {owner: '016100', rdlength: 9}}")
                == "abcd01000000000000000001" + "016100" + "0029" + "04d0" + "00" + "00" + "0000" + "0009"
        )
    }

    @Test("Raw octets take the id and variables")
    func raw() throws {
        #expect(
            try octets("{raw: '{{id}} 0100 0001 {{q|wire}} ff{{00*3}}'}") == "abcd" + "0100" + "0001" + "02614200"
                + "ff000000"
        )
        #expect(try octets("{questions: [], cut: 11}") == "abcd010000000000000000")
        #expect(
            try octets("{wire: '3f{{61*2}}', type: TYPE65280, class: CH}") == "abcd01000001000000000000" + "3f6161"
                + "ff00" + "0003"
        )
    }

    @Test("Filters change letters, and unknown names are errors")
    func filters() throws {
        let resolve: (String) throws(TemplateError) -> String = { (name) throws(TemplateError) in
            guard name == "q" else { throw .noSuchName(name) }
            return "abc.d1.ef."
        }
        #expect(try Template.fill("{{q|upper}}/{{ q | mixed }}", resolve: resolve) == "ABC.D1.EF./AbC.d1.Ef.")
        #expect(throws: TemplateError.noSuchName("x")) { try Template.fill("{{x}}", resolve: resolve) }
        #expect(throws: TemplateError.malformed("q|no")) { try Template.fill("{{q|no}}", resolve: resolve) }
        #expect(Template.names(in: "{{a}}.{{b|upper}}{{61*3}}") == ["a", "b"])
    }
}

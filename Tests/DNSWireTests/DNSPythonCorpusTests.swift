import DNSWire
import Foundation
import Testing

/// Why this decoder and dnspython differ on a message; each reason is a decision, not an accident.
enum Disagreement: String, CaseIterable, Hashable {
    /// dnspython parses a type that this decoder keeps opaque (RFC 3597) and finds its data wrong.
    case opaqueType
    /// dnspython reads a TTL with its top bit set as 0 (RFC 2181 section 8); this decoder keeps what was on the wire.
    case signedTTL
    /// dnspython reads A of class CH by its Chaosnet form, this decoder keeps it opaque.
    case chaosAddress
    /// dnspython follows at most a few pointers in a row; this decoder as many as 255 octets of name allow.
    case longPointerChain
}

@Suite("Agreement with dnspython")
struct DNSPythonCorpusTests {
    private static func lines() throws -> [(wire: [UInt8], theirs: String)] {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent(
            "Corpus/messages.tsv"
        )
        return try String(contentsOf: file, encoding: .utf8).split(separator: "\n").map { line in
            let columns = line.split(separator: "\t", omittingEmptySubsequences: false)
            return (hex(String(columns[0])), String(columns[1]))
        }
    }

    private static func hexText(_ bytes: some Sequence<UInt8>) -> String {
        bytes.map { String(format: "%02x", $0) }.joined()
    }

    private static func canonical(_ wire: [UInt8]) throws -> String {
        guard let message = try? Message(decoding: wire) else { return "reject" }
        var parts = [String(format: "id=%04x flags=%04x", message.id, message.flags.rawValue)]
        parts += message.questions.map { "Q \(hexText($0.name.wire)) \($0.type.rawValue) \($0.class.rawValue)" }
        for (tag, section) in [("AN", message.answers), ("NS", message.authorities), ("AR", message.additionals)] {
            for record in section {
                let alone = ResourceRecord(
                    name: .root,
                    type: record.type,
                    class: record.class,
                    ttl: 0,
                    data: record.data
                )
                let data = try Message(id: 0, answers: [alone]).encode(compress: false).dropFirst(12 + 11)
                let head = "\(tag) \(hexText(record.name.wire)) \(record.type.rawValue) \(record.class.rawValue)"
                parts.append("\(head) \(record.ttl) \(hexText(data))")
            }
        }
        if let edns = message.edns {
            let ttl = UInt32(edns.extendedRCode) << 24 | UInt32(edns.version) << 16 | UInt32(edns.flags)
            let data = try Message(id: 0, edns: edns).encode().dropFirst(12 + 11)
            parts.append("OPT \(edns.udpPayloadSize) \(String(format: "%08x", ttl)) \(hexText(data))")
        }
        return parts.joined(separator: "; ")
    }

    /// The reason that explains a difference, judged from what this decoder read.
    private static func reason(_ wire: [UInt8]) -> Disagreement? {
        guard let message = try? Message(decoding: wire) else { return nil }
        let records = message.answers + message.authorities + message.additionals
        if records.contains(where: { $0.name.labelCount > 16 }) { return .longPointerChain }
        if records.contains(where: { $0.ttl > 0x7FFF_FFFF }) { return .signedTTL }
        if records.contains(where: { $0.type == .a && $0.class == .ch }) { return .chaosAddress }
        let typed: [RecordType] = [.a, .aaaa, .ns, .cname, .soa, .ptr, .mx, .txt, .srv, .hinfo]
        if records.contains(where: { !typed.contains($0.type) }) { return .opaqueType }
        return nil
    }

    @Test("the same messages are accepted with the same fields, but for the listed disagreements")
    func agreement() throws {
        let lines = try Self.lines()
        #expect(lines.count > 1000)
        #expect(lines.filter { $0.theirs == "reject" }.count > 400)
        var disagreements: [Disagreement: Int] = [:]
        for (wire, theirs) in lines {
            let ours = try Self.canonical(wire)
            guard ours != theirs else { continue }
            guard let reason = Self.reason(wire) else {
                Issue.record("\(Self.hexText(wire))\n ours:   \(ours)\n theirs: \(theirs)")
                continue
            }
            disagreements[reason, default: 0] += 1
        }
        for (reason, count) in disagreements.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
            print("disagreement \(reason.rawValue): \(count) of \(lines.count)")
        }
        #expect(Set(disagreements.keys) == Set(Disagreement.allCases), "a listed reason is not seen any more")
        // A reason may explain a few messages of the corpus, never most of it.
        #expect(disagreements.values.reduce(0, +) < lines.count / 20)
    }
}

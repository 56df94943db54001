import DNSWire
import NodeLocal
import Synchronization
import Testing

@testable import Conformance

@Suite("Acts on the lab")
struct LabActTests {
    /// Writes down what was asked of the lab.
    private final class Diary: Sendable {
        private let entries = Mutex<[String]>([])
        var text: [String] { entries.withLock { $0 } }
        func add(_ entry: String) { entries.withLock { $0.append(entry) } }

        var control: LabControl {
            LabControl(
                perform: { (act) throws(LabActError) in
                    self.add("\(act)".split(separator: "(")[0].description)
                    if case .upstream(.refuse) = act { throw .notApplicable("no rules here") }
                    if case .start = act { throw .failed("it does not start") }
                    return nil
                },
                restore: { () throws(LabActError) in self.add("restore") }
            )
        }
    }

    private static func acting(_ act: String) -> String {
        check(
            steps: "[{query: {name: a}, save: a}, {lab: \(act), save: l}]",
            expect: "[{tag: T, assert: ['a.answered == true', 'l precedes l.ended_at + 1s']}]",
            extra: "exclusive: true\n    needs: [lab]"
        )
    }

    private func bench(_ diary: Diary?) throws -> Bench {
        var bench = try Bench { query, _, _ in FakeServer.answer(query) }
        bench.context.lab = diary?.control
        return bench
    }

    @Test("A check acts on the lab, which is put back afterwards")
    func acts() async throws {
        let diary = Diary()
        let outcome = try await bench(diary).outcome(Self.acting("{restart: KILL}"))
        #expect(outcome.status == .pass, "\(outcome.actual)")
        #expect(diary.text == ["restart", "restore"])
    }

    @Test(
        "Outside the lab the check is skipped; an act that this lab does not know skips it, one that fails is an error"
    )
    func failures() async throws {
        #expect(try await bench(nil).outcome(Self.acting("reload")).status == .skip)
        let diary = Diary()
        let unknown = try await bench(diary).outcome(Self.acting("{upstream: refuse}"))
        #expect(unknown.status == .skip)
        #expect(unknown.actual == "no rules here")
        #expect(try await bench(diary).outcome(Self.acting("start")).status == .error)
        #expect(diary.text == ["upstream", "restore", "start", "restore"])
    }

    @Test("What happens meanwhile happens while the step runs, and a load asks each question once")
    func meanwhile() async throws {
        let diary = Diary()
        let text = check(
            steps:
                "[{load: {name: a, rate: 200, for: 300ms}, meanwhile: [{wait: 50ms}, {lab: reload, save: r}], save: a}]",
            expect: """
                [{tag: T, assert: ['count(a.rcode) == 60', 'a.id is unique', 'first(a.received_at) precedes r', \
                'r precedes last(a.received_at)']}]
                """,
            extra: "exclusive: true\n    needs: [lab]"
        )
        let outcome = try await bench(diary).outcome(text)
        #expect(outcome.status == .pass, "\(outcome.actual)")
        #expect(diary.text == ["reload", "restore"])
    }

    @Test("An edit of the Corefile changes the lines of its plugin alone")
    func edits() throws {
        let text = """
            .:53 {
                cache 30
                bind 127.0.0.1
                forward . 10.0.0.1 {
                    force_tcp
                }
            }
            cluster.local:53 {
                cache {
                    success 9984 30
                }
            }
            """
        let added = try CorefileEdit(plugin: "cache", zone: nil, change: .add(["serve_stale 5s"])).applied(to: text)
        #expect(added.contains("    cache 30 {\n        serve_stale 5s\n    }\n    bind"))
        #expect(added.contains("    cache {\n        serve_stale 5s\n        success 9984 30\n"))
        let set = try CorefileEdit(plugin: "cache", zone: .root, change: .set("7")).applied(to: text)
        #expect(set == text.replacing("cache 30", with: "cache 7"))
        let removed = try CorefileEdit(plugin: "forward", zone: nil, change: .remove).applied(to: text)
        #expect(removed.contains("bind 127.0.0.1\n}\ncluster.local"))
    }
}

import Testing

@testable import Commands

@Suite("The command line")
struct CommandLineEntryTests {
    @Test("a bare --lab means topology ipvs and takes no word that follows; behind -- nothing is touched")
    func bareLab() {
        #expect(CommandLineEntry.normalised(["run", "--lab", "quick"]) == ["run", "--lab=ipvs", "quick"])
        #expect(CommandLineEntry.normalised(["run", "--lab=loopback"]) == ["run", "--lab=loopback"])
        #expect(CommandLineEntry.normalised(["lab", "run", "--", "--lab"]) == ["lab", "run", "--", "--lab"])
    }
}

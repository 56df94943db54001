import ArgumentParser
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

    /// The parser looks at the whole tree of commands in a debug build alone, and ends the program when two options
    /// have one name.
    @Test("Every command has a help, and no two options of one have the same name")
    func helps() {
        func visit(_ command: any ParsableCommand.Type, _ path: [String]) {
            _ = try? NLDNS.parseAsRoot(path + ["--help"])
            #expect(NLDNS.helpMessage(for: command).contains("USAGE: nldns"), "\(path)")
            for inner in command.configuration.subcommands {
                visit(inner, path + [inner.configuration.commandName ?? inner._commandName])
            }
        }
        visit(NLDNS.self, [])
    }
}

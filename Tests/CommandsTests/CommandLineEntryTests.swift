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

    @Test("--explain takes ids, and a bare one is about what did not pass")
    func explain() throws {
        #expect(CommandLineEntry.normalised(["check", "--explain", "HDR-01"]) == ["check", "--explain", "HDR-01"])
        #expect(
            CommandLineEntry.normalised(["check", "--explain", "--strict"])
                == ["check", "--explain=failures", "--strict"]
        )
        let arguments = CommandLineEntry.normalised(["check", "--id", "HDR-01", "HDR-02", "--explain"])
        let command = try #require(try NLDNS.parseAsRoot(arguments) as? CheckCommand)
        #expect(command.explain == ["failures"] && command.id == ["HDR-01", "HDR-02"])
        let other = try #require(try NLDNS.parseAsRoot(["check", "--explain", "HDR-01", "HDR-02"]) as? CheckCommand)
        #expect(other.explain == ["HDR-01", "HDR-02"])
    }

    @Test("The help does not list the defects, and an unknown one is told where they are")
    func defects() {
        #expect(!NLDNS.helpMessage(for: CheckCommand.self).contains("no-cache"))
        #expect {
            try NLDNS.parseAsRoot(["check", "--lab=ipvs", "--defect", "no-such"])
        } throws: { error in
            NLDNS.fullMessage(for: error).contains("nldns lab defects")
        }
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

import Testing

@Suite("Reading examples")
struct ExampleReaderTests {
    @Test("commands are found in shell blocks alone, with their lines, prompts dropped and continuations joined")
    func extraction() {
        let markdown = """
            # Title

            nldns is not a command here.

            ```console
            $ nldns run quick --lab
            verdict: pass
            $ sudo nldns capture live \\
                --prove cache
            ```

            ```swift
            nldns run nothing
            ```

            <!-- test: run -->

            ```sh
            nldns scenario list   # all of them
            kubectl apply -f x.yaml
            scripts/demo
            ```

            <!-- test: run -->
            Text in between takes the mark away.

            - in a list:

              ~~~~bash
              nldns check --list
              ~~~
              ~~~~
            """
        let examples = MarkdownExample.all(in: markdown, file: "a.md")
        #expect(
            examples == [
                MarkdownExample(file: "a.md", line: 6, text: "nldns run quick --lab", isExecuted: false),
                MarkdownExample(file: "a.md", line: 8, text: "nldns capture live --prove cache", isExecuted: false),
                MarkdownExample(file: "a.md", line: 19, text: "nldns scenario list   # all of them", isExecuted: true),
                MarkdownExample(file: "a.md", line: 21, text: "scripts/demo", isExecuted: true),
                MarkdownExample(file: "a.md", line: 30, text: "nldns check --list", isExecuted: false),
            ]
        )
    }

    @Test("commands of a pipeline are found in its YAML, continuations and folded lines joined, comments left out")
    func pipeline() {
        let yaml = """
            # nldns nothing
            script:
              - nldns gate selftest
              - >-
                nldns ab --lab
                -o json=r.json || [ $? -le 2 ]
              - echo nldns
              - run: |
                  nldns aa --lab \\
                    --seed 1
                  nldns gate r.json
            """
        #expect(
            PipelineFile.examples(in: yaml, file: "ci.yml").map(\.text) == [
                "nldns gate selftest", "nldns ab --lab -o json=r.json || [ $? -le 2 ]", "nldns aa --lab --seed 1",
                "nldns gate r.json",
            ]
        )
    }

    @Test("a block without end, an empty text and a text of fences alone give no example and no trap")
    func broken() {
        #expect(MarkdownExample.all(in: "", file: "a").isEmpty)
        #expect(MarkdownExample.all(in: "```\n```\n```", file: "a").isEmpty)
        #expect(MarkdownExample.all(in: "```sh\nnldns run \\", file: "a").isEmpty)
        #expect(MarkdownExample.all(in: "```sh\nnldns run", file: "a").map(\.text) == ["nldns run"])
    }

    @Test(
        "words and options are those that a shell passes",
        arguments: [
            ("nldns bench --target 127.0.0.1:53 --rate 100", ["--target", "--rate"], []),
            ("nldns run --lab=ipvs -o html=r.html > out 2>&1", ["--lab", "-o"], []),
            ("nldns ab --json | jq '.load | --x'", ["--json"], ["jq '.load | --x'"]),
            ("nldns lab run --quiet -- nldns check --list", ["--quiet"], ["nldns check --list"]),
            ("nldns gate r.json; nldns report r.json -o 'junit=a b'", [], ["nldns report r.json -o 'junit=a b'"]),
            ("nldns check --id HDR-01 # --nothing", ["--id"], []),
            ("nldns bench --rate -5 - \"--quoted\"", ["--rate", "--quoted"], []),
        ] as [(String, [String], [String])]
    )
    func words(_ line: String, _ options: [String], _ others: [String]) {
        let command = CommandWords(line)
        #expect(command.words.first == "nldns")
        #expect(command.options == options)
        #expect(command.others == others)
    }

    @Test("subcommands and options are read from a help page")
    func helpPage() {
        let page = HelpPage(
            """
            OVERVIEW: Tells whether --nothing works.

            USAGE: nldns run [<scenario>] [--lab] [--seed <seed>]

            OPTIONS:
              -o, --output <format=path>
                                      Where to write.
              --lab                   In a fresh lab.
              -h, --help              Show help information.

            SUBCOMMANDS:
              run (default)           A whole scenario.
              list, ls                All of them, in several
                                      lines.

              See 'nldns help <subcommand>' for detailed help.
            """
        )
        #expect(page.subcommands == ["run", "list", "ls"] && page.defaultSubcommand == "run")
        #expect(page.options.isSuperset(of: ["-o", "--output", "--lab", "--seed", "-h", "--help"]))
    }
}

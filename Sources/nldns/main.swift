import Commands

await CommandLineEntry.main()

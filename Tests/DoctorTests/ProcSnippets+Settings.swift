/// Texts of /proc that tell how a node is set up, as Linux 6.1 prints them.
extension ProcSnippets {
    static let virtualServices = """
        IP Virtual Server version 1.2.1 (size=4096)
        Prot LocalAddress:Port Scheduler Flags
          -> RemoteAddress:Port Forward Weight ActiveConn InActConn
        TCP  0A60000A:0035 rr\u{20}
          -> 0AF40102:0035      Masq    1      3          0\u{20}
          -> 0AF40203:0035      Masq    1      2          1\u{20}
        UDP  0A60000A:0035 rr\u{20}
          -> 0AF40102:0035      Masq    1      0          4\u{20}
          -> 0AF40203:0035      Masq    1      0          5\u{20}
        TCP  0A600001:01BB rr\u{20}
          -> C0A80001:192B      Masq    1      9          0\u{20}
        FWM  00000001 rr\u{20}
          -> 0AF40909:0050      Masq    1      0          0\u{20}
        TCP  [fd00:0000:0000:0000:0000:0000:0000:000a]:0035 rr\u{20}
          -> [fd00:0000:0000:0000:0000:0000:0001:0002]:0035      Masq    1      0          0\u{20}

        """

    static let virtualConnections = """
        Pro FromIP   FPrt ToIP     TPrt DestIP   DPrt State       Expires PEName PEData
        TCP C0A80002 9C40 0A60000A 0035 0AF40102 0035 ESTABLISHED     899
        UDP C0A80002 B2C1 0A60000A 0035 0AF40203 0035 UDP             298
        TCP C0A80002 9C44 0A600001 01BB C0A80001 192B ESTABLISHED     899

        """

    static let softnet = """
        0004dcf5 00000002 00000003 00000000 00000000 00000000 00000000 00000000 00000000 00000000 00000000 00000000 00000000
        0004e126 00000000 0000000a 00000000 00000000 00000000 00000000 00000000 00000000 00000000 00000000 00000000 00000001

        """

    static let conntrackStatistics = """
        entries  clashres found new invalid ignore delete chainlength insert insert_failed drop early_drop icmp_error  expect_new expect_create expect_delete search_restart
        0000002a  00000000 00000000 00000000 00000007 00000000 00000000 00000000 00000000 0000000b 00000001 00000000 00000000  00000000 00000000 00000000 00000000
        0000002a  00000000 00000000 00000000 00000001 00000000 00000000 00000000 00000000 00000005 00000000 00000000 00000000  00000000 00000000 00000000 00000000

        """
}

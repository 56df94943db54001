/// Texts of /proc as Linux 6.1 prints them on a node with a node-cache.
enum ProcSnippets {
    static let udp = """
           sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops\u{20}\u{20}
          537: 0A14FEA9:0035 00000000:0000 07 00000000:00000180 00:00000000 00000000     0        0 51239 2 00000000b1c1a3a2 17\u{20}
          611: 3500007F:0035 00000000:0000 07 00000000:00000000 00:00000000 00000000   101        0 20114 2 000000008a90eb01 0\u{20}
         1904: 0200A8C0:B2C1 0A00600A:0035 01 00000000:00000000 00:00000000 00000000     0        0 51777 2 00000000b1c1a3a9 0\u{20}
         2011: 00000000:14E9 00000000:0000 07 00000000:00000000 00:00000000 00000000   102        0 20500 2 00000000aa90eb02 3\u{20}

        """

    static let tcp = """
          sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
           0: 0A14FEA9:0035 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 51240 1 000000003cb4375b 100 0 0 10 0
           1: 0200A8C0:9C40 0A00600A:0035 01 00000000:00000000 02:000005A1 00000000     0        0 51800 2 000000003cb4375c 20 4 30 10 -1
           2: 0200A8C0:9C42 0A00600A:0035 02 00000001:00000000 01:00000190 00000003     0        0 51801 2 000000003cb4375d 800 0 0 1 7
           3: 0200A8C0:9C44 0A00600A:0035 06 00000000:00000000 03:00001234 00000000     0        0 0 3 000000003cb4375e
           4: 0200A8C0:0016 0300A8C0:C001 01 00000000:00000000 02:000005A1 00000000     0        0 30001 2 000000003cb4375f 20 4 30 10 -1

        """

    static let udp6 = """
          sl  local_address                         remote_address                        st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops
         1204: 00000000000000000000000000000000:0035 00000000000000000000000000000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 61000 2 00000000b1c1a3aa 0
         1210: 0000000000000000FFFF00000A14FEA9:0035 00000000000000000000000000000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 61001 2 00000000b1c1a3ab 5
         1211: B80D0120000000000000000001000000:0035 00000000000000000000000000000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 61002 2 00000000b1c1a3ac 0

        """

    static let fibTrie = """
        Main:
          +-- 0.0.0.0/0 3 0 5
             |-- 0.0.0.0
                /0 universe UNICAST
             |-- 192.168.0.0
                /24 link UNICAST
        Local:
          +-- 0.0.0.0/0 2 0 2
             +-- 127.0.0.0/8 2 0 2
                +-- 127.0.0.0/31 1 0 0
                   |-- 127.0.0.0
                      /8 host LOCAL
                   |-- 127.0.0.1
                      /32 host LOCAL
                |-- 127.255.255.255
                   /32 link BROADCAST
             |-- 169.254.20.10
                /32 host LOCAL
             |-- 192.168.0.2
                /32 host LOCAL

        """

    static let interfaces6 = """
        00000000000000000000000000000001 01 80 10 80       lo
        fe8000000000000000fc00fffe000001 04 40 20 80     eth0

        """

    static let snmp = """
        Ip: Forwarding DefaultTTL InReceives
        Ip: 1 64 18364
        Tcp: RtoAlgorithm RtoMin RtoMax MaxConn ActiveOpens
        Tcp: 1 200 120000 -1 921
        Udp: InDatagrams NoPorts InErrors OutDatagrams RcvbufErrors SndbufErrors InCsumErrors IgnoredMulti MemErrors
        Udp: 90021 2 196 93100 196 0 0 0 0

        """

    static let netstat = """
        TcpExt: SyncookiesSent ListenOverflows ListenDrops TCPTimeouts TCPSynRetrans IPReversePathFilter
        TcpExt: 0 4 7 12 31 2
        IpExt: InNoRoutes InOctets
        IpExt: 0 512331

        """

    static let snmp6 = """
        Ip6InReceives                   \t12
        Udp6InErrors                    \t0
        Udp6RcvbufErrors                \t0

        """

    static let conntrack = """
        ipv4     2 udp      17 25 src=10.244.1.5 dst=169.254.20.10 sport=47331 dport=53 [UNREPLIED] src=169.254.20.10 dst=10.244.1.5 sport=53 dport=47331 mark=0 zone=0 use=2
        ipv4     2 tcp      6 86396 ESTABLISHED src=192.168.0.2 dst=10.96.0.10 sport=40000 dport=53 src=10.244.1.2 dst=192.168.0.2 sport=53 dport=40000 [ASSURED] mark=0 zone=0 use=2
        ipv4     2 icmp     1 29 src=10.244.1.5 dst=169.254.20.10 type=8 code=0 id=77 src=169.254.20.10 dst=10.244.1.5 type=0 code=0 id=77 mark=0 use=1
        ipv4     2 tcp      6 3 CLOSE src=10.244.1.6 dst=169.254.20.10 sport=40110 dport=8080 src=169.254.20.10 dst=10.244.1.6 sport=8080 dport=40110 [ASSURED] mark=0 use=1

        """
}

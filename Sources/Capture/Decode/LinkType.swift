/// The link-layer header that a capture source puts before each packet (LINKTYPE_ values of tcpdump.org).
package enum LinkType: UInt32, Sendable {
    /// BSD loopback: four octets of address family in the writer's byte order.
    case null = 0
    /// Ethernet II, with 802.1Q tags allowed.
    case ethernet = 1
    /// Raw IP as LINKTYPE 12, which some writers use.
    case rawBSD = 12
    /// Raw IP, version taken from the first nibble.
    case raw = 101
    /// OpenBSD loopback: four octets of address family in network order.
    case loop = 108
    /// Linux cooked capture, 16 octets, no interface index.
    case linuxCooked = 113
    /// Raw IPv4.
    case ipv4 = 228
    /// Raw IPv6.
    case ipv6 = 229
    /// Linux cooked capture v2, 20 octets, with the interface index.
    case linuxCooked2 = 276
}

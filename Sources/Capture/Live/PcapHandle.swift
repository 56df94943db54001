import CPcap
import Glibc

/// Owns one open libpcap handle.
///
/// Opening decides the namespace: the packet socket stays where the opening thread was. One thread at a time
/// may use it; only the reader thread does, from its start to its end.
final class PcapHandle: @unchecked Sendable {
    /// What one read came to.
    enum Reading {
        case frame(seconds: Int, nanoseconds: Int, octets: UnsafeRawBufferPointer, originalLength: UInt32)
        case empty
        case failure(String)
    }

    private let handle: OpaquePointer
    /// Readable when a block of the ring is ready.
    let descriptor: Int32
    /// Link type of every frame, nil when it is not one of ours.
    let link: LinkType?
    /// Link type as libpcap numbers it.
    let linkValue: UInt32
    private var lastReceived: (drop: UInt32, interfaceDrop: UInt32) = (0, 0)
    /// Packets dropped by the kernel and by the interface since the start.
    private(set) var drops = (kernel: UInt64(0), interface: UInt64(0))

    /// Opens an interface, or all of them as `any`, in the network namespace of the calling thread.
    init(interface: String, settings: LiveSettings, filter: String) throws(CaptureError) {
        var buffer = [CChar](repeating: 0, count: Int(PCAP_ERRBUF_SIZE))
        guard let created = pcap_create(interface, &buffer) else {
            throw .live(operation: "prepare \(interface)", reason: Self.text(buffer))
        }
        do throws(CaptureError) {
            try Self.activate(created, interface: interface, settings: settings)
            try Self.apply(filter, to: created)
            guard pcap_setnonblock(created, 1, &buffer) == 0 else {
                throw .live(operation: "read without blocking", reason: Self.text(buffer))
            }
        } catch {
            pcap_close(created)
            throw error
        }
        handle = created
        descriptor = pcap_get_selectable_fd(created)
        linkValue = UInt32(bitPattern: pcap_datalink(created))
        link = LinkType(rawValue: linkValue)
    }

    deinit {
        pcap_close(handle)
    }

    /// The next frame that is ready; its octets are valid until the next call.
    func next() -> Reading {
        var header: UnsafeMutablePointer<pcap_pkthdr>?
        var octets: UnsafePointer<UInt8>?
        switch pcap_next_ex(handle, &header, &octets) {
        case 1:
            guard let header, let octets else { return .empty }
            // SAFETY: libpcap promises `caplen` octets, valid until the next call on this handle.
            let frame = UnsafeRawBufferPointer(start: octets, count: Int(header.pointee.caplen))
            // With nanosecond precision the field named microseconds holds nanoseconds.
            return .frame(
                seconds: header.pointee.ts.tv_sec,
                nanoseconds: header.pointee.ts.tv_usec,
                octets: frame,
                originalLength: header.pointee.len
            )
        case 0: return .empty
        case PCAP_ERROR_BREAK: return .empty
        default: return .failure(Self.error(of: handle))
        }
    }

    /// Waits until a block may be ready.
    func wait(milliseconds: Int32) {
        var poll = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        _ = Glibc.poll(&poll, 1, milliseconds)
    }

    /// Brings `drops` up to date; libpcap's own counters have 32 bits and wrap.
    func sampleDrops() {
        var statistics = pcap_stat()
        guard pcap_stats(handle, &statistics) == 0 else { return }
        drops.kernel += UInt64(statistics.ps_drop &- lastReceived.drop)
        drops.interface += UInt64(statistics.ps_ifdrop &- lastReceived.interfaceDrop)
        lastReceived = (statistics.ps_drop, statistics.ps_ifdrop)
    }

    private static func activate(
        _ handle: OpaquePointer,
        interface: String,
        settings: LiveSettings
    ) throws(CaptureError) {
        pcap_set_snaplen(handle, settings.snapshotLength)
        pcap_set_promisc(handle, 0)
        pcap_set_timeout(handle, settings.blockTimeoutMilliseconds)
        pcap_set_buffer_size(handle, settings.bufferBytes)
        pcap_set_tstamp_precision(handle, PCAP_TSTAMP_PRECISION_NANO)
        let status = pcap_activate(handle)
        if status < 0 { throw failure(status, handle, interface: interface) }
        // Cooked v2 has the interface index, which the default for `any` lacks.
        if interface == "any", pcap_set_datalink(handle, Int32(LinkType.linuxCooked2.rawValue)) != 0 {
            throw .live(operation: "have interface indexes", reason: error(of: handle))
        }
    }

    private static func failure(_ status: Int32, _ handle: OpaquePointer, interface: String) -> CaptureError {
        switch status {
        case PCAP_ERROR_PERM_DENIED, PCAP_ERROR_PROMISC_PERM_DENIED:
            .missingCapability(operation: "capture on \(interface)", capability: "CAP_NET_RAW")
        case PCAP_ERROR_NO_SUCH_DEVICE:
            .noSuchInterface(name: interface, available: InterfaceTable.current().names)
        case PCAP_ERROR_IFACE_NOT_UP:
            .live(operation: "capture on \(interface)", reason: "the interface is not up")
        default:
            .live(operation: "capture on \(interface)", reason: error(of: handle))
        }
    }

    private static func apply(_ filter: String, to handle: OpaquePointer) throws(CaptureError) {
        var program = bpf_program()
        guard pcap_compile(handle, &program, filter, 1, PCAP_NETMASK_UNKNOWN) == 0 else {
            throw .filter(expression: filter, reason: error(of: handle))
        }
        defer { pcap_freecode(&program) }
        guard pcap_setfilter(handle, &program) == 0 else {
            throw .filter(expression: filter, reason: error(of: handle))
        }
    }

    private static func error(of handle: OpaquePointer) -> String {
        pcap_geterr(handle).map { String(cString: $0) } ?? "unknown"
    }

    private static func text(_ buffer: [CChar]) -> String {
        String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}

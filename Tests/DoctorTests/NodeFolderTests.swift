import DNSWire
import Foundation
import LinuxNet
import NodeLocal
import Testing

@testable import Doctor

/// Readings from a folder that stands for /proc and /sys.
@Suite("A folder that stands for /proc")
struct NodeFolderTests {
    private let folder = FileManager.default.temporaryDirectory.appending(path: "nldns-doctor-\(UUID().uuidString)")
    private var roots: NodeRoots {
        NodeRoots(proc: folder.appending(path: "proc").path, sys: folder.appending(path: "sys").path)
    }

    private func write(_ path: String, _ text: String) throws {
        let file = folder.appending(path: path)
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(),
            withIntermediateDirectories: true
        )
        try Data(text.utf8).write(to: file)
    }

    private func remove() { try? FileManager.default.removeItem(at: folder) }

    @Test("version 2 of control groups tells throttling, memory and pressure")
    func controlGroup2() throws {
        defer { remove() }
        try write("proc/7/cgroup", "0::/kubepods/pod1/c1\n")
        let group = "sys/fs/cgroup/kubepods/pod1/c1/"
        try write(group + "cpu.stat", "usage_usec 120\nnr_periods 9\nnr_throttled 4\nthrottled_usec 30\n")
        try write(group + "memory.events", "low 0\noom 2\noom_kill 1\n")
        try write(group + "memory.current", "41943040\n")
        try write(group + "memory.max", "max\n")
        try write(group + "cpu.pressure", "some avg10=1.25 avg60=0.10 avg300=0.00 total=77\nfull avg10=0.00 total=1\n")
        let reading = ControlGroupReading.take(7, roots: roots)
        #expect(reading.throttled == .value(4))
        #expect(reading.killed == .value(1))
        #expect(reading.memory == .value(41_943_040))
        #expect(reading.memoryLimit == .value(Int.max))
        #expect(reading.pressure == .value("1.25"))
    }

    @Test("version 1 of control groups tells throttling and memory, and pressure cannot be read")
    func controlGroup1() throws {
        defer { remove() }
        try write("proc/7/cgroup", "5:cpu,cpuacct:/pod1\n4:memory:/pod1\n0::/\n")
        try write("sys/fs/cgroup/cpu/pod1/cpu.stat", "nr_periods 9\nnr_throttled 3\nthrottled_time 30\n")
        try write("sys/fs/cgroup/memory/pod1/memory.oom_control", "oom_kill_disable 0\nunder_oom 0\noom_kill 2\n")
        try write("sys/fs/cgroup/memory/pod1/memory.usage_in_bytes", "1048576\n")
        try write("sys/fs/cgroup/memory/pod1/memory.limit_in_bytes", "2097152\n")
        let reading = ControlGroupReading.take(7, roots: roots)
        #expect(reading.throttled == .value(3))
        #expect(reading.killed == .value(2))
        #expect(reading.memory == .value(1_048_576))
        #expect(reading.memoryLimit == .value(2_097_152))
        #expect(reading.pressure.value == nil)
    }

    @Test("a control group outside of what is mounted here is not read")
    func foreignGroup() throws {
        defer { remove() }
        try write("proc/7/cgroup", "0::/../../etc\n")
        #expect(ControlGroupReading.take(7, roots: roots).memory.reason?.contains("outside") == true)
    }

    @Test("descriptors are counted and their limit is read")
    func descriptors() throws {
        defer { remove() }
        for number in 0..<5 { try write("proc/7/fd/\(number)", "") }
        try write("proc/7/limits", "Limit  Soft Limit  Hard Limit  Units\nMax open files   1024   524288   files\n")
        let process = ProcessReading.take(SocketOwner(processID: 7, name: "node-cache"), roots: roots)
        #expect(process.descriptors == .value(5))
        #expect(process.descriptorLimit == .value(1_024))
    }

    @Test("the kubelet's flag goes before its configuration, which is read inside its root")
    func kubelet() throws {
        defer { remove() }
        try write("proc/9/comm", "kubelet\n")
        try write("proc/9/cmdline", "/usr/bin/kubelet\0--config=/etc/kubelet.yaml\0")
        try write("proc/9/root/etc/kubelet.yaml", "kind: KubeletConfiguration\nclusterDNS:\n- 169.254.20.10\n")
        let configured = try KubeletReading.take(path: nil, roots: roots)
        #expect(configured == KubeletReading(source: "/etc/kubelet.yaml", clusterDNS: ["169.254.20.10"]))
        try write("proc/9/cmdline", "/usr/bin/kubelet\0--cluster-dns\010.0.0.10,169.254.20.10\0")
        #expect(try KubeletReading.take(path: nil, roots: roots).clusterDNS == ["10.0.0.10", "169.254.20.10"])
    }

    @Test(
        "a configuration that is no such is one sentence that names the file",
        arguments: ["clusterDNS: {", "clusterDNS: 7: 8", "- \u{0}", "clusterDNS: [[1]]", "a: &a [*a, *a]"]
    )
    func hostileKubelet(_ text: String) throws {
        defer { remove() }
        try write("config.yaml", text)
        let path = folder.appending(path: "config.yaml").path
        let reading = Reading { () throws(ProcError) in try KubeletReading.take(path: path, roots: roots) }
        let reason = try #require(reading.reason)
        #expect(reason.hasPrefix(path) && !reason.contains("\n"))
    }

    @Test("a configuration of 2 MB is not read")
    func enormousKubelet() throws {
        defer { remove() }
        try write("config.yaml", String(repeating: "a: b\n", count: 400_000))
        let path = folder.appending(path: "config.yaml").path
        #expect(throws: ProcError.self) { try KubeletReading.take(path: path, roots: roots) }
    }

    @Test("the files of the cache are those inside its container, and no link leads out")
    func cacheFiles() throws {
        defer { remove() }
        try write("proc/7/cmdline", "/node-cache\0-localip\0169.254.20.10\0-conf\0/etc/Corefile\0")
        try write("proc/7/root/etc/Corefile", ".:53 {\n forward . /etc/resolv.conf\n}\n")
        try write("outside", "nameserver 10.9.9.9\n")
        try write("proc/7/root/outside", "nameserver 192.0.2.53\n")
        try FileManager.default.createSymbolicLink(
            atPath: folder.appending(path: "proc/7/root/etc/resolv.conf").path,
            withDestinationPath: "../../../../../outside"
        )
        var context = try HealthyNode.context()
        context.roots = roots
        context.expectations = CorefileExpectations(
            try Corefile.parse(".:53 {\n bind 169.254.20.10\n forward . /etc/resolv.conf\n}\n", file: "Corefile")
        )
        let files = CacheFiles.take(context, process: 7)
        #expect(files.corefile.value?.path == "/etc/Corefile")
        #expect(files.resolver?.value?.nameservers == [.v4(0xC000_0235)])
        #expect(CacheFiles.take(context, process: nil).corefile.value == nil)
    }

    @Test("node-cache's flags and the address of its upstream Service are read")
    func arguments() throws {
        defer { remove() }
        try write(
            "proc/7/cmdline",
            "/node-cache\0-localip\0169.254.20.10,10.96.0.10\0-upstreamsvc=kube-dns-upstream\0--syncinterval\01ns\0"
        )
        try write("proc/7/environ", "HOME=/\0KUBE_DNS_UPSTREAM_SERVICE_HOST=10.96.7.7\0")
        let arguments = try CacheArguments.take(7, roots: roots)
        #expect(arguments.localAddresses == ["169.254.20.10", "10.96.0.10"])
        #expect(arguments.hasUpstreamAddress == true)
        #expect(arguments.effectiveInterval == 1_000_000_000)
        #expect(arguments.isLate)
    }

    @Test("pods' files are told apart by their first name server")
    func pods() throws {
        defer { remove() }
        let servers = ["169.254.20.10", "10.96.0.10", "10.96.0.10", "192.0.2.1"]
        for (index, server) in servers.enumerated() { try write("resolv\(index)", "nameserver \(server)\n") }
        let paths = servers.indices.map { folder.appending(path: "resolv\($0)").path }
        let pods = try PodResolvers.take(
            sources: paths.map { .file($0) } + [.file(folder.appending(path: "none").path), .text("\u{0}", of: "x")],
            caches: [HealthyNode.cache.address],
            cluster: HealthyNode.clusterDNS.address,
            roots: roots
        )
        #expect((pods.ofCache, pods.ofCluster, pods.ofOthers, pods.unread) == (1, 2, 1, 2))
        #expect(pods.example == paths[1])
    }

    @Test("settings, kernel and memory come from the folder")
    func settings() throws {
        defer { remove() }
        try write("proc/sys/net/core/rmem_default", "212992\n")
        try write("proc/sys/net/ipv4/udp_mem", "1\t2\t3\n")
        try write("proc/sys/net/ipv4/vs/conntrack", "many\n")
        try write("proc/sys/net/ipv4/conf/all/rp_filter", "0\n")
        try write("proc/sys/net/ipv4/conf/eth0/rp_filter", "1\n")
        try write("proc/sys/net/ipv4/conf/lo/rp_filter", "2\n")
        try write("proc/sys/kernel/osrelease", "6.1.0-18-amd64\n")
        try write("proc/thread-self/net/sockstat", "TCP: inuse 5 mem 9\nUDP: inuse 3 mem 12\n")
        var context = try HealthyNode.context()
        context.roots = roots
        let settings = NodeSettings.take(context)
        #expect(settings.settings.number("net/core/rmem_default") == .value(212_992))
        #expect(settings.settings.values["net/ipv4/udp_mem"] == .value([1, 2, 3]))
        #expect(settings.settings.number("net/ipv4/vs/conntrack").reason?.contains("no numbers") == true)
        #expect(settings.strictInterfaces == .value(["eth0"]))
        #expect(settings.kernel == .value("6.1.0-18-amd64"))
        #expect(settings.udpPages == .value(12))
        #expect(!settings.ipvs.isPresent)
    }

    @Test("a pipe in place of a file does not block", .timeLimit(.minutes(1)))
    func pipe() throws {
        defer { remove() }
        try write("proc/7/root/etc/x", "")
        let path = folder.appending(path: "proc/7/root/etc/resolv.conf").path
        #expect(mkfifo(path, 0o600) == 0)
        let root = ContainerRoot(path: roots.process(7) + "root")
        #expect(try ResolverFile.read("/etc/resolv.conf", in: root).nameservers.isEmpty)
        #expect(try ResolverFile.read(path).nameservers.isEmpty)
    }
}

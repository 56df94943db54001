// swift-tools-version: 6.2
import PackageDescription

// Every target of ours is built with the same strictness; see CONTRIBUTING.md.
let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
]

let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let histogram = Target.Dependency.product(name: "Histogram", package: "hdrhistogram-swift")
let system = Target.Dependency.product(name: "SystemPackage", package: "swift-system")
let yams = Target.Dependency.product(name: "Yams", package: "Yams")
let subprocess = Target.Dependency.product(name: "Subprocess", package: "swift-subprocess")
let mustache = Target.Dependency.product(name: "Mustache", package: "swift-mustache")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let nio: [Target.Dependency] = [
    .product(name: "NIOCore", package: "swift-nio"),
    .product(name: "NIOPosix", package: "swift-nio"),
    .product(name: "NIOHTTP1", package: "swift-nio"),
]

/// The commit for the result documents; scripts/demo and scripts/test give it, a bare `swift build` does not.
let commit = Context.environment["NLDNS_COMMIT"] ?? "unknown"

/// The files of `Scenarios/checks/`, embedded in the binary.
let checkSections = ["hdr", "nam", "clt", "edn", "trn", "tcp", "cch", "rte", "ups", "flt", "k8s", "ops"]

/// A target under `Sources/`; the arrows are those of ARCHITECTURE.md and the build refuses any other import.
func target(_ name: String, _ dependencies: [Target.Dependency], resources: [Resource] = []) -> Target {
    .target(name: name, dependencies: dependencies, resources: resources, swiftSettings: strict)
}

/// A test target under `Tests/`.
func tests(_ name: String, _ dependencies: [Target.Dependency], exclude: [String] = []) -> Target {
    .testTarget(name: name, dependencies: dependencies, exclude: exclude, swiftSettings: strict)
}

let package = Package(
    name: "nldns",
    products: [.executable(name: "nldns", targets: ["nldns"])],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/HdrHistogram/hdrhistogram-swift", from: "0.2.0"),
        .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2", traits: []),
        .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.1"),
    ],
    targets: [
        .target(name: "CLinuxNet"),
        // C, because Swift takes no values from the command line of its compiler.
        .target(name: "CBuildInfo", cSettings: [.define("NLDNS_COMMIT", to: "\"\(commit)\"")]),
        .systemLibrary(name: "CPcap", pkgConfig: "libpcap", providers: [.apt(["libpcap-dev"])]),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        target("DNSWire", []),
        target("Measure", ["CZlib", histogram]),
        target("LinuxNet", ["CLinuxNet", "DNSWire", system]),
        target("NodeLocal", ["DNSWire", yams] + nio, resources: [.embedInCode("Seed/nodelocaldns.yaml")]),
        target("DNSBench", ["DNSWire", "Measure", "LinuxNet"]),
        target("Capture", ["DNSWire", "Measure", "LinuxNet", "CPcap", "CZlib"]),
        target(
            "Conformance",
            ["DNSWire", "LinuxNet", "NodeLocal", "Capture"],
            resources: checkSections.map { .embedInCode("Checks/\($0).yaml") }
        ),
        target("Doctor", ["NodeLocal", "LinuxNet", "DNSWire"]),
        target("Results", ["Measure"], resources: [.embedInCode("Schema/nldns.result.1.json")]),
        target("Report", ["Results", "Measure", mustache]),
        target(
            "Scenario",
            ["NodeLocal", "DNSWire", "Measure", yams],
            resources: [.embedInCode("Builtin/pre-rollout.yaml"), .embedInCode("Builtin/quick.yaml")]
        ),
        target("Lab", ["LinuxNet", "DNSWire", "NodeLocal", subprocess, system]),
        target(
            "Harness",
            [
                "DNSWire", "Measure", "LinuxNet", "NodeLocal", "DNSBench", "Capture", "Conformance", "Doctor",
                "Results",
                "Report", "Scenario", "Lab", "CBuildInfo", logging,
            ]
        ),
        target(
            "Commands",
            [
                "DNSWire", "Measure", "LinuxNet", "NodeLocal", "DNSBench", "Capture", "Conformance", "Doctor",
                "Results",
                "Report", "Scenario", "Lab", "Harness", argumentParser, logging,
            ]
        ),
        .executableTarget(name: "nldns", dependencies: ["Commands"], swiftSettings: strict),
        tests("DNSWireTests", ["DNSWire"], exclude: ["Corpus"]),
        tests("MeasureTests", ["Measure"]),
        tests("LinuxNetTests", ["LinuxNet", "DNSWire"]),
        tests("NodeLocalTests", ["NodeLocal", "DNSWire"]),
        tests("DNSBenchTests", ["DNSBench", "DNSWire", "Measure", "LinuxNet"]),
        tests("CaptureTests", ["Capture", "DNSWire", "LinuxNet"]),
        tests("ConformanceTests", ["Conformance", "DNSWire", "LinuxNet", "NodeLocal", "Capture"]),
        tests("DoctorTests", ["Doctor", "NodeLocal", "LinuxNet", "DNSWire"]),
        tests("ResultsTests", ["Results", "Measure"]),
        tests("ReportTests", ["Report", "Results", "Measure"]),
        tests("ScenarioTests", ["Scenario", "NodeLocal", "DNSWire", "Measure"]),
        tests(
            "HarnessTests",
            [
                "Harness", "Scenario", "Results", "Measure", "DNSBench", "DNSWire", "Doctor", "LinuxNet", "Capture",
                "NodeLocal", "Lab",
            ]
        ),
        tests("CommandsTests", ["Commands", "Harness", "Lab", "Results", "DNSWire", "Measure"]),
        tests(
            "LabTests",
            [
                "Lab", "LinuxNet", "DNSWire", "DNSBench", "NodeLocal", "Capture", "Conformance", "Doctor", "Harness",
                "Measure", "Results", "nldns",
            ],
            exclude: [
                "Oracles", "Acceptance/kill-matrix.json", "Acceptance/peers.json", "Acceptance/faults.json",
                "Mutants/message-mutants.json",
            ]
        ),
        tests("DocsTests", ["Scenario"]),
    ]
)

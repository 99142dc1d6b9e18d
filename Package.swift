// swift-tools-version: 6.2
import PackageDescription

let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
]

/// A ring of the architecture: it may import only what is listed here (ARCHITECTURE.md).
func ring(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: strict)
}

func tests(_ name: String, _ dependencies: [Target.Dependency], resources: [Resource] = []) -> Target {
    .testTarget(name: name, dependencies: dependencies, resources: resources, swiftSettings: strict)
}

let package = Package(
    name: "bookend",
    products: [
        .executable(name: "bookend", targets: ["bookend"]),
        .library(name: "BookendHTTP", targets: ["BookendHTTP"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    ],
    targets: [
        .target(name: "CLinux"),
        ring("BookendCore", []),
        ring("BookendHTTP", []),
        ring("BookendConfig", ["BookendCore", "Yams"]),
        ring("BookendLoop", ["BookendCore", "CLinux"]),
        ring("BookendProxy", ["BookendCore", "BookendHTTP", "BookendConfig", "BookendLoop"]),
        ring(
            "BookendControl",
            [
                "BookendCore", "BookendHTTP", "BookendConfig", "BookendLoop", "BookendProxy",
                .product(name: "GRDB", package: "GRDB.swift"),
            ]),
        ring("BookendLab", ["BookendCore", "BookendHTTP", "BookendLoop"]),
        .executableTarget(
            name: "bookend",
            dependencies: [
                "BookendCore", "BookendHTTP", "BookendConfig", "BookendLoop", "BookendProxy", "BookendControl",
                "BookendLab", .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: strict
        ),
        // What budgets are measured on (Benchmarks/budget.py).
        .executableTarget(
            name: "budget",
            dependencies: ["BookendCore", "BookendHTTP", "BookendConfig", "BookendLoop", "BookendProxy", "CLinux"],
            path: "Benchmarks/Budget",
            swiftSettings: strict
        ),
        // A simulated fleet under random faults: in the tests, and by the hundred thousand (`make schedules`).
        .target(
            name: "FleetSchedules", dependencies: ["BookendCore"], path: "Tests/FleetSchedules", swiftSettings: strict),
        .executableTarget(
            name: "fleet-schedules", dependencies: ["BookendCore", "FleetSchedules"], path: "Tests/fleet-schedules",
            swiftSettings: strict),
        // The limiter over kinds of servers and loads (`make limiter`).
        .executableTarget(
            name: "limiter-study", dependencies: ["BookendLab"], path: "Tests/limiter-study", swiftSettings: strict),
        tests("BookendCoreTests", ["BookendCore", "FleetSchedules"]),
        tests("BookendHTTPTests", ["BookendHTTP"]),
        tests("BookendConfigTests", ["BookendConfig"], resources: [.copy("Golden")]),
        // A kernel that fails by script or by seed; only tests use it.
        .target(
            name: "ScriptedKernel", dependencies: ["BookendCore", "BookendLoop", "CLinux"],
            path: "Tests/ScriptedKernel",
            swiftSettings: strict),
        tests("BookendLoopTests", ["BookendCore", "BookendLoop", "ScriptedKernel"]),
        tests(
            "BookendProxyTests",
            ["BookendConfig", "BookendCore", "BookendHTTP", "BookendLoop", "BookendProxy", "ScriptedKernel"]),
        // A process that writes to a store until somebody kills it.
        .executableTarget(
            name: "store-writer", dependencies: ["BookendControl", "BookendLoop"], path: "Tests/store-writer",
            swiftSettings: strict),
        tests(
            "BookendControlTests",
            [
                "BookendConfig", "BookendControl", "BookendCore", "BookendHTTP", "BookendLoop", "BookendProxy",
                "ScriptedKernel", "store-writer",
            ]),
        tests("BookendLabTests", ["BookendCore", "BookendHTTP", "BookendLoop", "BookendLab"]),
        tests("EndToEndTests", ["CLinux"]),
    ]
)

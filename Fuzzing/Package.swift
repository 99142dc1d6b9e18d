// swift-tools-version: 6.2
import PackageDescription

/// Fuzzing lives in a package of its own, so that the balancer never depends on swift-nio: here it is the reference that
/// BookendHTTP is compared to. `Fuzzing/run` builds and runs it; README.md says how.
let package = Package(
    name: "fuzzing",
    dependencies: [
        .package(name: "bookend", path: ".."),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
    ],
    targets: [
        .executableTarget(
            name: "Fuzz",
            dependencies: [
                .product(name: "BookendHTTP", package: "bookend"),
                // For the llhttp inside it, `CNIOLLHTTP`, which is no product of its own.
                .product(name: "NIOHTTP1", package: "swift-nio"),
            ],
            swiftSettings: [.swiftLanguageMode(.v6)])
    ]
)

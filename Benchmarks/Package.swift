// swift-tools-version: 6.2
import PackageDescription

// A package of its own, so that the main one has no benchmark in its build. Parse, Ingest and Index are those of
// ../Sources, each through a symbolic link: what is `package` there is visible here only when it is compiled in this
// package, and SwiftPM takes no path outside of it. Of Ingest the framing is enough, so that NIO stays out. All else
// is measured from outside, on the program that `make build` makes.
let strict: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .strictMemorySafety(),
    .treatAllWarnings(as: .error),
]

let package = Package(
    name: "wplog-benchmarks",
    // As in ../Package.swift.
    dependencies: [.package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0")],
    targets: [
        .systemLibrary(name: "CPCRE2", pkgConfig: "libpcre2-8", providers: [.apt(["libpcre2-dev"])]),
        .systemLibrary(name: "CCrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
        .systemLibrary(name: "CDeflate", pkgConfig: "libdeflate", providers: [.apt(["libdeflate-dev"])]),
        .systemLibrary(name: "CZstd", pkgConfig: "libzstd", providers: [.apt(["libzstd-dev"])]),
        .target(name: "CEmbedded"),
        .target(name: "Parse", dependencies: ["CPCRE2", "CEmbedded"], swiftSettings: strict),
        .target(
            name: "Ingest", dependencies: ["Parse"],
            exclude: ["Delivery", "EventSink.swift", "File", "TCP", "UDP"],
            swiftSettings: strict),
        .target(
            name: "Index",
            dependencies: [
                "Parse", "CCrypto", "CDeflate", "CZstd", .product(name: "GRDB", package: "GRDB.swift"),
            ],
            swiftSettings: strict),
        .executableTarget(
            name: "wplog-bench", dependencies: ["Parse", "Ingest", "Index"], swiftSettings: strict),
    ],
    swiftLanguageModes: [.v6]
)

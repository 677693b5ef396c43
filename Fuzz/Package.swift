// swift-tools-version: 6.2
import PackageDescription

// A package of its own, so that the main one needs no sanitizer. Its targets are folders of ../Sources, each through
// a symbolic link: what is `package` there is visible here only when it is compiled in this package, and SwiftPM
// takes no path outside of it. Left out is what needs other packages.
let strict: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .strictMemorySafety(),
    .treatAllWarnings(as: .error),
    // Targets reach what is internal to a module (@testable), in release builds too.
    .unsafeFlags(["-enable-testing"]),
]

// libFuzzer brings `main`; a target has one function, LLVMFuzzerTestOneInput, and no main.swift.
let fuzz = strict + [.unsafeFlags(["-parse-as-library"])]

let package = Package(
    name: "wplog-fuzz",
    targets: [
        .systemLibrary(name: "CPCRE2", pkgConfig: "libpcre2-8", providers: [.apt(["libpcre2-dev"])]),
        .systemLibrary(name: "CZstd", pkgConfig: "libzstd", providers: [.apt(["libzstd-dev"])]),
        .target(name: "CEmbedded"),
        .target(name: "Parse", dependencies: ["CPCRE2", "CEmbedded"], swiftSettings: strict),
        .target(
            name: "Ingest", dependencies: ["Parse"],
            exclude: ["Delivery", "EventSink.swift", "File", "TCP", "UDP"], swiftSettings: strict),
        .target(
            name: "Index", dependencies: ["Parse", "CZstd"],
            exclude: [
                "Archive", "Backup", "DirectoryLock.swift", "Files/FileDigest.swift", "OpenBlocks.swift",
                "Purge", "Recovery.swift", "Reparse", "Retention", "Segment",
                "Store.swift",
                "StoreSnapshot.swift", "StoreStatus.swift",
            ],
            swiftSettings: strict),
        .target(
            name: "Query", dependencies: ["Parse"],
            exclude: [
                "Answer", "EventLookup.swift", "HTTP", "Output", "Plan", "PreparedQuery.swift",
                "Purge", "QueryEngine.swift",
                "Retention", "Run",
            ],
            swiftSettings: strict),
        .target(name: "FuzzSupport", swiftSettings: strict),
        .executableTarget(
            name: "FrameFuzz", dependencies: ["Ingest", "Parse", "FuzzSupport"], swiftSettings: fuzz),
        .executableTarget(
            name: "HeaderFuzz", dependencies: ["Index", "Parse", "FuzzSupport"], swiftSettings: fuzz),
        .executableTarget(
            name: "GrokFuzz", dependencies: ["Parse", "FuzzSupport"], swiftSettings: fuzz),
        .executableTarget(
            name: "BlockFuzz", dependencies: ["Index", "Parse", "FuzzSupport"], swiftSettings: fuzz),
        .executableTarget(
            name: "QueryFuzz", dependencies: ["Query", "Parse", "FuzzSupport"], swiftSettings: fuzz),
    ],
    swiftLanguageModes: [.v6]
)

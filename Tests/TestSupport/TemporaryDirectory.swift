import Foundation
package import Testing

/// Gives each test a directory of its own, and takes it away afterwards.
package struct TemporaryDirectory: TestTrait, SuiteTrait, TestScoping {
    /// The directory of the test that runs now; empty outside of one.
    @TaskLocal package static var path = ""

    package var isRecursive: Bool { true }

    package func provideScope(
        for test: Test, testCase: Test.Case?,
        performing function: @concurrent @Sendable () async throws -> Void
    ) async throws {
        let files = FileManager.default
        let path = files.temporaryDirectory.appendingPathComponent("wplog-test-\(UUID().uuidString)").path
        try files.createDirectory(atPath: path, withIntermediateDirectories: true)
        defer { try? files.removeItem(atPath: path) }
        try await Self.$path.withValue(path) { try await function() }
    }
}

extension Trait where Self == TemporaryDirectory {
    /// Runs each test with a fresh directory, `TemporaryDirectory.path`.
    package static var temporaryDirectory: TemporaryDirectory { TemporaryDirectory() }
}

import Foundation
import Testing

/// Real lines with what must come of them, through the command that users test their own formats with.
struct TruthTests {
    private static let shared = Binary.repository.appending(path: "../shared/truth").standardizedFileURL.path(
        percentEncoded: false)

    private static func test(
        _ folder: String
    ) async throws -> (ending: ChildProcess.Ending, rows: Int, wrong: Set<String>, output: String) {
        let process = try ChildProcess(Binary.path, ["test", "-v", folder])
        let ending = try await process.wait(seconds: 120)
        let output = String(decoding: process.standardOutput, as: UTF8.self)
        let lines = output.split(separator: "\n")
        let all = lines.last { $0.hasPrefix("all ") }?.split(separator: " ").map { String($0) } ?? []
        let wrong = lines.filter { $0.contains(".ndjson:") }.compactMap { $0.split(separator: " ").last }
        return (ending, all.count > 1 ? Int(all[1]) ?? 0 : 0, Set(wrong.map { String($0) }), output)
    }

    @Test func `lines that real daemons wrote are read as they must be`() async throws {
        let folder = Binary.repository.appending(path: "Tests/Formats").path(percentEncoded: false)
        let result = try await Self.test(folder)
        #expect(result.ending == .exit(0), "\(result.output.prefix(4_000))")
        #expect(result.rows > 1_000)
    }

    /// The rows that differ, each with its reason in docs/formats.md.
    private static let known: Set<String> = [
        "f907b6a0fecc", "2e4da369f9f5", "15cd350fb493", "30947f0a94dc", "031b85f10ce0", "0316df06e7e1",
        "c25da7775b5a", "a77ba0072b", "21c68e74d4ba",
    ]

    @Test(
        .enabled(
            if: FileManager.default.fileExists(atPath: shared), "the rows of other projects are not beside us"
        ))
    func `lines of other projects are read as they must be, but for those that docs list`() async throws {
        let result = try await Self.test(Self.shared)
        #expect(result.rows > 1_700)
        #expect(result.wrong == Self.known, "\(result.output.prefix(4_000))")
    }
}

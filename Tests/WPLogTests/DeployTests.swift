import Foundation
import Testing

/// The files of `deploy/`, as systemd reads them.
struct DeployTests {
    private static let hasSystemd = Binary.tool("systemd-analyze") != nil
    private static let missing: Comment = "systemd-analyze is not installed: apt-get install systemd"
    private static let services = ["wplog.service", "wplog-archive.service", "wplog-backup.service"]
    private static let timers = ["wplog-archive.timer", "wplog-backup.timer"]

    private static func path(_ name: String) -> String {
        Binary.repository.appending(path: "deploy/\(name)").path(percentEncoded: false)
    }

    private static func analyze(_ arguments: [String]) async throws -> (
        code: ChildProcess.Ending, text: String
    ) {
        guard let tool = Binary.tool("systemd-analyze") else {
            throw ChildProcess.Failure(description: "no systemd-analyze")
        }
        let process = try ChildProcess(tool, arguments)
        let ending = try await process.wait(seconds: 60)
        return (ending, String(decoding: process.standardOutput, as: UTF8.self) + process.standardError)
    }

    /// 2.0 of 10, where 0 is best.
    @Test(.enabled(if: hasSystemd, missing), arguments: services)
    func `a service is locked in`(_ name: String) async throws {
        let (code, text) = try await Self.analyze([
            "security", "--offline=yes", "--threshold=20", "--no-pager", Self.path(name),
        ])
        #expect(code == .exit(0), "\(text)")
    }

    /// A threshold that nobody meets: the test above can fail.
    @Test(.enabled(if: hasSystemd, missing)) func `the threshold is looked at`() async throws {
        let (code, _) = try await Self.analyze([
            "security", "--offline=yes", "--threshold=1", "--no-pager", Self.path("wplog.service"),
        ])
        #expect(code != .exit(0))
    }

    @Test(.enabled(if: hasSystemd, missing)) func `systemd finds nothing wrong`() async throws {
        let folder = try ScratchFolder()
        var paths: [String] = []
        for name in Self.services + Self.timers {
            // The program is where the tests have it.
            let text = try Binary.text("deploy/\(name)").replacing("/usr/local/bin/wplog", with: Binary.path)
            paths.append(try folder.write(text, name))
        }
        let (code, text) = try await Self.analyze(["verify", "--man=no", "--recursive-errors=no"] + paths)
        #expect(code == .exit(0), "\(text)")
        // Keys that it does not know are only warnings.
        #expect(!text.contains("Unknown") && !text.contains(folder.path), "\(text)")
    }

    @Test func `every file that the instructions install is there`() throws {
        let text = try Binary.text("deploy/README.md")
        for name in Self.services + Self.timers + ["sysusers.conf", "tmpfiles.conf"] {
            #expect(FileManager.default.fileExists(atPath: Self.path(name)), "\(name)")
            #expect(text.contains(name), "\(name)")
        }
    }

    @Test func `a timer has its service, and the services one user`() throws {
        for name in Self.timers {
            #expect(Self.services.contains(name.replacing(".timer", with: ".service")))
            #expect(try Binary.text("deploy/\(name)").contains("Persistent=yes"))
        }
        for name in Self.services {
            let text = try Binary.text("deploy/\(name)")
            #expect(text.contains("User=wplog\n") && text.contains("SWIFT_BACKTRACE=enable=no"), "\(name)")
        }
        #expect(try Binary.text("deploy/sysusers.conf").contains("\nu wplog "))
    }
}

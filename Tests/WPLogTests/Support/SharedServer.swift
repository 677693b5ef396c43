import Foundation
import Glibc
import Synchronization

/// One server without lines, for tests that leave nothing behind.
///
/// It ends with the tests.
enum SharedServer {
    private static let running = Mutex<(server: RunningServer, folder: ScratchFolder)?>(nil)

    private static let start = Task {
        let folder = try ScratchFolder()
        let server = try await RunningServer(folder.path("data"))
        running.withLock { $0 = (server, folder) }
        atexit { SharedServer.running.withLock { $0 = nil } }
        return server.http
    }

    static func get() async throws -> RunningServer {
        _ = try await start.value
        guard let server = running.withLock({ $0?.server }) else {
            throw ChildProcess.Failure(description: "the shared server has ended")
        }
        return server
    }
}

import Foundation
import Glibc

/// Folders for tests that cannot use the trait, because they run in a process of their own.
package enum Folder {
    package static func make(_ path: String) throws {
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    package static func temporary() throws -> String {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent(
            "wplog-test-\(UUID().uuidString)"
        ).path
        try make(path)
        return path
    }

    package static func remove(_ path: String) { try? FileManager.default.removeItem(atPath: path) }

    package static func copy(_ path: String, to other: String) throws {
        try FileManager.default.copyItem(atPath: path, toPath: other)
    }
}

/// A disk that is full at a certain size, for this process.
package enum FileSizeLimit {
    /// No file may grow beyond `bytes`; nil takes the limit away.
    package static func set(_ bytes: Int?) {
        // Beyond the limit the kernel sends this signal, and a write fails once it is ignored.
        signal(SIGXFSZ, SIG_IGN)
        var limit = rlimit()
        unsafe getrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
        limit.rlim_cur = bytes.map { rlim_t($0) } ?? limit.rlim_max
        unsafe setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
    }
}

import Foundation
import Glibc

/// An ext4 file system in a file, whose power can be cut: what was not synced is gone then.
package final class LoopDisk: Sendable {
    private let folder: String
    /// Where it is mounted.
    package let path: String

    /// Why a test that needs one is skipped where `isPossible` is false.
    package static let reason = "needs root, mkfs.ext4 and a loop device"

    /// Whether this process may mount one.
    package static let isPossible: Bool = {
        guard let disk = try? LoopDisk(megabytes: 16) else { return false }
        return disk.cutPower()
    }()

    package struct CannotMount: Error, CustomStringConvertible {
        package let description: String
    }

    package init(megabytes: Int) throws {
        folder = try Folder.temporary()
        path = folder + "/disk"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        guard FileManager.default.createFile(atPath: folder + "/image", contents: nil),
            unsafe truncate(folder + "/image", off_t(megabytes) << 20) == 0,
            Self.run(["mkfs.ext4", "-q", "-F", folder + "/image"]), mount()
        else {
            Folder.remove(folder)
            throw CannotMount(description: Self.reason)
        }
    }

    deinit {
        unsafe umount2(path, Int32(MNT_DETACH))
        Folder.remove(folder)
    }

    /// Stops all writing at once, without a last write: EXT4_IOC_SHUTDOWN with EXT4_GOING_FLAGS_NOLOGFLUSH.
    ///
    /// Whoever has files open here must be killed before `restorePower`.
    package func cutPower() -> Bool {
        let descriptor = unsafe open(path, O_RDONLY | O_DIRECTORY)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        var flag: UInt32 = 2
        return unsafe ioctl(descriptor, 0x8004_587D, &flag) == 0
    }

    /// Mounts it again, as a start of the machine does.
    package func restorePower() -> Bool {
        for _ in 0..<50 {
            if unsafe umount2(path, 0) == 0 { return mount() }
            usleep(100_000)
        }
        return false
    }

    private func mount() -> Bool { Self.run(["mount", "-o", "loop", folder + "/image", path]) }

    private static func run(_ command: [String]) -> Bool {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = command
        process.environment = ["PATH": "/usr/sbin:/usr/bin:/sbin:/bin"]
        process.standardError = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        guard (try? process.run()) != nil else { return false }
        process.waitUntilExit()
        return process.terminationStatus == 0
    }
}

import Foundation
import Glibc

/// Starts programs that write to `/dev/log`, which for them is a socket of the test.
///
/// They run in a mount namespace with a `/dev` of their own; the machine's stays as it is. Only root can make one.
enum DevLog {
    static let isPossible = geteuid() == 0 && Binary.tool("unshare") != nil
    static let reason = "programs that write to /dev/log need a mount namespace: run the tests as root"

    private static let script = """
        set -e
        mount --rbind /dev /mnt; mount -t tmpfs none /dev; mkdir /dev/shm; mount --bind /mnt/shm /dev/shm
        for name in null zero full random urandom; do touch /dev/$name; mount --bind /mnt/$name /dev/$name; done
        ln -s /proc/self/fd /dev/fd; ln -s fd/1 /dev/stdout; ln -s fd/2 /dev/stderr; ln -s "$1" /dev/log
        umount -l /mnt
        shift
        exec "$@"
        """

    /// The process's number is that of the program.
    static func start(_ socket: String, _ program: String, _ arguments: [String]) throws -> ChildProcess {
        try ChildProcess(
            Binary.tool("unshare") ?? "unshare",
            ["--mount", "/bin/sh", "-c", script, "sh", socket, program] + arguments)
    }
}

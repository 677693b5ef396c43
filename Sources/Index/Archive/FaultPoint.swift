import Glibc

/// Places at which a test may end the process as a kill would, or hold it so that the power can go.
///
/// `WPLOG_FAULT=NAME[:HIT[:stop]]` ends it when it comes to that place for the HIT-th time, or stops it (SIGSTOP). In debug
/// builds alone.
enum FaultPoint {
    @inline(__always)
    static func reach(_ name: StaticString) {
        #if DEBUG
            watcher?("\(name)")
            FaultPlan.standard?.reach("\(name)")
        #endif
    }

    #if DEBUG
        /// What a test does at each place, such as keep a copy of what a stop would leave.
        @TaskLocal static var watcher: (@Sendable (String) -> Void)?
    #endif
}

#if DEBUG
    import Synchronization

    private final class FaultPlan: Sendable {
        static let standard = FaultPlan()
        private let name: String
        private let hits: Mutex<Int>
        private let signal: Int32

        private init?() {
            guard let text = unsafe getenv("WPLOG_FAULT") else { return nil }
            let parts = unsafe String(cString: text).split(separator: ":")
            guard let first = parts.first else { return nil }
            name = String(first)
            hits = Mutex(parts.count > 1 ? Int(parts[1]) ?? 1 : 1)
            signal = parts.count > 2 && parts[2] == "stop" ? SIGSTOP : SIGKILL
        }

        func reach(_ place: String) {
            guard place == name else { return }
            let left = hits.withLock { hits in
                hits -= 1
                return hits
            }
            if left == 0 { kill(getpid(), signal) }
        }
    }
#endif

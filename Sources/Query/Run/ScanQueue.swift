import Dispatch
import FoundationEssentials
import Synchronization

/// The blocks of a day that wait to be looked at, in their order, for one thread or two.
final class ScanQueue: Sendable {
    /// How long one thread looks at blocks before a second one is worth its start.
    static let alone = Duration.milliseconds(1)

    private let units: [Scan.Unit]
    private let place = Atomic<Int>(0)

    init(_ units: [Scan.Unit]) { self.units = units }

    /// How many wait.
    var left: Int { max(0, units.count - place.load(ordering: .relaxed)) }

    /// Takes the next one.
    func next() -> Scan.Unit? {
        let index = place.wrappingAdd(1, ordering: .relaxed).oldValue
        return index < units.count ? units[index] : nil
    }
}

/// A second thread for a scan.
///
/// One at a time in the whole process, so that queries take no more of the machine from those who send lines.
final class SecondScanner<Value>: Sendable {
    private let result = Mutex<Handover?>(nil)
    private let end = DispatchSemaphore(value: 0)

    /// Made on the one thread, and looked at by the other when that has ended.
    private struct Handover: @unchecked Sendable {
        let result: Result<Value, any Error>
    }

    private init() {}

    /// Runs `body` on the second thread; nil where it is busy, or the machine has one core.
    static func start(_ body: @escaping @Sendable () throws -> Value) -> SecondScanner? {
        guard ScannerPlace.take() else { return nil }
        let scanner = SecondScanner()
        DispatchQueue.global(qos: .userInitiated).async {
            let handover = Handover(result: Result { try body() })
            scanner.result.withLock { $0 = handover }
            ScannerPlace.give()
            scanner.end.signal()
        }
        return scanner
    }

    /// Waits for its end.
    func wait() -> Result<Value, any Error> {
        end.wait()
        return result.withLock { $0 }?.result ?? .failure(CancellationError())
    }
}

/// Whether the second thread is at work.
private enum ScannerPlace {
    private static let isTaken = Atomic<Bool>(false)
    private static let isPossible = ProcessInfo.processInfo.activeProcessorCount > 1

    static func take() -> Bool {
        isPossible
            && isTaken.compareExchange(expected: false, desired: true, ordering: .acquiring).exchanged
    }

    static func give() { isTaken.store(false, ordering: .releasing) }
}

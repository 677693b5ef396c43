import Dispatch
import Synchronization
import TestSupport
import Testing

@testable import Index

/// The watch over a disk that is as full as a test says.
@Suite(.temporaryDirectory) struct DiskGuardTests {
    /// What the guard is told, and what it says.
    private final class Scene: Sendable {
        let space = Mutex<DiskSpace?>(DiskSpace(total: 1 << 30, free: 900 << 20))
        let shortWrites = Mutex<UInt64>(0)
        let forecast = Mutex<StoreForecast?>(nil)
        let changes = Mutex<[String]>([])
        let lows = Mutex<[DiskState]>([])
        let low = DispatchSemaphore(value: 0)
        let complaints = Mutex<[String]>([])

        func guarding(_ layout: StoreLayout, _ policy: DiskPolicy) -> DiskGuard {
            DiskGuard(
                layout, policy,
                DiskGuard.Sources(
                    space: { self.space.withLock { $0 } }, shortWrites: { self.shortWrites.withLock { $0 } },
                    forecast: { self.forecast.withLock { $0 } }),
                DiskGuard.Listeners(
                    onChange: { old, report in
                        self.changes.withLock { $0.append("\(old) \(report.state)") }
                    },
                    onLow: { report in
                        self.lows.withLock { $0.append(report.state) }
                        self.low.signal()
                    },
                    onNoBallast: { reason in self.complaints.withLock { $0.append(reason) } }))
        }

        func free(_ mebibytes: UInt64) { space.withLock { $0?.free = mebibytes << 20 } }
        var said: [String] { changes.withLock { $0 } }
    }

    private let layout = StoreLayout(directory: TemporaryDirectory.path)
    private static let policy = DiskPolicy(reserve: .bytes(80 << 20), ballast: 1 << 20)

    private var ballast: Int { Files.size(layout.ballast) }

    @Test func `the ballast is let go of when the disk is full, and comes back`() {
        let scene = Scene()
        let disk = scene.guarding(layout, Self.policy)
        disk.look()
        #expect(ballast == 1 << 20 && Ballast(path: layout.ballast).bytes == 1 << 20)
        #expect(!disk.isFull && disk.report.ballast == 1 << 20 && disk.report.reserve == 80 << 20)
        scene.free(79)
        disk.look()
        #expect(disk.isFull && ballast <= 0 && disk.report.ballast == 0)
        // The room of the ballast is no room: with it alone the disk stays full.
        scene.free(90)
        disk.look()
        #expect(disk.isFull && ballast <= 0)
        scene.free(91)
        disk.look()
        #expect(!disk.isFull && ballast == 1 << 20 && disk.report.state == .low)
        scene.free(900)
        disk.look()
        #expect(disk.report.state == .ok && disk.report.cause == nil)
        #expect(scene.said == ["ok full", "full low", "low ok"])
    }

    @Test func `the hook is called when room gets short, once`() {
        let scene = Scene()
        let disk = scene.guarding(layout, Self.policy)
        for free in [900, 159, 140, 79, 91, 900] as [UInt64] {
            scene.free(free)
            disk.look()
        }
        scene.low.wait()
        #expect(scene.lows.withLock { $0 } == [.low])
        scene.free(20)
        disk.look()
        scene.low.wait()
        #expect(scene.lows.withLock { $0 } == [.low, .full])
        #expect(scene.said == ["ok low", "low full", "full low", "low ok", "ok full"])
    }

    @Test func `a write that found no room closes the door for two looks`() {
        let scene = Scene()
        let disk = scene.guarding(layout, Self.policy)
        disk.look()
        scene.shortWrites.withLock { $0 = 3 }
        disk.look()
        #expect(disk.isFull && disk.report.cause == .shortWrite && disk.report.shortWrites == 3)
        disk.look()
        #expect(disk.isFull)
        disk.look()
        #expect(!disk.isFull && ballast == 1 << 20)
    }

    @Test func `a forecast of hours is low`() {
        let scene = Scene()
        let disk = scene.guarding(layout, Self.policy)
        disk.look()
        let perDay = Double(1_700 << 20)
        scene.forecast.withLock {
            $0 = StoreForecast(bytesPerDay: perDay, eventsPerDay: 1, wholeDays: 1, cost: nil)
        }
        disk.look()
        #expect(disk.report.state == .low && disk.report.cause == .forecast)
        #expect(disk.report.daysLeft.map { abs($0 - 820.0 / 1_700) < 0.001 } == true)
    }

    @Test func `where nobody knows how much is free, only writes tell`() {
        let scene = Scene()
        scene.space.withLock { $0 = nil }
        let disk = scene.guarding(layout, Self.policy)
        disk.look()
        #expect(disk.report.state == .ok && ballast <= 0)
        scene.shortWrites.withLock { $0 = 1 }
        disk.look()
        #expect(disk.isFull)
        for _ in 0..<2 { disk.look() }
        #expect(!disk.isFull)
    }

    @Test func `a ballast that cannot be made is said once`() throws {
        // A folder stands in its place.
        try Folder.make(layout.ballast)
        let scene = Scene()
        let disk = scene.guarding(layout, Self.policy)
        for _ in 0..<3 { disk.look() }
        let complaints = scene.complaints.withLock { $0 }
        #expect(complaints.count == 1 && complaints.first?.contains(layout.ballast) == true, "\(complaints)")
        #expect(disk.report.state == .ok && disk.report.wantedBallast == 0)
    }

    @Test func `a ballast of another size is made anew, and none where none is wanted`() throws {
        let scene = Scene()
        scene.guarding(layout, Self.policy).look()
        #expect(ballast == 1 << 20)
        scene.guarding(layout, DiskPolicy(reserve: .bytes(1), ballast: 100_000)).look()
        #expect(ballast == 100_000)
        // A copy with holes has the length, and no room behind it.
        try Files.write([], to: layout.ballast)
        scene.guarding(layout, DiskPolicy(reserve: .bytes(1), ballast: 200_000)).look()
        #expect(ballast == 200_000)
        scene.guarding(layout, DiskPolicy(reserve: .bytes(1), ballast: 0)).look()
        #expect(ballast <= 0)
    }

    @Test(.enabled(if: SmallFileSystem.isPossible, "\(SmallFileSystem.reason)"))
    func `no room for the ballast is a full disk`() throws {
        let small = try SmallFileSystem(bytes: 1 << 20)
        let scene = Scene()
        let disk = scene.guarding(
            StoreLayout(directory: small.path), DiskPolicy(reserve: .off, ballast: 4 << 20))
        // The file system says that there is room, as one with a quota does.
        disk.look()
        #expect(disk.isFull && disk.report.cause == .shortWrite)
        #expect(Files.size(small.path + "/ballast") <= 0)
        for _ in 0..<6 { disk.look() }
        #expect(disk.isFull && scene.said == ["ok full"])
    }

    @Test(.enabled(if: SmallFileSystem.isPossible, "\(SmallFileSystem.reason)"))
    func `a file system without inodes is full`() throws {
        let small = try SmallFileSystem(bytes: 8 << 20, inodes: 32)
        #expect(DiskSpace(of: small.path)?.inodes == 32)
        let scene = Scene()
        let disk = scene.guarding(
            StoreLayout(directory: small.path), DiskPolicy(reserve: .bytes(1), ballast: 4_096))
        func look() throws -> DiskState {
            let space = try #require(DiskSpace(of: small.path))
            scene.space.withLock { $0 = space }
            disk.look()
            return disk.report.state
        }
        #expect(try look() == .ok)
        var made = 0
        while let free = DiskSpace(of: small.path)?.freeInodes, free > 3 {
            try Files.write([], to: "\(small.path)/\(made)")
            made += 1
        }
        #expect(try look() == .full && disk.report.cause == .inodes)
        for number in 0..<made { Folder.remove("\(small.path)/\(number)") }
        #expect(try look() == .ok)
    }

    @Test func `a stop may use half of the reserve`() {
        let scene = Scene()
        let disk = scene.guarding(layout, Self.policy)
        scene.free(41)
        disk.look()
        #expect(disk.isFull)
        disk.beginStop()
        disk.stop()
        #expect(!disk.isFull && disk.report.state == .full)
        scene.free(40)
        disk.look()
        #expect(disk.isFull)
        // Where a write found no room there is none to use.
        scene.free(900)
        scene.shortWrites.withLock { $0 = 1 }
        disk.look()
        #expect(disk.isFull)
    }

    @Test func `it looks by itself`() async throws {
        let scene = Scene()
        let disk = scene.guarding(layout, Self.policy)
        disk.start()
        #expect(!disk.isFull)
        scene.free(1)
        scene.low.wait()
        #expect(disk.isFull)
        disk.stop()
        scene.free(900)
        #expect(disk.isFull)
    }
}

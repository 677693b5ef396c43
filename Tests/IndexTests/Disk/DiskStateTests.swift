import Testing

@testable import Index

/// From readings to states, with room between going in and coming out.
struct DiskStateTests {
    private static let mebibyte: Int64 = 1 << 20

    /// States after each of some readings, in MiB of usable room, with a reserve of 80 MiB.
    private func states(_ readings: [Int64], reserve: UInt64 = 80) -> [DiskState] {
        var machine = DiskStateMachine()
        return readings.map { usable in
            machine.take(.init(usable: usable * Self.mebibyte, reserve: reserve << 20))
            return machine.state
        }
    }

    @Test(arguments: [
        ([500, 160, 159, 160, 169], [DiskState.ok, .ok, .low, .low, .low]),
        // An eighth of the reserve more than what it was entered with.
        ([159, 169, 170], [.low, .low, .ok]),
        ([80, 79, 80, 89, 90, 170], [.low, .full, .full, .full, .low, .ok]),
        ([500, 10, 500], [.ok, .full, .ok]),
        ([-5, 0, 500], [.full, .full, .ok]),
        ([159, 79, 91, 79, 91], [.low, .full, .low, .full, .low]),
    ])
    func `a state is left with more room than it was entered with`(_ free: [Int64], _ wanted: [DiskState]) {
        #expect(states(free) == wanted)
    }

    @Test func `without a reserve any room will do`() {
        #expect(states([100, 1, 0, -3], reserve: 0) == [.ok, .ok, .ok, .ok])
    }

    @Test func `a short write counts for some looks, and then the next write is the test`() {
        for reserve in [UInt64(0), 80 << 20] {
            var machine = DiskStateMachine()
            var reading = DiskStateMachine.Reading(usable: 500 << 20, reserve: reserve)
            reading.hasShortWrite = true
            machine.take(reading)
            #expect(machine.state == .full && machine.cause == .shortWrite)
            reading.hasShortWrite = false
            machine.take(reading)
            #expect(machine.state == .full)
            machine.take(reading)
            #expect(machine.state == .ok && machine.cause == nil)
            reading.hasShortWrite = true
            machine.take(reading)
            #expect(machine.state == .full)
            // Without a reserve, a MiB ends it and less does not.
            reading.hasShortWrite = false
            reading.usable = (1 << 20) - 1
            for _ in 0..<4 { machine.take(reading) }
            #expect(machine.state == .full)
        }
    }

    @Test func `what can be seen is the cause, also behind a short write`() {
        var machine = DiskStateMachine()
        var reading = DiskStateMachine.Reading(usable: 10, reserve: 80 << 20)
        reading.hasShortWrite = true
        machine.take(reading)
        #expect(machine.state == .full && machine.cause == .bytes)
        reading.hasShortWrite = false
        reading.usable = 500 << 20
        machine.take(reading)
        #expect(machine.state == .full && machine.cause == .shortWrite)
        machine.take(reading)
        #expect(machine.state == .ok)
    }

    @Test func `inodes run out like bytes`() {
        var machine = DiskStateMachine()
        func state(_ free: UInt64) -> DiskState {
            machine.take(.init(usable: .max, reserve: 1, freeInodes: free, inodeReserve: 64))
            return machine.state
        }
        #expect([1_000, 127, 143, 144].map(state) == [.ok, .low, .low, .ok])
        #expect([63, 79, 80, 200].map(state) == [.full, .full, .low, .ok])
        #expect(state(63) == .full && machine.cause == .inodes)
    }

    @Test func `a forecast of less than a day is low`() {
        var machine = DiskStateMachine()
        func state(_ days: Double?) -> DiskState {
            machine.take(.init(usable: .max, reserve: 1, daysLeft: days))
            return machine.state
        }
        #expect([nil, 1, 0.9].map(state) == [.ok, .ok, .low])
        #expect(machine.cause == .forecast)
        #expect([1.2, 1.3, nil].map(state) == [.low, .ok, .ok])
    }

    private static let mib: UInt64 = 1 << 20
    private static let reserves: [(reserve: DiskPolicy.Reserve, total: UInt64, bytes: UInt64)] = [
        (.standard, 1_000_000_000_000, 20_000_000_000),
        (.standard, 5_000 * mib, 200 * mib),
        (.standard, 64 * mib, 16 * mib),
        (.standard, 0, 0),
        (.bytes(7), 64 * mib, 7),
        (.bytes(700 * mib), 64 * mib, 700 * mib),
        (.share(0.5), 64 * mib, 32 * mib),
        (.off, 1_000 * mib, 0),
    ]

    @Test func `the reserve suits the file system`() {
        for (reserve, total, bytes) in Self.reserves {
            #expect(DiskPolicy(reserve: reserve).reserve(of: total) == bytes, "\(reserve) of \(total)")
        }
    }

    @Test func `the ballast takes an eighth at most`() {
        #expect(DiskPolicy().ballast(of: 1 << 40) == 64 << 20)
        #expect(DiskPolicy().ballast(of: 64 << 20) == 8 << 20)
        #expect(DiskPolicy(ballast: 0).ballast(of: 1 << 40) == 0)
        #expect(DiskPolicy().inodes(of: 1 << 20) == 64)
        #expect(DiskPolicy().inodes(of: 32) == 4)
        #expect(DiskPolicy(reserve: .off).inodes(of: 32) == 0)
    }
}

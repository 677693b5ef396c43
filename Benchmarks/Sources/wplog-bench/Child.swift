import Foundation

/// A program that was started.
final class Child {
    let pid: Int32
    private let process = Process()
    private let name: String
    /// Where its standard error, or its standard output, is read.
    private let pipe = Pipe()
    private var unread: [UInt8] = []

    enum Reading { case errors, output, nothing }

    /// - `output`: a file for its standard output.
    /// - `reading`: what `line` and `firstByte` read.
    init(_ program: String, _ arguments: [String], output: String? = nil, reading: Reading = .nothing) throws
    {
        name = program
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = arguments
        process.standardInput = FileHandle.nullDevice
        if let output {
            guard FileManager.default.createFile(atPath: output, contents: nil) else {
                throw Failure("cannot write \(output)")
            }
            process.standardOutput = FileHandle(forWritingAtPath: output)
        } else {
            process.standardOutput = reading == .output ? pipe : FileHandle.nullDevice
        }
        if reading == .errors { process.standardError = pipe }
        do { try process.run() } catch { throw Failure("cannot start \(program): \(error)") }
        pid = process.processIdentifier
    }

    deinit { if process.isRunning { kill(pid, SIGKILL) } }

    func waitForSuccess() throws {
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw Failure("\(name) ended with \(process.terminationStatus)")
        }
    }

    /// Asks the program to end, and waits until it has.
    func stop() throws {
        kill(pid, SIGTERM)
        try waitForSuccess()
    }

    /// The next line of what is read; nil at the end.
    func line() -> String? {
        while true {
            if let end = unread.firstIndex(of: 0x0A) {
                defer { unread.removeFirst(end + 1) }
                return String(decoding: unread[..<end], as: UTF8.self)
            }
            let data = pipe.fileHandleForReading.availableData
            if data.isEmpty { return nil }
            unread += data
        }
    }

    /// Waits for the first byte; false where there is none.
    func waitForFirstByte() -> Bool { !pipe.fileHandleForReading.availableData.isEmpty }

    /// Reads the rest away from here on, so that the program never waits for a reader.
    func drain() { pipe.fileHandleForReading.readabilityHandler = { _ = $0.availableData } }
}

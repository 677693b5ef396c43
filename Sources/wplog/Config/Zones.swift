import FoundationEssentials
import Glibc
import Index
import Parse

/// Time zones of this machine.
enum Zones {
    private static let folder = "/usr/share/zoneinfo"

    /// The rule of `local`, `UTC`, an IANA name, or an offset like `+01:00`.
    static func rule(named name: String) throws -> ZoneRule {
        if let rule = find(name) { return rule }
        throw ExitCode.usage(
            "\"\(name)\" is no time zone: write an IANA name such as Europe/Berlin, local, UTC, or +01:00")
    }

    /// As `rule(named:)`; nil for a name that is no zone.
    static func find(_ name: String) -> ZoneRule? {
        if name == "UTC" || name == "Z" { return .utc }
        if name == "local" { return local }
        if let offset = offset(name) { return ZoneRule(offsetSeconds: offset) }
        let isPlain = name.utf8.allSatisfy { byte in
            (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
                || "+-_/".utf8.contains(byte)
        }
        guard isPlain, !name.hasPrefix("/") else { return nil }
        return file("\(folder)/\(name)")
    }

    /// The clock on this machine's wall; UTC where it says nothing.
    static let local: ZoneRule = {
        if let name = ProcessInfo.processInfo.environment["TZ"], !name.isEmpty {
            return find(name.hasPrefix(":") ? String(name.dropFirst()) : name) ?? .utc
        }
        return file("/etc/localtime") ?? .utc
    }()

    /// The local zone under a name that a server understands: an IANA name, or the offset that holds now.
    static let localName: String = {
        if let name = ProcessInfo.processInfo.environment["TZ"], !name.isEmpty, find(name) != nil {
            return name
        }
        var target = [UInt8](repeating: 0, count: 1_024)
        let count = unsafe target.withUnsafeMutableBytes { bytes -> Int in
            guard let start = bytes.baseAddress else { return 0 }
            return unsafe readlink("/etc/localtime", start.assumingMemoryBound(to: CChar.self), bytes.count)
        }
        let path = String(decoding: target.prefix(max(0, count)), as: UTF8.self)
        let parts = path.split(separator: "/").map { String($0) }
        if let folder = parts.lastIndex(of: "zoneinfo") {
            let name = parts[(folder + 1)...].joined(separator: "/")
            if find(name) != nil { return name }
        }
        let minutes = local.offset(at: Clock.now() / 1_000_000_000) / 60
        let digits = String(10_000 + abs(minutes) / 60 * 100 + abs(minutes) % 60).dropFirst()
        return "\(minutes < 0 ? "-" : "+")\(digits.prefix(2)):\(digits.suffix(2))"
    }()

    private static func file(_ path: String) -> ZoneRule? {
        guard let data = try? Data(contentsOf: URL(filePath: path)) else { return nil }
        return try? ZoneRule(tzif: [UInt8](data))
    }

    /// Seconds of `+01:00` or `-0530`.
    private static func offset(_ text: String) -> Int? {
        let digits = text.dropFirst().filter { $0 != ":" }
        guard let sign = text.first, sign == "+" || sign == "-", digits.count == 4, let number = Int(digits),
            digits.allSatisfy(\.isNumber), number / 100 < 24, number % 100 < 60
        else { return nil }
        let seconds = (number / 100 * 60 + number % 100) * 60
        return sign == "-" ? -seconds : seconds
    }
}

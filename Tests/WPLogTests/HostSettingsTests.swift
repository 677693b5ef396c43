import Foundation
import Testing

/// `[[host]]` in the settings file.
struct HostSettingsTests {
    @Test(arguments: [
        ("[[host]]\nzone = \"UTC\"", "needs a name, a network or a listener"),
        ("[[host]]\nname = \"a\"", "says a zone, or aliases"),
        ("[[host]]\nname = \"a\"\nzone = \"Nowhere/Land\"", "\"Nowhere/Land\" is no time zone"),
        ("[[host]]\nname = \"a\"\nzones = \"UTC\"", "there is no key \"zones\""),
        ("[[host]]\nnetwork = \"10.0.0.0/33\"\nzone = \"UTC\"", "\"10.0.0.0/33\" is no network"),
        ("[[host]]\nlistener = \"tls\"\nzone = \"UTC\"", "there are udp, tcp, file"),
        ("[[host]]\nname = \"w*\"\naliases = [\"a\"]", "aliases are those of one host"),
        ("[[host]]\nname = [\"a\", 1]\nzone = \"UTC\"", "name must be a text"),
        (
            "[[host]]\nname = \"a\"\naliases = \"b\"\n[[host]]\nname = \"c\"\naliases = \"b\"",
            "b is a name of the [[host]] at"
        ),
        ("host = \"a\"", "hosts are written [[host]]"),
    ]) func `what is wrong is named with its line`(_ text: String, _ error: String) async throws {
        let folder = try ScratchFolder()
        let file = try folder.write(text + "\n", "wplog.toml")
        let result = try await CommandResult(["config", "check", "--config", file])
        #expect(result.code == 2)
        #expect(result.error.contains(error) && result.error.contains("wplog.toml"), "\(result.error)")
    }

    /// The clocks of two hosts, nine hours apart, as RFC 3164 writes them.
    private static func line(_ host: String, zone: String, _ text: String) -> String {
        let format = DateFormatter()
        format.locale = Locale(identifier: "en_US_POSIX")
        format.timeZone = TimeZone(identifier: zone)
        format.dateFormat = "MMM dd HH:mm:ss"
        return "<13>\(format.string(from: Date())) \(host) app: \(text)\n"
    }

    @Test func `a rule that is read on SIGHUP gives a host its zone, and doctor had said which`() async throws
    {
        let folder = try ScratchFolder()
        let file = try folder.write("zone = \"UTC\"\n", "wplog.toml")
        let server = try await RunningServer(folder.path("data"), ["--config", file])
        let wire = try Wire(.tcp, port: server.tcp)
        for number in 0..<12 { wire.send(Self.line("db1", zone: "Asia/Tokyo", "before \(number)")) }
        #expect(try await server.search("before", until: 12).count == 12)
        let data = ["--data", server.data, "--config", file]
        let hosts = try await CommandResult(["hosts", "-o", "json"] + data)
        #expect(hosts.output.contains("\"clock\":\"zone\""), "\(hosts.output) \(hosts.error)")
        let doctor = try await CommandResult(["doctor"] + data)
        #expect(doctor.output.contains("db1's times have no zone, and are always"), "\(doctor.output)")
        #expect(doctor.output.contains("zone = \"+09:00\""), "\(doctor.output)")
        _ = try folder.write(
            "zone = \"UTC\"\n[[host]]\nname = \"db1\"\naliases = [\"store\"]\nzone = \"Asia/Tokyo\"\n",
            "wplog.toml")
        server.process.send(SIGHUP)
        #expect(try await holds { server.process.standardError.contains("hosts read anew") })
        wire.send(Self.line("db1", zone: "Asia/Tokyo", "after"))
        wire.send(Self.line("store", zone: "UTC", "after"))
        let found = try await server.search("host:store after", until: 2)
        #expect(found.count == 2)
        let time = try #require(found.first { $0["host"] == "db1" }?["time"])
        let date = try Date(time, strategy: .iso8601)
        #expect(abs(date.timeIntervalSinceNow) < 600)
        #expect(try await server.stop() == .exit(0))
    }
}

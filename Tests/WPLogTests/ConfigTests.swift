import Testing

struct ConfigTests {
    @Test func `show names the place of each setting`() async throws {
        let folder = try ScratchFolder()
        let file = try folder.write("# settings\nzone = \"UTC\"\nhttp = \"127.0.0.1:9\"\n", "wplog.toml")
        let result = try await CommandResult(
            ["config", "show", "--config", file, "--data", "/data"],
            environment: ["WPLOG_HTTP": "127.0.0.1:8", "WPLOG_SYSLOG_UDP": "off"])
        #expect(result.code == 0 && result.error == "")
        #expect(
            result.output == """
                data          /data                  flag --data
                syslog_udp    off                    environment WPLOG_SYSLOG_UDP
                syslog_tcp    127.0.0.1:5514         default
                http          127.0.0.1:8            environment WPLOG_HTTP
                zone          UTC                    file \(file):2
                patterns      -                      default
                searches      /etc/wplog/searches.d  default
                hot_days      30                     default
                hot_size      off                    default
                archive_keep  off                    default
                disk_reserve  auto                   default
                disk_ballast  64MiB                  default

                """)
    }

    @Test(arguments: [
        ("zone = \"UTC\"\nhttp = \"nowhere\"\n", ":2: http: \"nowhere\" is no HOST:PORT"),
        ("\n\nzoen = \"UTC\"\n", ":3: there is no setting \"zoen\""),
        ("data = \"x\nzone = 3\n", ":1: "),
        ("searches = \"/nonexistent\"\n", "/nonexistent"),
        ("disk_reserve = \"much\"\n", ":1: disk_reserve: \"much\""),
        ("\ndisk_ballast = \"5%\"\n", ":2: disk_ballast: \"5%\""),
    ])
    func `check names the file and the line, and ends with 2`(_ text: String, _ message: String) async throws
    {
        let folder = try ScratchFolder()
        let file = try folder.write(text, "wplog.toml")
        let result = try await CommandResult(["config", "check", "--config", file])
        #expect(result.code == 2 && result.output == "")
        #expect(result.error.contains(message), "\(result.error)")
    }

    @Test func `check reads formats and saved searches`() async throws {
        let folder = try ScratchFolder()
        let file = try folder.write("searches = \"\(folder.path)\"\n", "settings")
        _ = try folder.write("query = \"request_time:>2s\"\n", "slow.toml")
        let fine = try await CommandResult(["config", "check", "--config", file])
        #expect(fine.code == 0 && fine.output == "OK: \(file), 0 formats, 1 saved search\n", "\(fine.error)")
        _ = try folder.write("query = \"status:(\"\n", "bad.toml")
        let bad = try await CommandResult(["config", "check", "--config", file])
        #expect(bad.code == 2 && bad.error.contains("bad.toml: "), "\(bad.error)")
    }
}

import Foundation
import FoundationNetworking
import Testing

/// `wplog purge` and `wplog retention`, beside a running server and without one.
struct PurgeTests {
    private static let secret = "hunter2correcthorse"

    private static func log(_ folder: ScratchFolder) throws -> String {
        var text = ""
        for day in 10..<20 {
            for number in 0..<5 {
                let word = number == 2 ? secret : "nothing"
                text += "<13>1 2026-01-\(day)T10:00:0\(number)Z h shop 1 - - order \(word) \(number)\n"
            }
        }
        return try folder.write(text, "shop.log")
    }

    private static func audit(_ data: String) throws -> String {
        String(decoding: try Data(contentsOf: URL(filePath: data + "/audit.log")), as: UTF8.self)
    }

    @Test func `a running server deletes what a query finds, and tells who and how many, not what`()
        async throws
    {
        let folder = try ScratchFolder()
        let server = try await RunningServer(folder.path("data"))
        let wire = try Wire(.tcp, port: server.tcp)
        for number in 0..<20 {
            wire.send("<13>1 - h shop 1 - - login \(number % 5 == 0 ? Self.secret : "plain") \(number)\n")
        }
        #expect(try await server.search("program:shop", until: 20).count == 20)
        let asked = try await CommandResult(["purge", Self.secret, "--data", server.data])
        #expect(asked.code == 2 && asked.error.contains("--yes"))
        let dry = try await CommandResult(["purge", Self.secret, "--dry-run", "--data", server.data])
        #expect(dry.code == 0 && dry.output.contains("4 events would be deleted"), "\(dry.error)")
        #expect(!FileManager.default.fileExists(atPath: server.data + "/audit.log"))
        let done = try await CommandResult(["purge", Self.secret, "--yes", "--data", server.data])
        #expect(done.code == 0 && done.output.contains("4 events deleted"), "\(done.error)")
        #expect(try await server.search("program:shop").count == 16)
        #expect(try await server.search("program:wplog \"deleted for good\"", until: 1).count == 1)
        let audit = try Self.audit(server.data)
        #expect(audit.split(separator: "\n").count == 2)
        #expect(!audit.contains(Self.secret) && audit.contains("127.0.0.1") && audit.contains("\"events\":4"))

        let url = "http://127.0.0.1:\(server.http)/api/v1/purge"
        for (form, origin, status) in [
            ("where=*", "http://evil.test", 403), ("where=", nil, 400), ("where=a%20%7C%20count", nil, 400),
            ("where=*&untill=2h", nil, 400),
        ] as [(String, String?, Int)] {
            var request = URLRequest(url: try #require(URL(string: url)))
            request.httpMethod = "POST"
            request.httpBody = Data(form.utf8)
            request.setValue("application/x-www-form-urlencoded", forHTTPHeaderField: "Content-Type")
            if let origin { request.setValue(origin, forHTTPHeaderField: "Origin") }
            let (_, response) = try await URLSession.shared.data(for: request)
            #expect((response as? HTTPURLResponse)?.statusCode == status, "\(form)")
        }
        #expect(try await server.search("program:shop").count == 16)
        try await server.kill()
        #expect(try Self.files(in: server.data) == [])
    }

    @Test func `a directory that nobody serves is purged, and rules and the brake hold there`() async throws {
        let folder = try ScratchFolder()
        let data = folder.path("data")
        let imported = try await CommandResult(["import", try Self.log(folder), "--data", data])
        #expect(imported.code == 0, "\(imported.error)")
        let config = try folder.write(
            "[[retention]]\nwhere = 'order 0'\nkeep = '7d'\n[[retention]]\nwhere = '*'\nkeep = '8d'\n",
            "wplog.toml")
        let place = ["--data", data, "--config", config]
        let dry = try await CommandResult(["retention", "--dry-run"] + place)
        #expect(dry.error.contains("a fifth"), "\(dry.output) \(dry.error)")
        let brake = try await CommandResult(["retention"] + place)
        #expect(brake.code == 4)
        let first = try await CommandResult(["purge", Self.secret, "--yes"] + place)
        #expect(first.code == 0 && first.output.contains("10 events deleted"), "\(first.error)")
        #expect(try Self.files(in: data) == [])
        #expect(try Self.audit(data).contains("\"uid\":"))
        let forced = try await CommandResult(["retention", "--force"] + place)
        #expect(forced.code == 0, "\(forced.error)")
        let again = try await CommandResult(["retention"] + place)
        #expect(
            again.code == 0 && again.output.contains("0 events deleted"), "\(again.output) \(again.error)")
    }

    @Test(arguments: [
        ("[[retention]]\nwhere = '*'\nkeep = '31d'\n", "longer than hot_days"),
        ("[[retention]]\nwhere = '*'\n", "needs where and keep"),
        ("[[retention]]\nwhere = 'a | count'\nkeep = '1d'\n", "no stages"),
        ("[[retention]]\nwhere = ''\nkeep = '1d'\n", "empty"),
        ("[[retention]]\nwhere = '*'\nkeep = 'soon'\n", "no number of days"),
        ("hot_size = '10 apples'\n", "no size"), ("archive_keep = '3q'\n", "no number of days"),
    ])
    func `what is wrong with a rule is said`(text: String, reason: String) async throws {
        let folder = try ScratchFolder()
        let config = try folder.write(text, "wplog.toml")
        let result = try await CommandResult(["config", "check", "--config", config])
        #expect(result.code == 2 && result.error.contains(reason), "\(result.error)")
    }

    /// Files that hold the secret.
    private static func files(in directory: String) throws -> [String] {
        try FileManager.default.subpathsOfDirectory(atPath: directory).filter { name in
            let data = try? Data(contentsOf: URL(filePath: directory + "/" + name))
            return data?.range(of: Data(secret.utf8)) != nil
        }
    }
}

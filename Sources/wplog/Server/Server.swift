import FoundationEssentials
import Hummingbird
import Index
import Ingest
import Logging
import Parse
import Query
import ServiceLifecycle
import UnixSignals

/// The server: store, listeners and HTTP, and the order in which they begin and end.
struct Server {
    let settings: Settings
    /// Reads the settings anew.
    let reread: @Sendable () throws -> Settings

    /// Runs until SIGTERM or SIGINT, then takes in what the kernel has delivered, and ends.
    func run() async throws {
        let rules = RuleSource(try settings.reading())
        let makeParser = settings.parser { rules.current }
        // What is wrong with a saved search is said now.
        _ = try SavedSearches(settings.searches)
        DiskWatch.makeRoom(settings)
        let store = try settings.openStore(makeParser)
        let own = OwnEvents(store, makeParser: makeParser)
        let counters = IngestCounters()
        let disk = DiskWatch(settings, store, own, counters)
        disk.start()
        let services = IngestServices(
            sink: StoreSink(store: store, shortage: { disk.shortage }), counters: counters, now: Clock.now,
            makeParser: makeParser, generation: { rules.generation }, isFull: { disk.disk.isFull },
            log: PacedLog { Output.note($0) })

        let tcp = settings.syslogTCP.map { TCPListener(.init(host: $0.host, port: $0.port), services) }
        let udp = settings.syslogUDP.map { address in
            UDPListener(.init(host: address.host, port: address.port), services) { dropped in
                own.store(
                    level: 4, id: "udp-drops", "the kernel dropped \(dropped) datagrams: its buffer was full")
            }
        }
        let syslog = SyslogService(tcp: tcp, udp: udp) { disk.disk.beginStop() }
        try await syslog.start(settings)

        let facts = ServerFacts(
            started: Clock.now(), data: Self.absolute(settings.data), listeners: syslog.addresses(settings),
            udpBufferBytes: udp?.receiveBufferBytes)

        let threads = WorkThreads()
        threads.start()
        let imports = ImportSessions(store, services)
        let http = http(store, counters, imports, rules, makeParser, threads, facts, disk, own)
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: [
                    // Ends last: what HTTP is asked while the listeners end is still answered.
                    .init(service: http), .init(service: syslog),
                    .init(service: ImportSweep(imports: imports)),
                    .init(service: ReloadService(rules: rules, settings: reread, own: own)),
                ],
                gracefulShutdownSignals: [.sigterm, .sigint], logger: Self.quiet))
        do {
            try await group.run()
        } catch {
            disk.stop()
            store.close()
            throw ExitCode.unreachable("cannot answer HTTP on \(settings.http): \(error)")
        }
        await threads.stop()
        imports.finish(all: true)
        disk.stop()
        store.close()
        Output.note("stopped")
    }

    /// As another process finds it.
    private static func absolute(_ path: String) -> String {
        path.hasPrefix("/") ? path : FileManager.default.currentDirectoryPath + "/" + path
    }

    private func http(
        _ store: Store, _ counters: IngestCounters, _ imports: ImportSessions, _ rules: RuleSource,
        _ makeParser: @escaping @Sendable () -> LineParser, _ threads: WorkThreads, _ facts: ServerFacts,
        _ disk: DiskWatch, _ own: OwnEvents
    ) -> some Service {
        var surroundings = HTTPInterface.Surroundings(
            isStopping: { Task.isShuttingDownGracefully },
            unreadiness: { store.status().failure.map { "\($0)" } ?? disk.shortage?.description },
            shortage: { disk.shortage?.description },
            metrics: { Metrics.text(store.status(), counters, disk.disk.report) },
            status: { StatusReport(store.status(), counters, facts, disk.disk.report).json },
            now: Clock.now,
            zone: { name in Zones.find(name ?? "local") },
            makeParser: makeParser,
            importMarks: { imports.marks($0) },
            importPart: { part throws(ImportPart.Refusal) in try imports.take(part) })
        surroundings.note = { id, message in own.store(level: 5, id: id, message) }
        let reread = reread
        surroundings.retention = { try reread().retention }
        let interface = HTTPInterface(
            QueryEngine(store, saved: settings.savedQueries, hosts: { rules.current.hosts }), surroundings,
            threads: threads)
        let settings = self.settings
        return Application(
            router: interface.router,
            configuration: .init(
                address: .hostname(settings.http.host, port: settings.http.port), serverName: "wplog"),
            onServerRunning: { channel in
                let address = Address(host: settings.http.host, port: channel.localAddress?.port ?? 0)
                store.announce("http://\(address)")
                Output.note("http listening on \(address)")
                Output.note("ready, data in \(settings.data)")
            },
            logger: Self.quiet)
    }

    /// The libraries' own log: only what is worth waking somebody for.
    private static let quiet: Logger = {
        var logger = Logger(label: "wplog") { StreamLogHandler.standardError(label: $0) }
        logger.logLevel = .error
        return logger
    }()
}

extension Address {
    init(host: String, port: Int) {
        self.host = host
        self.port = port
    }
}

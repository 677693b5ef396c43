import Index
import Ingest
import Parse
import ServiceLifecycle

/// Connects the listeners to the store.
struct StoreSink: EventSink {
    let store: Store
    /// Why nothing may be taken now, if so.
    var shortage: @Sendable () -> DiskFull? = { nil }

    func append(_ batch: EventBatch) throws {
        if let shortage = shortage() { throw shortage }
        try store.append(batch)
    }
}

/// The listeners, from their first byte to the last one that the kernel delivered before the stop.
struct SyslogService: Service {
    let tcp: TCPListener?
    let udp: UDPListener?
    /// Told before the listeners take the last that the kernel has.
    let willStop: @Sendable () -> Void

    /// Binds.
    ///
    /// Apart from `run`, so that a port in use ends the program before anything else starts.
    func start(_ settings: Settings) async throws {
        if let tcp, let address = settings.syslogTCP {
            do { try await tcp.start() } catch { throw Self.cannotBind("tcp", address, "\(error)") }
            Output.note("syslog tcp listening on \(address.host):\(tcp.boundPort ?? 0)")
        }
        if let udp, let address = settings.syslogUDP {
            do { try udp.start() } catch { throw Self.cannotBind("udp", address, "\(error)") }
            Output.note("syslog udp listening on \(address.host):\(udp.boundPort ?? 0)")
        }
    }

    /// What it listens on, once it does.
    func addresses(_ settings: Settings) -> [(name: String, address: String)] {
        [
            ("udp", settings.syslogUDP, udp?.boundPort), ("tcp", settings.syslogTCP, tcp?.boundPort),
        ].compactMap { name, address, port in
            guard let address, let port else { return nil }
            return (name, "\(Address(host: address.host, port: port))")
        }
    }

    func run() async throws {
        try? await gracefulShutdown()
        willStop()
        async let tcp: Void? = self.tcp?.stop()
        async let udp: Void? = self.udp?.stop()
        _ = await (tcp, udp)
    }

    private static func cannotBind(_ kind: String, _ address: Address, _ reason: String) -> ExitCode {
        .unreachable("cannot listen for syslog \(kind) on \(address): \(reason)")
    }
}

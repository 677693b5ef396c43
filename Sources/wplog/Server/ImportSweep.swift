import ServiceLifecycle

/// Every few seconds: finishes imports that were abandoned.
struct ImportSweep: Service {
    let imports: ImportSessions

    func run() async {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                try? await Task.sleep(for: .seconds(5))
                imports.finish(all: false)
            }
        }
    }
}

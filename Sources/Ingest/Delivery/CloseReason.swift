/// Why a connection ended, or was not let in.
///
/// Names are label values of `wplog_connections_closed_total`.
package enum CloseReason: Int, CaseIterable, Sendable {
    case peer, reset, stop, idle, frameTimeout
    case badOctetCount, frameTooLarge, lostFraming
    case tlsOnPlainPort, httpOnSyslog
    case tooManyConnections, tooManyFromAddress

    package var name: String {
        switch self {
        case .peer: "peer"
        case .reset: "reset"
        case .stop: "stop"
        case .idle: "idle"
        case .frameTimeout: "frame_timeout"
        case .badOctetCount: "bad_octet_count"
        case .frameTooLarge: "frame_too_large"
        case .lostFraming: "lost_framing"
        case .tlsOnPlainPort: "tls_on_plain_port"
        case .httpOnSyslog: "http_on_syslog"
        case .tooManyConnections: "too_many_connections"
        case .tooManyFromAddress: "too_many_from_address"
        }
    }

    /// What to tell the operator: the limit, and the way out.
    ///
    /// Nil for ordinary ends.
    package var advice: String? {
        switch self {
        case .peer, .reset, .stop, .idle: nil
        case .frameTimeout:
            "an octet-counted frame was not complete after \(IngestLimits.frameSweeps) s; "
                + "check the sender's framing"
        case .badOctetCount: "the octet count is not a number above 0; check the sender's framing"
        case .frameTooLarge:
            "the octet count is above \(IngestLimits.countedBytes) bytes; check the sender's framing"
        case .lostFraming: "an octet count was smaller than its frame; check the sender's framing"
        case .tlsOnPlainPort:
            "the sender speaks TLS and this port does not; turn TLS off there or use a TLS port"
        case .httpOnSyslog: "the sender speaks HTTP and this port takes syslog; use the HTTP port"
        case .tooManyConnections: "more than \(IngestLimits.connections) connections are open"
        case .tooManyFromAddress:
            "more than \(IngestLimits.connectionsPerAddress) connections are open from this address"
        }
    }

    init(_ error: FrameError) {
        self =
            switch error {
            case .badOctetCount: .badOctetCount
            case .frameTooLarge: .frameTooLarge
            case .lostFraming: .lostFraming
            }
    }
}

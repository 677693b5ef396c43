package import Parse

/// Where listeners put what they received.
///
/// Declared by its producer; the store is connected to it in `wplog`.
package protocol EventSink: Sendable {
    /// Takes all events of the batch, and its held lines.
    ///
    /// Returns when they survive a kill of the process, and waits while the store is behind, which is how TCP
    /// senders are slowed down. The sink keeps no reference to the batch.
    ///
    /// Throws when the store cannot take events at all (disk full, write error). Nothing of the batch is stored then.
    func append(_ batch: EventBatch) throws
}

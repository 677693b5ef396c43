/// Tests that keep the machine busy.
///
/// One at a time.
import Testing

@Suite(.serialized)
enum UnderLoad {}

import Foundation
import Index
import TestSupport
import Testing

@Suite(.temporaryDirectory) struct FileDigestTests {
    /// FIPS 180-4, the examples of appendix B of FIPS 180-2, and a file longer than one part.
    @Test(arguments: [
        ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (
            String(repeating: "a", count: 1_000_000),
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"
        ),
        (
            String(repeating: "a", count: 1 << 20) + "b",
            "371264331be3a89bb42c4fea3770469e9094f6ce8c8244b9ac2beb9ffd80e621"
        ),
    ])
    func `the sum of a file`(_ text: String, _ expected: String) throws {
        let path = TemporaryDirectory.path + "/file"
        try Data(text.utf8).write(to: URL(filePath: path))
        #expect(try FileDigest.ofFile(path) == expected)
    }
}

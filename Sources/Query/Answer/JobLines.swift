/// What a job that takes long says of itself: lines of JSON, one by one, and at last what came of it.
///
/// `{"done":3,"all":96,"what":"2012-05-12"}`, things that it found on its way, and `{"result":{…}}` or `{"error":"…"}`.
package struct JobLines: Sendable {
    private let emit: @Sendable ([UInt8]) -> Void
    private let isWanted: @Sendable () -> Bool

    /// - `emit`: takes a line.
    /// - `isWanted`: whether anybody still listens; where not, the job ends.
    package init(isWanted: @escaping @Sendable () -> Bool, _ emit: @escaping @Sendable ([UInt8]) -> Void) {
        self.isWanted = isWanted
        self.emit = emit
    }

    /// Says how far it is; false where nobody listens any more.
    func progress(_ done: Int, _ all: Int, _ what: String) -> Bool {
        line { json in
            json.key("done")
            json.number(done)
            json.key("all")
            json.number(all)
            json.key("what")
            json.string(what)
        }
        return isWanted()
    }

    /// Says one thing.
    func line(_ body: (inout JSONText) -> Void) {
        var json = JSONText()
        json.object(body)
        json.endLine()
        emit(json.bytes)
    }

    /// Says a thing with a name.
    func say(_ key: String, _ body: (inout JSONText) -> Void) {
        line { json in
            json.key(key)
            json.object(body)
        }
    }

    func fail(_ error: any Error) {
        line { json in
            json.key("error")
            json.string("\(error)")
        }
    }
}

extension JSONText {
    /// A key with a number, a text or a truth.
    mutating func pair(_ key: String, _ number: some FixedWidthInteger) {
        self.key(key)
        self.number(number)
    }

    mutating func pair(_ key: String, _ text: String) {
        self.key(key)
        string(text)
    }

    mutating func pair(_ key: String, _ truth: Bool) {
        self.key(key)
        boolean(truth)
    }
}

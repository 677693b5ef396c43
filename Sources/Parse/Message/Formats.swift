/// The numbers of formats, as `Event.format` carries them.
package enum Formats {
    /// A syslog event whose message no format reads.
    package static let raw: UInt16 = 0

    /// Names to numbers.
    ///
    /// The name of `raw` is `syslog`; the others are those of `Format.name`.
    package static let names = NameTable(["syslog"], limit: 1_000)
}

extension FormatDefinition {
    /// GlusterFS (libglusterfs/src/logging.c): UTC, level as one letter, where in the source, part of the
    /// volume.
    static let gluster: [FormatDefinition] = [
        FormatDefinition(
            name: "gluster",
            programs: ProgramRule(
                names: ["glusterd", "glusterfs", "glusterfsd"], prefixes: ["gluster", "etc-glusterfs"]),
            check: .shape("[9999-99-99 99:99:99."), patterns: ["%{GLUSTERFS}"],
            time: TimeCapture("log_time", .sql, isUTC: true), rest: ("rest", .code(PlainMessage.read)),
            lines: .several())
    ]
}

import Parse

/// Which program a file is named after: `/var/log/nginx/access.log.2.gz` is nginx's.
enum ProgramOfFile {
    /// Empty where no format knows any of the names.
    static func name(_ path: String, formats: FormatSet) -> String {
        let parts = path.split(separator: "/").suffix(2).map { String($0) }
        guard path != "-", let file = parts.last else { return "" }
        let stem = stem(file)
        let folder = parts.count > 1 ? [parts[0]] : []
        let words = stem.split { $0 == "_" || $0 == "-" || $0 == "." }.map { String($0) }
        return (folder + [stem] + words).first { formats.knows($0) } ?? ""
    }

    /// The name without what rotation and compression add: `php8.2-fpm` of `php8.2-fpm.log.1.gz`.
    private static func stem(_ file: String) -> String {
        var parts = file.split(separator: ".").map { String($0) }
        while parts.count > 1, let last = parts.last,
            ["gz", "log", "txt", "old"].contains(last) || last.utf8.allSatisfy({ (0x30...0x39).contains($0) })
        {
            parts.removeLast()
        }
        return parts.joined(separator: ".")
    }
}

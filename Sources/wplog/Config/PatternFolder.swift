import FoundationEssentials
import Parse

/// A folder of grok pattern files, as Logstash has them.
enum PatternFolder {
    /// The built-in patterns (or other ones) and, where a folder is given, its files in the order of their names.
    ///
    /// Folders in it, and files whose name begins with a point, are left out.
    static func library(_ folder: String?, over library: PatternLibrary = .embedded) throws -> PatternLibrary
    {
        guard let folder else { return library }
        let names: [String]
        do {
            names = try FileManager.default.contentsOfDirectory(atPath: folder)
        } catch {
            throw ExitCode.usage("cannot read the pattern folder \(folder)")
        }
        var files: [(fileName: String, bytes: [UInt8])] = []
        for name in names.sorted() where !name.hasPrefix(".") {
            let path = folder + "/" + name
            var isFolder = false
            guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), !isFolder else {
                continue
            }
            guard let data = FileManager.default.contents(atPath: path) else {
                throw ExitCode.usage("cannot read the pattern file \(path)")
            }
            files.append((fileName: path, bytes: [UInt8](data)))
        }
        return try library.adding(files)
    }
}

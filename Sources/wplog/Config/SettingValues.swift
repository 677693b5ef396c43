/// Where the value of a setting comes from.
enum SettingOrigin: Equatable, CustomStringConvertible {
    case flag(String)
    case environment(String)
    /// `FILE:LINE`
    case file(String)
    case standard

    var description: String {
        switch self {
        case .flag(let name): "flag \(name)"
        case .environment(let name): "environment \(name)"
        case .file(let place): "file \(place)"
        case .standard: "default"
        }
    }
}

/// Every setting's text, and who said it: flags first, then the environment, then the file, then the defaults.
struct SettingValues {
    let file: SettingsFile
    private let flags: [String: String?]
    private let environment: [String: String]

    /// - `flags`: what the command line says, by setting.
    /// - `file`: the settings file; nil is the standard one, which need not exist.
    init(flags: [String: String?], file: String?, environment: [String: String]) throws {
        let path = file ?? environment[Self.fileVariable]
        self.file = try SettingsFile(path ?? Settings.standardFile, mustExist: path != nil)
        self.flags = flags
        self.environment = environment
    }

    private static let fileVariable = "WPLOG_CONFIG"

    subscript(_ setting: Setting) -> (text: String, origin: SettingOrigin) {
        if case let flag?? = flags[setting.key] { return (flag, .flag(setting.flag)) }
        if let text = environment[setting.variable] { return (text, .environment(setting.variable)) }
        if let text = file.values[setting.key] {
            return (text, .file("\(file.path):\(file.lines[setting.key] ?? 1)"))
        }
        return (setting.standard, .standard)
    }

    /// Reads a setting; an error names the place that it comes from.
    func read<Value>(_ setting: Setting, _ read: (String) throws -> Value) throws -> Value {
        let (text, origin) = self[setting]
        do { return try read(text) } catch let error as ExitCode {
            let place =
                switch origin {
                case .flag(let name), .environment(let name): name
                case .file(let place): "\(place): \(setting.key)"
                case .standard: setting.key
                }
            throw ExitCode(number: error.number, message: "\(place): \(error.message ?? "is wrong")")
        }
    }
}

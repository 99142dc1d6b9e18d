import BookendCore
import Foundation
import Testing

@testable import BookendConfig

@Suite("docs/configuration.md")
struct DocumentationTests {
    private func document() throws -> String {
        let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../docs/configuration.md")
        return try String(contentsOf: root, encoding: .utf8)
    }

    @Test("Every name that a file may hold has its row", arguments: Section.all.map(\.path))
    func everyName(_ path: String) throws {
        let document = try document()
        let section = try #require(Section.all.first { $0.path == path })
        for key in section.keys {
            let name = path.isEmpty ? key : "\(path).\(key)"
            #expect(document.contains("| `\(name)` |"), "\(name) is not described")
        }
    }

    @Test("Every example is a configuration without errors")
    func examples() throws {
        let parts = try document().components(separatedBy: "```yaml\n").dropFirst()
        #expect(parts.count >= 2)
        for part in parts {
            let text = part.components(separatedBy: "```")[0]
            let (configuration, diagnostics) = Configuration.parse(
                text: text, file: "example", environment: GoldenFile.environment, isRoot: true)
            #expect(configuration != nil, "\(diagnostics.rendered(color: false))")
        }
    }

    @Test("Every default stands in its row")
    func defaults() throws {
        let rows = try document().split(separator: "\n").filter { $0.hasPrefix("| `") }
        func expect(_ name: String, _ value: String) {
            let row = rows.first { $0.hasPrefix("| `\(name)` |") }
            #expect(row?.contains("| `\(value)` |") == true, "\(name) is not \(value)")
        }
        expect("memory", "\(Defaults.memory)")
        expect("state", Defaults.state(isRoot: true))
        expect("admin.socket", Defaults.adminSocket(isRoot: true, state: ""))
        expect("access-log", "off")
        expect("access-log.format", Defaults.accessLogFormat.rawValue)
        expect("alerts[].format", Defaults.alertFormat.rawValue)
        expect("alerts[].severity", Defaults.alertSeverity.rawValue)
        expect("alerts[].timeout", "\(Defaults.alertTimeout)")
        expect("listeners[].timeouts.head", "\(Defaults.headTimeout)")
        expect("listeners[].timeouts.idle", "\(Defaults.listenerIdleTimeout)")
        expect("listeners[].timeouts.body", "\(Defaults.bodyTimeout)")
        expect("listeners[].limits.head", "\(Defaults.headLimit)")
        expect("listeners[].limits.fields", "\(Defaults.fieldsLimit)")
        expect("listeners[].limits.body", "\(Defaults.bodyLimit)")
        expect("listeners[].limits.connections-per-client", "\(Defaults.connectionsPerClient)")
        expect("pools.NAME.balance", Defaults.balance.rawValue)
        expect("pools.NAME.servers.NAME.weight", "\(Defaults.weight)")
        expect("pools.NAME.servers.NAME.backup", "\(Defaults.isBackup)")
        expect("pools.NAME.servers.NAME.agent-every", "\(Defaults.agentEvery)")
        expect("pools.NAME.servers.NAME.recycle.timeout", "\(Defaults.hookTimeout)")
        expect("pools.NAME.servers.NAME.recycle.drain", "\(Defaults.recycleDrain)")
        expect("pools.NAME.servers.NAME.recycle.ready", "\(Defaults.recycleReady)")
        expect("pools.NAME.servers.NAME.recycle.memory", "\(Defaults.recycleMemory ?? 0)%")
        expect("listeners[].routes[].priority", Defaults.priority.name)
        expect("pools.NAME.health.every", "\(Defaults.probeEvery)")
        expect("pools.NAME.health.timeout", "\(Defaults.probeTimeout)")
        expect("pools.NAME.slow-start", "\(Defaults.slowStart)")
        expect("pools.NAME.exercise-backups", "\(Defaults.exerciseBackups)")
        expect("pools.NAME.retries.budget", "\(Defaults.retryBudget)%")
        expect("pools.NAME.retries.methods", Defaults.retryMethods.rawValue)
        expect("pools.NAME.retries.tries", "\(Defaults.tries)")
        expect("pools.NAME.timeouts.connect", "\(Defaults.connectTimeout)")
        expect("pools.NAME.timeouts.response", "\(Defaults.responseTimeout)")
        expect("pools.NAME.timeouts.idle", "\(Defaults.poolIdleTimeout)")
    }
}

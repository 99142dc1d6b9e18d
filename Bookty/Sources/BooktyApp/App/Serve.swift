import Foundation
import Hummingbird
import Logging
import NIOCore
import ServiceLifecycle
import UnixSignals

extension Settings {
    /// Connections that sit idle longer are closed; longer than a balancer keeps its own (60 s), so that it is the
    /// balancer that closes first and never sends into a connection that is just ending.
    private static let idleTimeout = TimeAmount.seconds(75)

    /// The longest that requests under way may keep the process after SIGTERM.
    private static let longestShutdown = Duration.seconds(5)

    /// Serves until SIGTERM or SIGINT. Prints one line to standard output when it is ready. Throws `StartFailure`.
    package func serve() async throws {
        let storage = try Storage.open(path: dataPath)
        let responder = try BooktyApplication.responder(
            name: name, storage: storage, log: log, reportsLoad: reportsLoad, faults: faults)
        var quiet = Logger(label: "bookty")
        quiet.logLevel = .critical
        let name = name
        let application = Application(
            responder: responder,
            server: .http1(
                configuration: .init(
                    additionalChannelHandlers: [ServerNameHandler(name: name), ConnectionCloseInstaller()],
                    idleTimeout: Self.idleTimeout)),
            configuration: ApplicationConfiguration(address: .hostname(host, port: port), serverName: "Bookty"),
            onServerRunning: { Self.announce($0, name: name) },
            logger: quiet)
        var group = ServiceGroupConfiguration(
            services: [.init(service: application)], gracefulShutdownSignals: [.sigterm, .sigint], logger: quiet)
        group.maximumGracefulShutdownDuration = Self.longestShutdown
        do {
            try await ServiceGroup(configuration: group).run()
        } catch let error as IOError {
            throw listenFailure(error)
        } catch is CancellationError {
            // The grace period is over and the last requests were cut off: that is how it should end.
        } catch is SocketAddressError {
            throw StartFailure("the name “\(host)” has no address: give another with --bind")
        }
    }

    private static func announce(_ channel: any Channel, name: String) {
        let address = channel.localAddress
        let host = address?.ipAddress.map { $0.contains(":") ? "[\($0)]" : $0 } ?? "?"
        let line = "bookty \(name) is ready on http://\(host):\(address?.port ?? 0)\n"
        FileHandle.standardOutput.write(Data(line.utf8))
    }

    private func listenFailure(_ error: IOError) -> StartFailure {
        switch error.errnoCode {
        case EADDRINUSE:
            StartFailure("\(host):\(port) is in use by another program: end that one or give another port with --bind")
        case EACCES, EPERM:
            StartFailure("you may not listen on port \(port): give one from 1024 up with --bind, or start as root")
        case EADDRNOTAVAIL:
            StartFailure("\(host) is not an address of this machine: give another with --bind")
        default:
            StartFailure("cannot listen on \(host):\(port): \(String(cString: strerror(error.errnoCode)))")
        }
    }
}

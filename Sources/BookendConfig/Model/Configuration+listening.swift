extension Configuration {
    /// The same with the ports that the listeners really have: port 0 lets the system choose.
    ///
    /// - Parameters:
    ///   - ports: one per listener.
    ///   - adminPort: of the admin API over TCP, if there is one.
    public func listening(on ports: [UInt16], adminPort: UInt16?) -> Configuration {
        precondition(ports.count == listeners.count, "every listener has one port")
        let bound = zip(listeners, ports).map { listener, port in
            Listener(
                bind: Endpoint(host: listener.bind.host, port: port), bindPlace: listener.bindPlace,
                trustedProxies: listener.trustedProxies, timeouts: listener.timeouts, limits: listener.limits,
                routes: listener.routes)
        }
        let network = admin.network.map { network in
            Admin.Network(
                bind: Endpoint(host: network.bind.host, port: adminPort ?? network.bind.port),
                bindPlace: network.bindPlace, tokenFile: network.tokenFile)
        }
        return Configuration(
            memory: memory, workers: workers, state: state, admin: Admin(socket: admin.socket, network: network),
            accessLog: accessLog, alerts: alerts, listeners: bound, pools: pools)
    }
}

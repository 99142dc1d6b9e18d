extension Configuration {
    /// The same with the ports that the listeners really have: port 0 lets the system choose.
    ///
    /// - Parameter ports: one per listener.
    public func listening(on ports: [UInt16]) -> Configuration {
        precondition(ports.count == listeners.count, "every listener has one port")
        let bound = zip(listeners, ports).map { listener, port in
            Listener(
                bind: Endpoint(host: listener.bind.host, port: port), bindPlace: listener.bindPlace,
                trustedProxies: listener.trustedProxies, timeouts: listener.timeouts, limits: listener.limits,
                routes: listener.routes)
        }
        return Configuration(
            memory: memory, workers: workers, state: state, admin: admin, accessLog: accessLog, listeners: bound,
            pools: pools)
    }
}

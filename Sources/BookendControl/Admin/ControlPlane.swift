/// What the admin API reads and changes. All of it lives on the control loop.
struct ControlPlane {
    let fleet: FleetStatus
    let events: EventStream
    let store: StoreLink
    let alerts: AlertDesk
    let reloads: ReloadDesk
    let servers: ServerDesk
    let removals: RemovalDesk
}

import BookendConfig
import BookendLoop

// A reload takes what is on disk into force, or changes nothing:
//
//     idle ── asked ──▶ the file is read and checked; what is new is bound
//       ▲                  │ cannot be used            │ can be used
//       │◀── refused ──────┘                           ▼
//       │                                  the worker process is told
//       │◀── done: held sockets and the file in memory are the new ones ──┤
//       │◀── refused there (a name is unknown): the new sockets are closed ┤
//       └◀── the worker process died: the same, and the next one serves what was in force
//
// One at a time: whoever asks meanwhile is served by another one after it, which reads the file anew.

/// Who asks for a reload: commands of the worker process up to this number. 0: a signal.
struct ReloadAsked {
    let upTo: Int
}

/// A configuration on its way into force.
struct Reloading {
    let written: Configuration
    /// With the ports that the system chose.
    let configuration: Configuration
    /// For each listener its place in the configuration before.
    let kept: [Int?]
    /// Sockets of the new listeners, by their place; nil for those that are kept.
    let sockets: [[Int32]?]
    let file: Int32

    /// What was made for it.
    func close() {
        HeldDescriptors.close(sockets.compactMap { $0 }.flatMap { $0 } + [file])
    }
}

extension Supervisor {
    func reload(_ asked: ReloadAsked) {
        guard !isStopping else { return }
        guard reloading == nil else {
            next = ReloadAsked(upTo: max(next?.upTo ?? 0, asked.upTo))
            return
        }
        let (fresh, diagnostics) = source()
        guard let fresh else { return refuse(asked, diagnostics.rendered(color: false)) }
        let fixed = ConfigurationChange(from: written, to: fresh).fixed
        guard fixed.isEmpty else { return refuse(asked, Self.needsRestart(fixed)) }
        do throws(StartFailure) {
            let reloading = try prepare(fresh)
            self.reloading = reloading
            guard hand(over: reloading, asked) else {
                abandonReload()
                return refuse(asked, "the worker process does not answer\n")
            }
        } catch {
            refuse(asked, "\(error)\n")
        }
    }

    /// The worker process has taken it into force, or cannot.
    func reloadEnded(_ refusal: String?) {
        guard let reloading else { return }
        self.reloading = nil
        self.refusal = refusal
        if refusal == nil { commit(reloading) } else { reloading.close() }
        goOn()
    }

    /// The worker process has ended, and with it whoever asked.
    func abandonReload() {
        reloading?.close()
        reloading = nil
        next = nil
    }

    private func goOn() {
        guard let next else { return }
        self.next = nil
        reload(next)
    }

    private func refuse(_ asked: ReloadAsked, _ why: String) {
        let text = String(why.prefix(LinkEnd.longestText / 4))
        log("not reloaded, and nothing has changed:\n" + text.trimmed)
        refusal = text.trimmed
        tell(.refused(upTo: asked.upTo, text.trimmed))
        goOn()
    }

    private static func needsRestart(_ fixed: [String]) -> String {
        "these cannot change while Bookend runs:\n" + fixed.map { "  \($0)\n" }.joined()
            + "Restart Bookend, or put them back and reload."
    }

    /// Binds what is new, before anything that is there is closed.
    private func prepare(_ fresh: Configuration) throws(StartFailure) -> Reloading {
        if let shortage = fresh.descriptorShortage { throw Self.tooFewDescriptors(shortage) }
        let kept = fresh.listenersKept(from: written)
        let ownPorts = Set(configuration.listeners.map(\.bind.port))
        var sockets: [[Int32]?] = []
        do throws(StartFailure) {
            for (listener, source) in zip(fresh.listeners, kept) {
                guard source == nil else {
                    sockets.append(nil)
                    continue
                }
                sockets.append(
                    try BoundListener.listen(
                        on: listener.bind, listener.bindPlace, count: workers,
                        besideOwn: ownPorts.contains(listener.bind.port)))
            }
            let ports = zip(kept, sockets).map { source, fresh in
                fresh.map { ListeningSocket.local($0[0]).port } ?? source.map { configuration.listeners[$0].bind.port }
                    ?? 0
            }
            let bound = fresh.listening(on: ports, adminPort: configuration.admin.network?.bind.port)
            return Reloading(
                written: fresh, configuration: bound, kept: kept, sockets: sockets,
                file: try MemoryFile.holding(bound.effectiveYAML()).release())
        } catch {
            HeldDescriptors.close(sockets.compactMap { $0 }.flatMap { $0 })
            throw error
        }
    }

    private func hand(over reloading: Reloading, _ asked: ReloadAsked) -> Bool {
        for (index, sockets) in reloading.sockets.enumerated() {
            guard let sockets else { continue }
            guard tell(.sockets(listener: index), passing: sockets) else { return false }
        }
        return tell(.change(upTo: asked.upTo, kept: reloading.kept), passing: [reloading.file])
    }
}

extension HeldDescriptors {
    mutating func replace(_ reloading: Reloading) {
        let before = listeners
        listeners = zip(reloading.kept, reloading.sockets).map { source, fresh in
            fresh ?? source.map { before[$0] } ?? []
        }
        let kept = Set(reloading.kept.compactMap { $0 })
        for index in before.indices where !kept.contains(index) { Self.close(before[index]) }
        Self.close([configuration])
        configuration = reloading.file
    }
}

extension String {
    /// Without line breaks at its end.
    fileprivate var trimmed: String {
        var text = self[...]
        while text.last == "\n" { text = text.dropLast() }
        return String(text)
    }
}

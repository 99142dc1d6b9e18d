"""T12 of the targets: both servers leak, and are restarted before the kernel kills them; never both at once, and nobody notices.

Bookty takes a mebibyte a second that it never gives back, in memory groups in which the kernel kills. Each is started anew when it has
ended, as systemd does; who ends it is the clean-up hook, or the kernel."""
import contextlib
import signal
import threading

from bench.processes import Bench

from . import proxies
from .client import Client
from .failover import Figure, failures, run
from .fleet import Fleet

LEAK = "leak:1MiB"
LIMIT = 96 << 20
#: Of its memory, which no server may have in use (targets.md).
MOST = 90
RATE = 50
SECONDS = 100


class Leaking:
    """One server that leaks, with what a service manager does for it, and a hook that asks for a restart."""

    def __init__(self, server, folder):
        self.server, self.folder = server, folder
        self.process = folder / f"{server.name}.pid"
        self.notes = folder / "hooks"
        self.highest = 0
        server.hook = ["sh", folder / f"restart-{server.name}.sh"]
        server.hook[1].write_text(f"""
old=$(cat {self.process})
echo begin >> {self.notes}
kill $old
while [ "$(cat {self.process})" = "$old" ]; do sleep 0.05; done
echo end >> {self.notes}
""")
        self.ready()

    def ready(self):
        """It answers: from now on it leaks."""
        self.server.signal(signal.SIGUSR1)
        fresh = self.process.with_suffix(".new")
        fresh.write_text(str(self.server.program.process.pid))
        fresh.rename(self.process)

    def keep(self, over):
        while not over.wait(0.05):
            if self.server.program.process.poll() is not None:
                self.server.start()
                self.server.answers()
                self.ready()
            self.highest = max(self.highest, 100 * self.server.group.used() / LIMIT)


def at_once(notes):
    """How many hooks ran at the same time at most, and how many ended."""
    running = most = ended = 0
    for line in notes.read_text().splitlines() if notes.exists() else []:
        running += 1 if line == "begin" else -1
        ended += line == "end"
        most = max(most, running)
    return most, ended


@contextlib.contextmanager
def leaking(proxy):
    with Bench() as bench:
        fleet, over, threads = Fleet(bench), threading.Event(), []
        try:
            fleet.start(fault=LEAK, limit=LIMIT)
            servers = [Leaking(server, bench.folder) for server in fleet.servers]
            threads = [threading.Thread(target=one.keep, args=(over,)) for one in servers]
            for thread in threads:
                thread.start()
            front = proxies.Proxy(bench, proxy, fleet)
            if proxy.startswith("bookend"):
                for server in fleet.servers:
                    front.watch(bench, server)
            yield servers, front
        finally:
            over.set()
            for thread in threads:
                thread.join()
            fleet.remove()


def t12(proxy):
    with leaking(proxy) as (servers, front):
        client = Client(front.port, RATE)
        run(client, SECONDS)
        most, ended = at_once(servers[0].notes)
        is_ours = proxy.startswith("bookend")
        return [
            Figure("failed requests", failures(client.requests), 0),
            Figure("kernel kills", sum(one.server.group.kills() for one in servers), 0),
            Figure("memory of a server, at most", max(one.highest for one in servers), MOST, "%"),
            Figure("recycles at a time", most if is_ours else None, 1),
            Figure("recycles", ended if is_ours else None, None),
            Figure("servers that were not recycled", max(0, 2 - ended) if is_ours else None, 0),
        ]

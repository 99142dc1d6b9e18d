"""T1 to T6, T13 and T18 of the targets: more comes than the servers can do.

Bookty draws posters of 12 MiB in memory groups of version 1, in which the kernel really kills. In each run the server's capacity is
measured first, past the proxy: what it answers when it is never idle and never crowded, beside what a gauge answers. From then on the
gauge says what it could have answered. The clients are many, with an address each."""
import contextlib
import functools
import threading
from typing import NamedTuple

from bench.processes import Bench

from . import proxies
from .client import Client, quantile
from .failover import Figure, failures, run
from .fleet import Fleet, Server
from .gauge import Gauge


class Work(NamedTuple):
    path: str
    #: Of a core for each server. So neither the clients nor the proxy are what is measured, and three runs can go on at a time on
    #: one core, gauges included.
    cores: float
    #: Who ask again at once keep it busy, and do not crowd it.
    busy: int


POSTERS = Work("/reports/2020/poster.png", 0.25, 2)
#: What a step is measured with: a server makes some sixty a second, so that seconds can be told apart.
PAGES = Work("/search?q=the", 0.15, 8)
#: Of one server: holds some seven posters beside what Bookty itself takes.
LIMIT = 128 << 20
#: Seconds of a phase that is judged, and before it those in which a proxy may learn.
PHASE = 30
LEARNING = 15
#: Seconds of the phase in which proxies are compared with each other.
LONG = 60
#: Of a core, for the gauge.
GAUGE = 0.05
#: MiB that Bookend may take: its `memory:`, and a tenth (R3).
MEMORY = 256 * 1.1


class Stage:
    """Servers in memory groups, started anew when the kernel killed them, and a proxy in front. What one server can do is measured
    when it is first asked for."""

    def __init__(self, bench, fleet, proxy, work, gauge):
        self.fleet, self.work, self.gauge = fleet, work, gauge
        self.front = proxies.Proxy(bench, proxy, fleet, "least")

    @functools.cached_property
    def alone(self):
        """When a server answered each of its clients, never idle and never crowded."""
        return self.fleet.servers[0].busy(self.work.path, workers=self.work.busy, seconds=12)

    @property
    def rate(self):
        """What it answered in a second: to each client, from the first answer to the last. From the first of all to the last of all
        would count one too many, as those who began together are answered together."""
        return sum((len(answers) - 1) / (answers[-1] - answers[0]) for answers in self.alone)

    def capacity(self, start, end):
        """What it could have answered between two moments, as fast as the machine was then."""
        first, last = min(answers[0] for answers in self.alone), max(answers[-1] for answers in self.alone)
        return self.rate * (last - first) * self.gauge.work(start, end) / self.gauge.work(first, last)

    def crowd(self, times, **habits):
        """Clients of so many times a server's capacity; of a number or a function of the seconds."""
        load = times if callable(times) else lambda _: times
        rate = self.rate
        return Client(self.front.port, lambda t: load(t) * rate, path=self.work.path, most=8_000, crowd=200, **habits)

    def missing(self, client, start, end):
        """Of the server's capacity, the share that was not answered between two seconds of a client's run; per cent."""
        start, end = client.began + start, client.began + end
        return 100 * (1 - answered(client, start, end) / self.capacity(start, end))

    def promises(self):
        """What holds in every scenario."""
        bounded = self.front.name.startswith("bookend")
        return [
            Figure("kernel kills", sum(server.group.kills() for server in self.fleet.servers), 0),
            Figure("memory of the proxy", self.front.memory(), MEMORY if bounded else None, "MiB"),
        ]


@contextlib.contextmanager
def stage(proxy, servers=1, work=POSTERS):
    with Bench() as bench:
        fleet = Fleet(bench)
        over = threading.Event()
        threads = []
        try:
            fleet.start(limit=LIMIT, cores=work.cores, count=servers)
            threads = [threading.Thread(target=one.supervise, args=(over, 0)) for one in fleet.servers]
            for thread in threads:
                thread.start()
            with Gauge(Server(bench, "gauge", fleet.data, limit=LIMIT, share=GAUGE), work.path) as gauge:
                yield Stage(bench, fleet, proxy, work, gauge)
        finally:
            over.set()
            for thread in threads:
                thread.join()
            fleet.remove()


def answered(client, start, end):
    """Good answers between two moments."""
    return sum(1 for r in client.requests if r.status == 200 and start <= r.done < end)


def late(requests, start, end):
    """The 99th percentile of what the answered ones of that time took, in seconds."""
    return quantile([r.took for r in requests if r.status == 200 and start <= r.due < end] or [99], 0.99)


def t1(proxy):
    """The outage: web-02 is out, and the load ramps up to five times what web-01 can do."""
    with stage(proxy) as scene:
        client = scene.crowd(lambda t: min(5, 0.5 + t / 10))
        run(client, 120)
        return [Figure("missing from one server's capacity at 5x", scene.missing(client, 60, 120), 10, "%"), *scene.promises()]


def t2(times, limit, proxy):
    with stage(proxy) as scene:
        client = scene.crowd(times)
        run(client, LEARNING + PHASE)
        return [
            Figure("missing from one server's capacity", scene.missing(client, LEARNING, LEARNING + PHASE), limit, "%"),
            *scene.promises(),
        ]


def t3(proxy):
    """What those get who are answered, at three times the capacity and at 0.8 times."""
    with stage(proxy) as scene:
        client = scene.crowd(lambda t: 0.8 if t < LEARNING + PHASE else 3)
        step = LEARNING + PHASE + LEARNING
        run(client, step + LONG)
        start, crowded = client.began + LEARNING, client.began + step
        usual = late(client.requests, start, start + PHASE)
        calm = [r for r in client.requests if start <= r.due < start + PHASE]
        crowded = late(client.requests, crowded, crowded + LONG)
        return [
            Figure("missing from one server's capacity", scene.missing(client, step, step + LONG), 5, "%"),
            Figure("p99 of the answered", 1e3 * crowded, None, "ms"),
            Figure("p99 of the answered, times that at 0.8x", crowded / usual, 2),
            Figure("p99 of the answered at 0.8x", 1e3 * usual, None, "ms"),
            Figure("not answered at 0.8x", 100 * failures(calm) / len(calm), None, "%"),
            *scene.promises(),
        ]


def t4(proxy):
    """A step from half to three times the capacity, of clients that leave after 2 s."""
    with stage(proxy, work=PAGES) as scene:
        client = scene.crowd(lambda t: 0.5 if t < 15 else 3, patience=2)
        run(client, 35)
        return [
            Figure("missing on average after 1 s", scene.missing(client, 16, 35), 5, "%"),
            Figure("missing at the worst, over a second", max(scene.missing(client, 15 + s, 16 + s) for s in range(1, 20)), 30, "%"),
            *scene.promises(),
        ]


def t5(proxy):
    """Clients that give up after 2 s and ask again at once, at three times the capacity, then 0.7 times."""
    with stage(proxy, work=PAGES) as scene:
        client = scene.crowd(lambda t: 3 if t < 30 else 0.7, patience=2, again=3)
        run(client, 60)
        after = [r for r in client.requests if r.due > client.began + 35]
        return [
            Figure("failed from 5 s after the overload on", 100 * failures(after) / max(1, len(after)), 0.1, "%"),
            *scene.promises(),
        ]


def t6(proxy):
    """One of two is down: what the servers see of what the clients sent."""
    with stage(proxy, servers=2) as scene:
        scene.fleet.servers[1].retire()
        client = scene.crowd(3, patience=2, again=3)
        run(client, 20)
        return [
            Figure("requests sent to servers, of those that clients sent", scene.front.tries() / client.sent, 1.15),
            *scene.promises(),
        ]


def t13(proxy):
    """One of two runs away by 200 MiB a second: only that one is hurt."""
    with stage(proxy, servers=2) as scene:
        scene.fleet.servers[0].unbound()
        client = Client(scene.front.port, 100)
        hit, = run(client, 20, (8, lambda: scene.fleet.servers[1].flood(POSTERS.path, 40)))
        other = [r for r in client.requests if r.server == "web-01"]
        before, after = late(other, client.began, hit), late(other, hit, float("inf"))
        return [
            Figure("p99 of the other one, times that of before", after / before, 1.5),
            Figure("kills of the other one", scene.fleet.servers[0].group.kills(), 0),
            Figure("requests failed", failures(client.requests), 0),
            Figure("memory of the proxy", scene.front.memory(), None, "MiB"),
            Figure("fault: kills", scene.fleet.servers[1].group.kills(), 0, proof=True),
        ]


def t18(runs):
    """From the runs of T3: Bookend beside HAProxy, which is told how many requests the server holds; run by run."""
    return [
        [
            Figure("more missing from one server's capacity than with HAProxy and the best `maxconn`", ours[0].value - theirs[0].value, 3, "%"),
            Figure("p99 of the answered, times HAProxy's", ours[1].value / theirs[1].value, 1.03),
        ]
        for ours, theirs in zip(runs["bookend"], runs["haproxy maxconn"])
    ]

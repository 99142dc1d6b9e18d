"""T1 to T6, T13 and T18 of the targets: more comes than the servers can do.

Bookty draws posters of 12 MiB in memory groups of version 1, in which the kernel really kills. One server's capacity is measured first: what
it answers of posters when exactly as many as it has cores are asked for at a time."""
import contextlib
import threading

from bench.processes import Bench

from . import proxies
from .client import Client, quantile
from .failover import Figure, failures, run
from .fleet import Fleet

POSTER = "/reports/2020/poster.png"
#: Of one server: holds some seven posters beside what Bookty itself takes.
LIMIT = 128 << 20
#: Of a core for each server, so that neither the client nor the proxy is what is measured.
CORES = 0.8
#: Seconds of a phase that is judged.
PHASE = 20


@contextlib.contextmanager
def stage(proxy, servers=2):
    """Servers in memory groups, started anew when the kernel killed them, and a proxy in front."""
    with Bench() as bench:
        fleet = Fleet(bench)
        over = threading.Event()
        threads = []
        try:
            fleet.start(limit=LIMIT, cores=CORES, count=servers)
            threads = [threading.Thread(target=one.supervise, args=(over, 0)) for one in fleet.servers]
            for thread in threads:
                thread.start()
            yield fleet, proxies.Proxy(bench, proxy, fleet, "least")
        finally:
            over.set()
            for thread in threads:
                thread.join()
            fleet.remove()


def kills(fleet):
    return sum(server.group.kills() for server in fleet.servers)


def answered(requests, start, end):
    """Good answers a second, of requests that ended in that time."""
    return sum(1 for r in requests if r.status == 200 and start <= r.done < end) / (end - start)


def capacity():
    """Posters a second that one server answers when it has one at a time for its share of a core."""
    with Bench() as bench:
        fleet = Fleet(bench)
        try:
            fleet.start(limit=LIMIT, cores=CORES, count=1)
            return fleet.servers[0].closed_loop(POSTER, workers=2, seconds=10)
        finally:
            fleet.remove()


_capacity = []


def one_server():
    if not _capacity:
        _capacity.append(capacity())
    return _capacity[0]


def t1(proxy):
    """The outage: web-02 is out, and the load ramps up to five times what web-01 can do."""
    with stage(proxy, servers=1) as (fleet, front):
        rate = one_server()
        client = Client(front.port, lambda t: rate * min(5, 0.5 + t / 10), path=POSTER, most=4_000)
        run(client, 120)
        last = client.began + 60, client.began + 120
        return [
            Figure("kernel kills", kills(fleet), 0),
            Figure("answered at 5x, missing from one server's capacity", 100 * (1 - answered(client.requests, *last) / rate), 10, "%"),
        ]


def overload(times, limit):
    def scenario(proxy):
        with stage(proxy, servers=1) as (fleet, front):
            rate = one_server()
            calm = Client(front.port, lambda t: 0.8 * rate, path=POSTER)
            run(calm, PHASE)
            usual = quantile([r.took for r in calm.requests if r.status == 200], 0.99)
            client = Client(front.port, lambda t: times * rate, path=POSTER, most=8_000)
            run(client, 10 + PHASE)
            start, end = client.began + 10, client.began + 10 + PHASE
            good = [r for r in client.requests if r.status == 200 and start <= r.due < end]
            figures = [
                Figure("answered, missing from one server's capacity", 100 * (1 - answered(client.requests, start, end) / rate), limit, "%"),
                Figure("kernel kills", kills(fleet), 0),
            ]
            if times == 3:
                late = quantile([r.took for r in good], 0.99) if good else 99
                figures.append(Figure("p99 of the answered, times that at 0.8x", late / usual, 2))
            return figures

    return scenario


def t4(proxy):
    """A step from half to three times the capacity."""
    with stage(proxy, servers=1) as (fleet, front):
        rate = one_server()
        client = Client(front.port, lambda t: (0.5 if t < 20 else 3) * rate, path=POSTER, most=8_000)
        run(client, 40)
        step = client.began + 20
        seconds = [answered(client.requests, step + s, step + s + 2) / rate for s in range(1, 18)]
        return [
            Figure("missing on average after 1 s", 100 * (1 - sum(seconds) / len(seconds)), 5, "%"),
            Figure("missing at the worst, over 2 s", 100 * (1 - min(seconds)), 30, "%"),
            Figure("kernel kills", kills(fleet), 0),
        ]


def t5(proxy):
    """Clients that give up after 2 s and ask again at once, at three times the capacity, then 0.7 times."""
    with stage(proxy, servers=1) as (fleet, front):
        rate = one_server()
        client = Client(
            front.port, lambda t: (3 if t < 30 else 0.7) * rate, path=POSTER, most=8_000, patience=2, again=3)
        run(client, 60)
        late = [r for r in client.requests if r.due > client.began + 35]
        return [
            Figure("errors from 5 s after the overload on", 100 * failures(late) / max(1, len(late)), 0.1, "%"),
            Figure("kernel kills", kills(fleet), 0),
        ]


def t6(proxy):
    """One of two is down: what the servers see of what the clients sent."""
    with stage(proxy) as (fleet, front):
        rate = one_server()
        fleet.servers[1].kill()
        client = Client(front.port, 3 * rate, path=POSTER, most=8_000, patience=2, again=3)
        run(client, 20)
        return [Figure("requests sent to servers, of those that clients sent", front.tries() / client.sent, 1.15)]


def t13(proxy):
    """One of two runs away by 200 MiB a second: only that one is hurt."""
    with stage(proxy) as (fleet, front):
        client = Client(front.port, lambda t: 100)
        hit, = run(client, 20, (8, lambda: fleet.servers[1].flood(POSTER, 40)))
        before = quantile([r.took for r in client.requests if r.due < hit - 0.2 and r.server == "web-01"], 0.99)
        after = quantile([r.took for r in client.requests if r.due > hit and r.server == "web-01"], 0.99)
        return [
            Figure("p99 of the other one, times that of before", after / before, 1.5),
            Figure("kills of the other one", fleet.servers[0].group.kills(), 0),
            Figure("requests failed", failures(client.requests), 0),
        ]

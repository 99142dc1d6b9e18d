"""T7 to T11, T14 and T15 of the targets, and both servers broken at once: what a dead server costs."""
import asyncio
import contextlib
import dataclasses
import signal
import threading
import time

from bench.processes import Bench

from . import proxies
from .client import Client, quantile
from .fleet import Fleet

#: A request that took longer was stuck on the broken server: a whole answer takes some milliseconds.
STUCK = 0.3


@dataclasses.dataclass
class Figure:
    """One promise of one run; `limit` is the most that holds, without one it is only told. No value is one that this proxy does not
    tell. A proof is no promise: it shows that there was a fault, by being over its limit."""
    name: str
    value: float
    limit: float | None
    unit: str = ""
    proof: bool = False

    @property
    def holds(self):
        return self.value is None or self.limit is None or self.value <= self.limit


@contextlib.contextmanager
def stage(proxy, balance="round", **fleet):
    with Bench() as bench:
        made = Fleet(bench)
        try:
            made.start(**fleet)
            yield made, proxies.Proxy(bench, proxy, made, balance)
        finally:
            made.remove()


async def play(client, seconds, *events):
    """Sends for `seconds`; each event is a time and what happens then. Gives the times at which they did happen."""
    began = time.monotonic()
    times = []

    async def happen():
        for at, action in events:
            await asyncio.sleep(max(0, began + at - time.monotonic()))
            times.append(time.monotonic())
            action()

    events_done = asyncio.ensure_future(happen())
    await client.run(seconds)
    await events_done
    return times


def run(client, seconds, *events):
    # A proxy that has just started is not what is measured.
    asyncio.run(Client(client.port, 50).run(1.5))
    return asyncio.run(play(client, seconds, *events))


def harmed(requests, since):
    """From the fault to the last request that was sent into it, in ms."""
    return 1e3 * max((r.due - since for r in requests if r.due > since and (r.failed or r.took > STUCK)), default=0)


def share(requests, server, since, until=float("inf")):
    answered = [r for r in requests if since <= r.due < until]
    return 100 * sum(r.server == server for r in answered) / max(1, len(answered))


def failures(requests, method=None):
    return sum(r.failed for r in requests if method in (None, r.method))


def t7(proxy):
    with stage(proxy) as (fleet, front):
        client = Client(front.port, 1_000, post=10)
        web = fleet.servers[1]
        killed, = run(client, 5, (2, web.kill))
        on_the_clock = killed + time.time() - time.monotonic()
        tried = front.last_try(web.name)
        in_flight = sum(r.due <= killed < r.done for r in client.requests)
        return [
            Figure("idempotent requests failed", failures(client.requests, "GET"), 0),
            Figure("others failed, beyond those in flight", max(0, failures(client.requests, "POST") - in_flight), 0),
            Figure("last request harmed after the kill", harmed(client.requests, killed), 10, "ms"),
            Figure("last request that tried it after the kill", tried and max(0, 1e3 * (tried - on_the_clock)), 10, "ms"),
        ]


def t8(proxy):
    with stage(proxy) as (fleet, front):
        client = Client(front.port, 200)
        web = fleet.servers[1]
        stopped, continued = run(
            client, 8, (2, lambda: web.signal(signal.SIGSTOP)), (5, lambda: web.signal(signal.SIGCONT)))
        stuck = [r for r in client.requests if r.due < continued]
        back = min((r.due - continued for r in client.requests if r.due > continued and r.server == web.name), default=99)
        return [
            Figure("last request sent into the hang", harmed(stuck, stopped), 400, "ms"),
            Figure("back after SIGCONT", 1e3 * back, 1_000, "ms"),
            Figure("requests failed", failures(client.requests), 0),
        ]


def t9(proxy):
    with stage(proxy, namespaces=True) as (fleet, front):
        client = Client(front.port, 200)
        dropped, = run(client, 6, (2, fleet.namespaces[1].swallow))
        return [
            Figure("last request sent into the silence", harmed(client.requests, dropped), 500, "ms"),
            Figure("idempotent requests failed", failures(client.requests), 0),
        ]


def t10(proxy):
    with stage(proxy, fault="slow:10") as (fleet, front):
        client = Client(front.port, 400)
        slow, = run(client, 34, (14, lambda: fleet.servers[1].signal(signal.SIGUSR1)))
        before = quantile([r.took for r in client.requests if r.due < slow - 0.2], 0.99)
        after = quantile([r.took for r in client.requests if r.due > slow + 2], 0.99)
        return [
            Figure("share of the slow one after 2 s", share(client.requests, "web-02", slow + 2), 15, "%"),
            Figure("p99 after 2 s, times that of all healthy", after / before, 1.5),
            Figure("requests failed", failures(client.requests), 0),
        ]


def t11(proxy):
    with stage(proxy, fault="errors:healthy") as (fleet, front):
        client = Client(front.port, 400)
        broken, = run(client, 10, (3, lambda: fleet.servers[1].signal(signal.SIGUSR1)))
        late = [r for r in client.requests if r.due > broken + 1]
        return [
            Figure("share of the failing one after 1 s", share(client.requests, "web-02", broken + 1), 5, "%"),
            Figure("requests failed after 1 s", 100 * failures(late) / len(late), 0.1, "%"),
        ]


#: How long T14 lasts; seconds.
PAUSES_FOR = 600


def t14(proxy):
    seconds = PAUSES_FOR
    with stage(proxy) as (fleet, front):
        client = Client(front.port, 50)
        web = fleet.servers[1]
        events = []
        for at in range(3, seconds - 2, 5):
            events += [(at, lambda: web.signal(signal.SIGSTOP)), (at + 0.3, lambda: web.signal(signal.SIGCONT))]
        run(client, seconds, *events)
        return [
            Figure("ejections", front.ejections(), 0),
            Figure("requests failed", failures(client.requests), 0),
            Figure("fault: longest answer", 1e3 * max(r.took for r in client.requests), 250, "ms", proof=True),
        ]


def t15(proxy):
    """A flood past the proxy makes the kernel kill web-02. A supervisor starts it again at once; it is cold, with a quarter
    of a core for its first six seconds, so that what comes in faster than it answers piles up in its memory."""
    poster = "/reports/2020/poster.png"
    with stage(proxy, limit=128 << 20) as (fleet, front):
        web = fleet.servers[1]
        client = Client(front.port, 8, path=poster)
        sockets, over = [], threading.Event()
        supervisor = threading.Thread(target=web.supervise, args=(over, 6))

        def strike():
            supervisor.start()
            sockets.extend(web.flood(poster, 40))

        run(client, 16, (3, strike))
        over.set()
        supervisor.join()
        if web.group.kills() == 0:
            raise SystemExit("the flood did not kill web-02")
        return [
            Figure("kills after the first", web.group.kills() - 1, 0),
            Figure("requests failed", failures(client.requests), 0),
        ]


def both(fault):
    """Both servers are broken in the same way, one after the other gets well: nothing is refused while one answers."""

    def scenario(proxy):
        spec = {"slow": "slow:10", "errors": "errors", "stopped": None}[fault]
        on, off = (signal.SIGSTOP, signal.SIGCONT) if fault == "stopped" else (signal.SIGUSR1, signal.SIGUSR2)
        with stage(proxy, fault=spec) as (fleet, front):
            one, two = fleet.servers
            client = Client(front.port, 100)
            times = run(
                client, 14, (2, lambda: one.signal(on)), (3, lambda: two.signal(on)), (6, lambda: one.signal(off)),
                (10, lambda: two.signal(off)))
            # A server that answers again is found within a second.
            late = [r for r in client.requests if r.due > times[2] + 1]
            broken = [r for r in client.requests if times[1] < r.due < times[2]]
            figures = [Figure("failed, once one answers for 1 s", failures(late), 0)]
            if fault != "errors":
                figures.append(Figure("failed while both are broken", failures(broken), 0))
            if fault == "slow":
                before = quantile([r.took for r in client.requests if r.due < times[0] - 0.2], 0.5)
                while_broken = quantile([r.took for r in broken], 0.5)
                figures.append(Figure("fault: median, times that of before", while_broken / before, 3, proof=True))
            return figures

    return scenario

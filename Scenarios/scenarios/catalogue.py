"""Every scenario by its name, in the order of the tables."""
import dataclasses
import functools
from collections.abc import Callable

from . import failover, fulldisk, operations, overload, recycle, reload


@dataclasses.dataclass(frozen=True)
class Scenario:
    name: str
    what: str
    #: One run in front of a proxy: its name in, figures out.
    play: Callable
    #: How many runs may go on at a time.
    together: int
    proxies: tuple[str, ...]

    @property
    def target(self):
        return self.name.split(",")[0].split()[0] if self.name.startswith("T") else self.name


@dataclasses.dataclass(frozen=True)
class Group:
    columns: tuple[str, ...]
    scenarios: tuple[Scenario, ...]
    #: By name: what it says, the scenario from whose runs it is read, and how.
    derived: dict


ALL = ("bookend", "haproxy", "nginx", "control")
OURS = ("bookend", "control")
#: HAProxy is also given what nobody tells the others: how many requests a server can hold.
CROWDED = ("bookend", "haproxy", "haproxy maxconn", "nginx", "envoy", "caddy", "control")

GROUPS = {
    "failover": Group(ALL, (
        Scenario("T7", "kill -9 of one of two, 1,000 requests/s, a tenth of them POST", failover.t7, 1, ALL),
        Scenario("T8", "SIGSTOP of one of two for 3 s, 200 requests/s", failover.t8, 1, ALL),
        Scenario("T9", "packets of one of two are swallowed, 200 requests/s", failover.t9, 1, ALL),
        Scenario("T10", "one of two is ten times slower, 400 requests/s", failover.t10, 1, ALL),
        Scenario("T11", "one of two answers 500 at once, its health path 200; 400 requests/s", failover.t11, 1, ALL),
        Scenario("T14", "one of two pauses 300 ms every 5 s for 10 min, 50 requests/s", failover.t14, 20, ALL),
        Scenario("T15", "the kernel kills one of two (128 MiB) under posters of 12 MiB each; it restarts cold", failover.t15, 1, ALL),
        Scenario("both slow", "both become ten times slower, one gets well", failover.both("slow"), 1, OURS),
        Scenario("both 500", "both answer 500, one gets well", failover.both("errors"), 1, OURS),
        Scenario("both stopped", "both are stopped, then continued one by one", failover.both("stopped"), 1, OURS),
    ), {}),
    "overload": Group(("bookend memory", *CROWDED), (
        Scenario("T1", "the outage: web-02 is out, the load ramps to five times one server", overload.t1, 3, ("bookend memory", *CROWDED)),
        Scenario("T2, T3", "0.8 times, then three times what the server can do", overload.t3, 3, CROWDED),
        Scenario("T2 10x", "ten times what the server can do", functools.partial(overload.t2, 10, 10), 3, CROWDED),
        Scenario("T4", "a step from half to three times the capacity", overload.t4, 3, CROWDED),
        Scenario("T5", "clients that ask again, at three times, then 0.7 times", overload.t5, 3, CROWDED),
        Scenario("T6", "one of two is down, three times the other's capacity, clients that ask again", overload.t6, 3, ("bookend",)),
        Scenario("T13", "a flood past the proxy runs web-02 out of memory", overload.t13, 1, CROWDED),
    ), {"T18": ("beside HAProxy with the best `maxconn`, which Bookend is not told", "T2, T3", overload.t18)}),
    "operations": Group(("bookend", "haproxy", "control"), (
        Scenario("T12", "both servers leak 1 MiB/s in memory groups of 96 MiB, 50 requests/s", recycle.t12, 2, OURS),
        Scenario("T16", "web-02 is taken out for 30 s and forgotten", operations.forgotten, 3, ("bookend", "haproxy", "control")),
        Scenario("T16 disconnected", "and is dead when its time is over", operations.disconnected, 3, ("bookend", "haproxy", "control")),
        Scenario("wrong time", "web-02 is taken out while both are needed", operations.wrong_time, 1, ("bookend", "haproxy")),
        Scenario("recall", "1.6 times what one server can do comes while the other is out", operations.overload_while_out, 1, OURS),
        Scenario("two at once", "two people take out one of two servers each, twenty times", operations.two_at_once, 2, ("bookend", "haproxy")),
        Scenario("R1 worker", "kill -9 of the worker process in every state of a lease", functools.partial(operations.killed, False), 1, ("bookend",)),
        Scenario("R1 all", "kill -9 of all of Bookend in every state of a lease", functools.partial(operations.killed, True), 1, ("bookend",)),
        Scenario("full disk", "the disk with state and access log is full, then read-only, then well again", fulldisk.full, 1, ("bookend",)),
        Scenario("reloads", "a thousand reloads under load, each of which changes something", reload.thousand, 1, ("bookend",)),
        Scenario("reloads at once", "four operators reload, add, remove, weigh and drain for 40 s", reload.at_once, 1, ("bookend",)),
    ), {}),
}


def chosen(only):
    """The scenarios of a group, or those of the named targets."""
    every = [one for group in GROUPS.values() for one in group.scenarios]
    if only in GROUPS:
        return GROUPS[only].scenarios
    names = only.split(",")
    unknown = set(names) - {one.target for one in every}
    if unknown:
        raise SystemExit(f"no {', '.join(sorted(unknown))}; there are: {', '.join([*GROUPS, *dict.fromkeys(one.target for one in every)])}")
    return [one for one in every if one.target in names]

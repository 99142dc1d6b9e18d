"""T16 of the targets and what else people do to a fleet: servers that are taken out and forgotten, taken out at the wrong time, by two
people at once, and Bookend killed meanwhile.

What somebody does goes on in a thread of its own, beside the client: `script` in each scenario."""
import concurrent.futures
import datetime
import json
import os
import signal
import socket
import sys
import threading
import time

from . import overload
from .client import Client
from .failover import Figure, failures, run, share, stage
from .operators import Operator, eventually

#: Makes every answer of Bookty take a fifth of a second, at no cost.
SLOW = "slow:20"
#: Requests that a server may have at a time, where a scenario is about what the guard computes from it.
HELD = 8
#: Seconds, of what did not happen.
NEVER = 999


class Scene:
    """A client that sends, and an operator with a clock: seconds since the client began."""

    def __init__(self, front, client):
        self.front, self.client, self.operator = front, client, Operator(front)

    def play(self, seconds, script):
        """Sends for `seconds` while `script` goes on; gives what that gives."""
        began = threading.Event()
        with concurrent.futures.ThreadPoolExecutor(1) as pool:
            done = pool.submit(lambda: began.wait(60) and script(self))
            run(self.client, seconds, (0, began.set))
            return done.result(30)

    def until(self, second):
        time.sleep(max(0, self.client.began + second - time.monotonic()))

    def alarm(self, *kinds):
        """The alarm of one of these kinds that is open."""
        status = self.operator.status() or {"alarms": []}
        return next((one for one in status["alarms"] if one["kind"] in kinds), None)

    def alarmed(self, since, limit, *kinds):
        """Seconds from `since` to the alarm; nil of a proxy that knows no alarms."""
        if not self.operator.isBookend:
            return None
        return time.monotonic() - since if eventually(lambda: self.alarm(*kinds), limit) else NEVER

    def first(self, server, since):
        """Seconds from `since` to the first request that it answered after it, or to the end of the run."""
        answered = [r.due - since for r in self.client.requests if r.due > since and r.server == server.name]
        return min(answered, default=max(r.due for r in self.client.requests) - since)


def answered_by(client, server, since, until):
    return sum(r.server == server.name for r in client.requests if since < r.due < until)


def forgotten(proxy):
    """The outage's beginning: web-02 is taken out for a test of half a minute, and nobody thinks of it again."""
    with stage(proxy) as (fleet, front):
        web = fleet.servers[1]
        scene = Scene(front, Client(front.port, 100))

        def script(scene):
            scene.until(3)
            out = time.monotonic()
            scene.operator.take_out(web, "--for", "30s")
            return out, scene.alarmed(out, 60, "no-spare")

        out, alarmed = scene.play(52, script)
        requests, end = scene.client.requests, out + 30
        return [
            Figure("alarm that no spare is left, after", alarmed, 60, "s"),
            Figure("back after the end of its time", scene.first(web, end), 2, "s"),
            Figure("missing from half of the requests in the last 5 s", max(0, 50 - share(requests, web.name, end + 14)), 5, "points"),
            Figure("requests that it got while it was out", answered_by(scene.client, web, out + 1, end), 0),
            Figure("requests failed", failures(requests), 0),
        ]


def disconnected(proxy):
    """As in the reports: web-02 is not only taken out, it is dead when its time is over, and mended ten seconds later."""
    with stage(proxy) as (fleet, front):
        web = fleet.servers[1]
        scene = Scene(front, Client(front.port, 100))

        def script(scene):
            scene.until(3)
            out = time.monotonic()
            scene.operator.take_out(web, "--for", "10s")
            scene.until(6)
            web.kill()
            alarmed = scene.alarmed(out + 10, 20, "overdue", "forgotten")
            scene.until(23)
            web.start()
            web.answers()
            return time.monotonic(), alarmed

        mended, alarmed = scene.play(36, script)
        return [
            Figure("alarm that it is not back, after the end of its time", alarmed, 60, "s"),
            Figure("back after it answers again", scene.first(web, mended), 2, "s"),
            Figure("requests failed", failures(scene.client.requests), 0),
        ]


def wrong_time(proxy):
    """Somebody takes web-02 out while both are needed, and when that is refused asks again every second."""
    with stage(proxy, fault=SLOW, held=HELD, limiter=False) as (fleet, front):
        web = fleet.servers[1]
        # 3 requests in flight; for three seconds 11, of which one server would hold 6.8. Of a minute, three seconds are an
        # exception.
        rush = (40, 43)
        scene = Scene(front, Client(front.port, lambda t: 55 if rush[0] <= t < rush[1] else 15))

        def script(scene):
            for server in fleet.servers:
                server.signal(signal.SIGUSR1)
            scene.until(rush[1] - 0.6)
            taken = scene.operator.take_out(web)
            scene.until(rush[1] + 2)
            return taken, None if taken else ask_again(scene, web)

        taken, missed = scene.play(70, script)
        return [
            Figure("taken out while both are needed", int(taken), 0),
            Figure("passed later, seconds beside what was told", missed, 3, "s"),
            Figure("requests failed", failures(scene.client.requests), 0),
        ]


def ask_again(scene, server):
    """Every second until it is taken out, for half a minute; how far that was from when the first refusal said it would be."""
    promised, end = None, time.monotonic() + 30
    while time.monotonic() < end:
        answer = scene.operator.verb("drain", server.name, "--why", "a test", "--wait", "--json")
        if answer.returncode == 0:
            return abs(time.monotonic() - promised) if promised else NEVER
        promised = promised or time.monotonic() + (json.loads(answer.stdout)["guard"].get("passes_in_seconds") or 0)
        time.sleep(1)
    return NEVER


def overload_while_out(proxy):
    """web-02 is out for ten minutes in calm, when 1.6 times comes of what web-01 can do. Real memory, real kills."""
    with overload.stage(proxy, servers=2) as stands:
        web = stands.fleet.servers[1]
        client = stands.crowd(lambda t: 0.3 if t < 18 else 1.6)
        scene = Scene(stands.front, client)

        def script(scene):
            scene.until(4)
            scene.operator.take_out(web, "--for", "10m", "--wait")
            scene.until(18)
            return time.monotonic()

        rush = scene.play(48, script)
        back = scene.first(web, rush)
        # Who is refused later, when it is back, did not call it.
        refused = min((r.due for r in client.requests if rush < r.due < rush + back and r.failed), default=rush + back)
        last = [r for r in client.requests if r.due > client.began + 38]
        return [
            Figure("back after the rush began", back, 20, "s"),
            Figure("back after the first request was refused", rush + back - refused, 5, "s"),
            Figure("requests failed from 20 s after the rush on", 100 * failures(last) / len(last), 5, "%"),
            *stands.promises(),
        ]


def two_at_once(proxy):
    """Two people, each of whom takes out the server that the other one leaves; twenty times."""
    rounds = 20
    with stage(proxy, held=HELD, limiter=False, slow_start="1s") as (fleet, front):
        scene = Scene(front, Client(front.port, 100))

        def script(scene):
            taken = []
            scene.until(3)
            with concurrent.futures.ThreadPoolExecutor(2) as people:
                for _ in range(rounds):
                    taken.append(list(people.map(scene.operator.take_out, fleet.servers)))
                    time.sleep(0.2)
                    for server, isOut in zip(fleet.servers, taken[-1]):
                        if isOut:
                            scene.operator.put_back(server)
            scene.client.over = True
            return taken

        taken = scene.play(85, script)
        return [
            Figure(f"of {rounds} times both were taken out", sum(all(one) for one in taken), 0),
            Figure("none was", sum(not any(one) for one in taken), 0),
            Figure("times missing", rounds - len(taken), 0),
            Figure("requests failed", failures(scene.client.requests), 0),
        ]


class Killer:
    """Takes web-02 out, brings its lease into a state, kills Bookend in it and looks at what the next one knows."""

    def __init__(self, scene, web, whole):
        self.scene, self.web, self.operator = scene, web, scene.operator
        self.whole = whole
        self.killed = []
        #: Seconds until Bookend served again, by state.
        self.away = {}
        self.lost = []
        #: Requests that went to it although it was out.
        self.stray = 0

    def kill(self):
        """The worker process, or that and its supervisor, which somebody starts again as systemd would."""
        supervisor, *workers = self.scene.front.program.ids()
        now = time.monotonic()
        self.killed.append(now)
        for one in [supervisor, *workers] if self.whole else workers:
            os.kill(one, signal.SIGKILL)
        if self.whole:
            self.scene.front.program.process.wait(5)
            self.scene.front.start()
        while not self.serves():
            pass
        return time.monotonic() - now

    def serves(self):
        """Somebody who comes now is answered."""
        try:
            with socket.create_connection(("127.0.0.1", self.scene.front.port), 2) as one:
                one.sendall(b"GET /api/books/1 HTTP/1.1\r\nHost: bookty.example\r\nConnection: close\r\n\r\n")
                return one.recv(100).startswith(b"HTTP/1.1 200")
        except OSError:
            return False

    def reach(self, state):
        if not eventually(lambda: (self.operator.lease(self.web) or {}).get("state") == state, 15):
            raise SystemExit(f"the lease did not come to {state}")

    def play(self, state, prepare, *terms, keeps=True):
        """`prepare` brings it there. A lease in this state is kept, or there is none that still lasts: one that has just ended may be
        found once more, and is checked once more."""
        answer = self.operator.verb("drain", self.web.name, "--why", state, *terms)
        if answer.returncode != 0:
            raise SystemExit(answer.stderr)
        prepare()
        self.reach(state)
        before = self.operator.lease(self.web)
        self.away[state] = self.kill()
        after = eventually(self.operator.status, 5) and self.operator.lease(self.web)
        if not self.same(before, after) if keeps else after and after["left_seconds"] > 0:
            self.lost.append(f"{state}: {before} is {after}")
        if keeps:
            time.sleep(0.3)
            self.stray += answered_by(self.scene.client, self.web, self.killed[-1] + 0.05, time.monotonic())
        self.web.signal(signal.SIGCONT)
        if not self.ended(after):
            self.lost.append(f"{state}: it did not come back")

    @staticmethod
    def same(before, after):
        """What a lease is: whose, why, for how long, on which terms. Its end is told in whole seconds."""
        if not after:
            return False
        ends = [datetime.datetime.fromisoformat(one["ends_at"]).timestamp() for one in (before, after)]
        is_over = before["left_seconds"] == after["left_seconds"] == 0
        return (is_over or abs(ends[0] - ends[1]) <= 1) and all(
            before[key] == after[key] for key in ("owner", "why", "forced", "recall"))

    def ended(self, lease):
        """It comes back, by itself if its time is up."""
        if lease and lease["left_seconds"] > 0:
            self.operator.verb("restore", self.web.name)
        return eventually(lambda: self.operator.serves(self.web), 15)


def killed(whole, proxy):
    """kill -9 of the worker process, or of all of Bookend, in every state that a lease has."""
    with stage(proxy, fault="slow:10", limiter=False, slow_start="2s") as (fleet, front):
        web = fleet.servers[1]
        pace = {"rate": 50}
        scene = Scene(front, Client(front.port, lambda _: pace["rate"]))
        killer = Killer(scene, web, whole)

        def fault(number):
            for server in fleet.servers:
                server.signal(number)

        def stop_before_end():
            time.sleep(1.6)
            web.signal(signal.SIGSTOP)

        def script(scene):
            # Five requests in flight, and nobody knows whether one server would hold them: it never had more than some three.
            scene.until(4)
            killer.play("asked", lambda: None, keeps=False)
            fault(signal.SIGUSR2)
            pace["rate"] = 200
            scene.until(9)
            killer.play("out", lambda: None, "--for", "60s", "--force", "--wait")
            web.signal(signal.SIGSTOP)
            # Something is to be in flight there.
            time.sleep(0.03)
            killer.play("draining", lambda: None, "--for", "60s", "--force")
            killer.play("verifying", stop_before_end, "--for", "2s", "--force")
            killer.play("overdue", stop_before_end, "--for", "2s", "--force")
            killer.play("slow-start", lambda: None, "--for", "1s", "--force", keeps=False)
            scene.client.over = True

        fault(signal.SIGUSR1)
        scene.play(85, script)
        for one in killer.lost:
            print(one, file=sys.stderr)
        quick = [seconds for state, seconds in killer.away.items() if state != "asked"]
        # Until then it may not know yet that a connection which it has kept is no more.
        later = [r for r in scene.client.requests if all(not one - 2 < r.due < one + 0.1 for one in killer.killed)]
        return [
            Figure("states missing", 6 - len(killer.away), 0),
            Figure("leases lost or changed", len(killer.lost), 0),
            Figure("serving again", 1e3 * max(quick), 1_000 if whole else 100, "ms"),
            Figure("requests to it while it was out", killer.stray, 0),
            Figure("requests failed that came 100 ms after a kill", None if whole else failures(later), 0),
        ]

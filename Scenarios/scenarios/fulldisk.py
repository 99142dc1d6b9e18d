"""R6 of the targets: the disk with Bookend's state is full, then may not be written at all, and is well again. Another one, with its
access log, is full all the while: a file that is open for writing keeps a disk from becoming read-only.

Meanwhile a server is taken out and put back, and Bookend is killed in the end: whatever was in force then is known to the next one."""
import contextlib
import errno
import http.server
import json
import os
import signal
import threading
import time

from .client import Client
from .disk import SmallDisk
from .failover import Figure, failures, stage
from .operations import Killer, Scene
from .operators import Local, eventually

#: Seconds for which the disk is full, and for which it may not be written.
FULL, SILENT = 10, 5


class Pager:
    """Takes Bookend's alerts and remembers them."""

    def __enter__(self):
        told = self.told = []

        class Taker(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                told.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
                self.send_response(204)
                self.end_headers()

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Taker)
        self.url = f"http://127.0.0.1:{self.server.server_port}/"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()

    def about(self, kind, status):
        return [one for one in self.told if one["kind"] == kind and one["status"] == status]


class Night:
    """What an operator does while the disk fails, and what comes of it."""

    def __init__(self, scene, disk, web):
        self.scene, self.disk, self.web, self.operator = scene, disk, web, scene.operator
        #: Verbs that did not do what they are for.
        self.broken = []
        #: Reasons of the leases that were taken.
        self.reasons = []
        #: Why the state was said not to be written.
        self.troubles = []

    def take_out(self, why):
        answer = self.operator.verb("drain", self.web.name, "--for", "10m", "--why", why, "--force", "--wait")
        self.reasons.append(why)
        if answer.returncode != 0 or (self.operator.lease(self.web) or {}).get("state") != "out":
            self.broken.append(f"drain, {why}: {answer.stdout}{answer.stderr}")

    def put_back(self):
        answer = self.operator.verb("restore", self.web.name, "--wait")
        if answer.returncode != 0 or not eventually(lambda: self.operator.serves(self.web), 10):
            self.broken.append(f"restore: {answer.stdout}{answer.stderr}")

    def weigh(self, weight):
        answer = self.operator.verb("weight", self.web.name, str(weight))
        if answer.returncode != 0:
            self.broken.append(f"weight: {answer.stdout}{answer.stderr}")

    def differences(self):
        """What was changed beside the file, as the status has it."""
        return (self.operator.status() or {}).get("differences", [])

    def trouble(self):
        return (self.operator.status() or {}).get("store", {}).get("trouble")

    def fails(self, words):
        """It is said that nothing can be written, and why."""
        found = eventually(lambda: words in (self.trouble() or "") and self.trouble(), 10)
        if not found:
            raise SystemExit(f"`{words}` is not said of the state: {self.trouble()}")
        self.troubles.append(found)

    def writes_again(self):
        """Seconds until it is written again."""
        began = time.monotonic()
        return time.monotonic() - began if eventually(lambda: self.operator.status() and not self.trouble(), 20) else 999

    def missing_from_journal(self):
        """Leases that were taken while the disk failed and are not in the journal."""
        with contextlib.closing(Local(self.operator.front.folder / "admin.sock")) as admin:
            admin.request("GET", "/v1/journal")
            entries = json.loads(admin.getresponse().read())["entries"]
        taken = [one["detail"].get("why") for one in entries if one["kind"] == "lease"]
        return [why for why in self.reasons if why not in taken]


def full(proxy):
    """`proxy` is Bookend: the others remember nothing."""
    with SmallDisk() as disk, SmallDisk() as logs, Pager() as pager, stage(
            proxy, slow_start="1s", state=disk.folder, logs=logs.folder, pager=pager.url) as (fleet, front):
        web = fleet.servers[1]
        scene = Scene(front, Client(front.port, 200))
        night = Night(scene, disk, web)

        def script(scene):
            scene.until(2)
            night.take_out("before")
            night.put_back()
            disk.fill()
            logs.fill()
            free = disk.free() + logs.free()
            began = time.monotonic()
            night.take_out("full")
            night.fails("no space left")
            night.put_back()
            night.weigh(3)
            night.take_out("full again")
            time.sleep(max(0, began + FULL - time.monotonic()))
            disk.seen(errno.ENOSPC)
            disk.mount_again("ro")
            disk.seen(errno.EROFS)
            night.fails("Read-only file system")
            night.put_back()
            night.take_out("read-only")
            time.sleep(SILENT)
            disk.mount_again("rw")
            night.put_back()
            night.take_out("the last one")
            disk.seen(errno.ENOSPC)
            dropped = night.operator.status()["dropped_log_lines"]
            disk.empty()
            logs.empty()
            again = night.writes_again()
            size = logs.used("access.log")
            time.sleep(1)
            scene.client.over = True
            return free, disk.refused, dropped, again, logs.used("access.log") - size

        free, refused, dropped, again, logged = scene.play(70, script)
        missing = night.missing_from_journal()
        opened, closed = (len(pager.about("state", status)) for status in ("open", "closed"))
        known, differences = night.operator.lease(web), night.differences()
        for one in front.program.ids():
            os.kill(one, signal.SIGKILL)
        front.program.process.wait(5)
        front.start()
        found = eventually(lambda: night.operator.lease(web), 5)
        for line in [*night.broken, *(f"not in the journal: {why}" for why in missing)]:
            print(line, flush=True)
        if len(set(night.troubles)) < 2:
            raise SystemExit(f"the disk was not full and then read-only, as Bookend saw it: {night.troubles}")
        return [
            Figure("requests answered", len(scene.client.requests) - failures(scene.client.requests), None),
            Figure("requests failed", failures(scene.client.requests), 0),
            Figure("fault: free bytes once it was full", free, 0),
            Figure("fault: others' writes refused for want of room", refused[errno.ENOSPC], 0, proof=True),
            Figure("fault: others' writes refused as it was read-only", refused[errno.EROFS], 0, proof=True),
            Figure("fault: lines of the access log that found no room", dropped, 0, proof=True),
            Figure("drains and restores that did not work meanwhile", len(night.broken), 0),
            Figure("alarms about it that somebody was told, beside one", abs(opened - 1), 0),
            Figure("ends of it that somebody was told, beside one", abs(closed - 1), 0),
            Figure("written again after there was room", again, 2, "s"),
            Figure("the access log does not go on", int(logged <= 0), 0),
            Figure("leases taken meanwhile that the journal lacks", len(missing), 0),
            Figure("the weight given meanwhile is lost after kill -9", int(not differences or night.differences() != differences), 0),
            Figure("the last lease is lost or changed after kill -9", int(not (known and Killer.same(known, found))), 0),
        ]

"""What people do who run a proxy: take a server out and put it back, in the way that each proxy's documentation offers."""
import contextlib
import http.client
import json
import signal
import socket
import subprocess
import time

from . import configurations


class Local(http.client.HTTPConnection):
    """HTTP over a unix socket."""

    def __init__(self, path):
        super().__init__("localhost", timeout=5)
        self.path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(self.timeout)
        self.sock.connect(str(self.path))


class Operator:
    def __init__(self, front):
        self.front = front
        self.isBookend = front.name.startswith("bookend")

    def take_out(self, server, *length):
        """Without a word of when it comes back, except at Bookend. False when it was refused."""
        if self.isBookend:
            return self.verb("drain", server.name, *length, "--why", "a test").returncode == 0
        if self.front.name.startswith("haproxy"):
            self.runtime(f"set server servers/{server.name} state maint")
        else:
            self.mark(server, "down")
        return True

    def put_back(self, server):
        if self.isBookend:
            self.verb("restore", server.name, "--wait")
        elif self.front.name.startswith("haproxy"):
            self.runtime(f"set server servers/{server.name} state ready")

    # MARK: Bookend

    def start(self, *words):
        """A verb of Bookend that is on its way."""
        return subprocess.Popen(
            [configurations.bookend_binary, *words, "--admin", self.front.folder / "admin.sock"], text=True,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def verb(self, *words, limit=60):
        with self.start(*words) as running:
            try:
                out, errors = running.communicate(timeout=limit)
            except subprocess.TimeoutExpired:
                running.kill()
                raise
        return subprocess.CompletedProcess(words, running.returncode, out, errors)

    def status(self):
        """Nil while nobody answers."""
        with contextlib.suppress(OSError, http.client.HTTPException), contextlib.closing(Local(self.front.folder / "admin.sock")) as admin:
            admin.request("GET", "/v1/status")
            return json.loads(admin.getresponse().read())

    def lease(self, server):
        """Nil while nobody answers, and without one."""
        leases = (self.status() or {"leases": []})["leases"]
        return next((one for one in leases if one["server"] == server.name), None)

    def serves(self, server):
        """It gets requests like the others."""
        status = self.status()
        return bool(status) and not status["leases"] and any(
            one["name"] == server.name and one["rotation"] == "serving" for pool in status["pools"] for one in pool["servers"])

    # MARK: HAProxy and nginx

    def runtime(self, command):
        with socket.socket(socket.AF_UNIX) as admin:
            admin.settimeout(5)
            admin.connect(str(self.front.folder / "haproxy.sock"))
            admin.sendall(command.encode() + b"\n")
            admin.recv(4096)

    def mark(self, server, word):
        file = self.front.folder / "nginx.conf"
        file.write_text(file.read_text().replace(f"server {server.address} ", f"server {server.address} {word} "))
        self.front.program.process.send_signal(signal.SIGHUP)


def eventually(condition, limit):
    """What it gives as soon as that is something; nil if it does not come to that within `limit` seconds."""
    end = time.monotonic() + limit
    while time.monotonic() < end:
        if found := condition():
            return found
        time.sleep(0.02)
    return None

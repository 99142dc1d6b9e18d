"""A proxy in front of the fleet, and what it tells of itself."""
import datetime
import json
import time

from bench.processes import free_port

from . import configurations


class Proxy:
    def __init__(self, bench, name, fleet, balance="round"):
        self.name = name
        self.folder = bench.folder / name.replace(" ", "-")
        self.folder.mkdir()
        self.folder.chmod(0o755)
        self.port = free_port()
        self.bench = bench
        self.command = configurations.MAKERS[name](self.folder, self.port, fleet, balance)
        self.start()
        if name == "bookend memory":
            for server in fleet.servers:
                self.watch(bench, server)

    def start(self):
        self.program = self.bench.start(f"{self.name}-{time.monotonic_ns()}", self.command, "0-1")
        self.program.listens(self.port)

    def watch(self, bench, server):
        bench.start(f"agent-{server.name}", [
            configurations.bookend_binary, "agent", "--server", server.name, "--to", self.folder / "admin.sock",
            "--cgroup", server.group.memory], "0-1")

    def said(self):
        return self.program.log.read_text(errors="replace")

    def last_try(self, server):
        """When a request was last sent there, or tried to be; nil of proxies whose log does not name all that were tried."""
        if not self.name.startswith("bookend"):
            return None
        for line in reversed((self.folder / "access.log").read_text().splitlines()):
            request = json.loads(line)
            if request.get("server") == server or any(one.startswith(server) for one in request.get("tried", [])):
                return datetime.datetime.fromisoformat(request["time"]).timestamp()

    def tries(self):
        """How often it sent, or tried to send, a request to a server; nil of proxies whose log does not say."""
        if not self.name.startswith("bookend"):
            return None
        return sum(json.loads(line)["tries"] for line in (self.folder / "access.log").read_text().splitlines())

    def ejections(self):
        """How often it took a server for dead."""
        return sum(" is dead" in line or " is DOWN" in line for line in self.said().splitlines())

    def memory(self):
        """MiB of all its processes together, at most so far."""
        return self.program.memory()["peak"] / (1 << 20)

"""Bookty on several servers: real processes, in memory groups or network namespaces where a scenario asks for it."""
import concurrent.futures
import contextlib
import http.client
import os
import pathlib
import signal
import socket
import subprocess
import time
import urllib.request

from bench.processes import free_port

#: The programs under test; set by the command line.
bookty = None


def run(*command):
    subprocess.run(command, check=True, capture_output=True, timeout=10)


class Group:
    """Control groups of version 1 for one server: a memory limit, beyond which the kernel kills, and a share of a core."""

    root = pathlib.Path("/sys/fs/cgroup")

    def __init__(self, name, limit):
        self.memory, self.cpu = (self.root / kind / f"bookend-{os.getpid()}-{name}" for kind in ("memory", "cpu"))
        self.memory.mkdir()
        self.cpu.mkdir()
        (self.memory / "memory.limit_in_bytes").write_text(str(limit))

    def cores(self, share):
        """At most so much of one core; None for all there is. In short parts, so that nobody waits long for the next one; the least
        is 1 ms."""
        period = 10_000 if not share or share >= 0.1 else 20_000
        (self.cpu / "cpu.cfs_quota_us").write_text("-1")
        (self.cpu / "cpu.cfs_period_us").write_text(str(period))
        if share:
            (self.cpu / "cpu.cfs_quota_us").write_text(str(int(period * share)))

    def enter(self):
        """The words of a shell that puts itself, and so what it becomes, into the groups."""
        return " && ".join(f"echo $$ > {path}/cgroup.procs" for path in (self.memory, self.cpu))

    def used(self):
        """Bytes that the kernel could not drop at once: the working set."""
        stat = dict(line.split() for line in (self.memory / "memory.stat").read_text().splitlines())
        return int((self.memory / "memory.usage_in_bytes").read_text()) - int(stat["total_inactive_file"])

    def kills(self):
        for line in (self.memory / "memory.oom_control").read_text().splitlines():
            if line.startswith("oom_kill "):
                return int(line.split()[1])
        return 0

    def remove(self):
        for path in (self.memory, self.cpu):
            for _ in range(100):
                with contextlib.suppress(OSError):
                    path.rmdir()
                    break
                time.sleep(0.05)


class Namespace:
    """A network of its own for one server, joined by a virtual cable that can swallow everything."""

    made = 0

    def __init__(self):
        # Each its own names and addresses: a namespace lives on for as long as the kernel remembers its connections.
        Namespace.made += 1
        number = Namespace.made
        self.name = f"bookend-{os.getpid()}-{number}"
        self.cable = f"bk{os.getpid() % 10000}n{number}"
        self.inside = self.cable + "i"
        self.outside, self.address = f"10.213.{number}.1", f"10.213.{number}.2"
        run("ip", "netns", "add", self.name)
        run("ip", "link", "add", self.cable, "type", "veth", "peer", "name", self.inside, "netns", self.name)
        run("ip", "addr", "add", f"{self.outside}/30", "dev", self.cable)
        run("ip", "link", "set", self.cable, "up")
        for command in (["addr", "add", f"{self.address}/30", "dev", self.inside], ["link", "set", self.inside, "up"],
                        ["link", "set", "lo", "up"]):
            run("ip", "-n", self.name, *command)

    def swallow(self):
        """Packets in both directions go to a hardware address that nobody has: silence, and no error."""
        nobody = "02:00:00:00:00:01"
        run("ip", "neigh", "replace", self.address, "lladdr", nobody, "dev", self.cable, "nud", "permanent")
        run("ip", "-n", self.name, "neigh", "replace", self.outside, "lladdr", nobody, "dev", self.inside, "nud", "permanent")

    def remove(self):
        run("ip", "link", "del", self.cable)
        run("ip", "netns", "del", self.name)


class Server:
    def __init__(self, bench, name, data, fault=None, limit=None, namespace=None, share=None):
        self.bench, self.name, self.data, self.fault = bench, name, data, fault
        self.namespace = namespace
        #: Of a core; None for all there is.
        self.share = share
        self.retired = False
        #: The command that Bookend is told to clean it up with.
        self.hook = None
        self.group = Group(f"{bench.folder.name}-{name}", limit) if limit else None
        if share:
            self.group.cores(share)
        self.host = namespace.address if namespace else "127.0.0.1"
        self.port = free_port()
        self.start()
        self.answers()

    def start(self):
        command = [bookty, "serve", "--bind", f"{self.host}:{self.port}", "--name", self.name, "--data", self.data]
        if self.fault:
            command += ["--fault", self.fault, "--fault-off"]
        if self.namespace:
            command = ["ip", "netns", "exec", self.namespace.name, *command]
        if self.group:
            command = ["sh", "-c", f'{self.group.enter()} && exec "$@"', "sh", *command]
        # Those with a share are on one core, so that what slows it slows all of them alike.
        self.program = self.bench.start(f"{self.name}-{time.monotonic_ns()}", command, "0" if self.share else "0-1")

    def answers(self, limit=20):
        end = time.monotonic() + limit
        while time.monotonic() < end:
            with contextlib.suppress(OSError):
                if urllib.request.urlopen(f"http://{self.address}/healthz", timeout=1).status == 200:
                    return
            time.sleep(0.02)
        raise SystemExit(f"{self.name} does not answer:\n{self.program.log.read_text()[-1000:]}")

    @property
    def address(self):
        return f"{self.host}:{self.port}"

    def signal(self, number):
        # Only while it has not ended: its number may be another's afterwards.
        if self.program.process.poll() is None:
            os.kill(self.program.process.pid, number)

    def kill(self):
        self.signal(signal.SIGKILL)
        self.program.process.wait(5)

    def remove(self):
        self.signal(signal.SIGCONT)
        self.kill()
        if self.group:
            self.group.remove()

    def retire(self):
        """Kills it for good."""
        self.retired = True
        self.kill()

    def flood(self, path, count):
        """So many requests at once, past the proxy; nobody reads the answers."""
        sockets = []
        for _ in range(count):
            one = socket.create_connection((self.host, self.port), 5)
            one.sendall(f"GET {path} HTTP/1.1\r\nHost: bookty.example\r\n\r\n".encode())
            sockets.append(one)
        return sockets

    def unbound(self):
        """From now on as on a machine of its own."""
        self.share = None
        self.group.cores(None)
        for task in os.listdir(f"/proc/{self.program.process.pid}/task"):
            os.sched_setaffinity(int(task), range(os.cpu_count()))

    def supervise(self, over, cold):
        """Starts it again as soon as it ended, with a quarter of a core for its first `cold` seconds, until `over`."""
        warm = None
        while not over.wait(0.01):
            if self.program.process.poll() is not None and not self.retired:
                if cold:
                    self.group.cores(0.25)
                self.start()
                warm = time.monotonic() + cold
            elif warm and time.monotonic() > warm:
                self.group.cores(self.share)
                warm = None

    def busy(self, path, workers, seconds):
        """When answers came, past the proxy, while it was never idle and never crowded: for each of so many clients that ask again
        as soon as they have their answer, after two seconds of warming up."""
        end = time.monotonic() + 2 + seconds

        def ask(_):
            asker, answers = Asker(self, path), []
            while time.monotonic() < end:
                answers.append(asker.answer())
            return [one for one in answers if one > end - seconds]

        with concurrent.futures.ThreadPoolExecutor(workers) as pool:
            return list(pool.map(ask, range(workers)))


class Asker:
    """One client that keeps its connection, as proxies do: a new one for each answer would cost the server a seventh of what it can do."""

    def __init__(self, server, path):
        self.connection = http.client.HTTPConnection(server.host, server.port, timeout=20)
        self.path = path

    def answer(self):
        """Asks and waits; gives when the answer came."""
        try:
            self.connection.request("GET", self.path)
            response = self.connection.getresponse()
            response.read()
        except (OSError, http.client.HTTPException):
            self.connection.close()
            raise
        if response.status != 200:
            raise OSError(f"{self.path}: status {response.status}")
        return time.monotonic()


class Fleet:
    """web-01 and web-02 on one data file."""

    def __init__(self, bench):
        self.bench = bench
        self.data = bench.folder / "bookty.sqlite"
        self.namespaces = []
        self.servers = []

    def start(self, fault=None, limit=None, namespaces=False, cores=None, count=2, held=None, slow_start=None, limiter=True, state=None, logs=None, pager=None):
        """What proxies are told, if anything: `held` is how many requests a server may have at a time, `slow_start` in which time
        one that is back gets its whole share, `limiter` whether Bookend is to find out how many a server may have, `state` and `logs` the
        folders for what lasts and for its access log, `pager` the URL that is told of alarms."""
        self.held, self.slow_start, self.limiter = held, slow_start, limiter
        self.state, self.logs, self.pager = state, logs, pager
        for number in range(1, count + 1):
            if namespaces:
                self.namespaces.append(Namespace())
            self.servers.append(Server(
                self.bench, f"web-0{number}", self.data, fault, limit,
                self.namespaces[-1] if namespaces else None, cores))

    def remove(self):
        for server in self.servers:
            server.remove()
        for namespace in self.namespaces:
            namespace.remove()

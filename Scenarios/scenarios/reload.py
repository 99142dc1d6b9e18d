"""The configuration changes under load, a thousand times, and nobody notices.

The servers are a few lines of their own here, not Bookty: one end of a tunnel and of a download that lasts as long as the run."""
import asyncio
import contextlib
import http.client
import json
import multiprocessing
import os
import pathlib
import random
import socket
import time

from bench.processes import Bench, free_port

from . import configurations
from .failover import Figure

#: Reloads of a run, and after how many of them memory is looked at first.
RELOADS = 1_000
EARLY = 100
#: Seconds in which several operators do what they like.
SPAN = 40
#: Connections that ask one request after another, and as many that make a new one for each.
CLIENTS = 4
#: Addresses of each server, so that there are more than three to add and remove.
HOSTS = ["127.0.0.1", "127.0.0.2", "127.0.0.3", "127.0.0.4"]
#: Seconds between two pieces of the download.
TICK = 0.05


# Servers

async def exchange(reader, writer, name):
    """Requests of one connection, one after another."""
    while head := await request(reader):
        path = head.split(b" ", 2)[1].decode()
        if path == "/tunnel":
            writer.write(b"HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n")
            while data := await reader.read(4096):
                writer.write(data)
            return
        if path == "/download":
            writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
            for number in range(1 << 30):
                line = b"%d\n" % number
                writer.write(b"%x\r\n%s\r\n" % (len(line), line))
                await writer.drain()
                await asyncio.sleep(TICK)
        body = name.encode()
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body))
        await writer.drain()


async def request(reader):
    with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
        return await reader.readuntil(b"\r\n\r\n")


def serve(name, port):
    async def answer(reader, writer):
        with contextlib.suppress(ConnectionError):
            await exchange(reader, writer, name)
        writer.close()

    async def run():
        server = await asyncio.start_server(answer, HOSTS, port)
        async with server:
            await server.serve_forever()

    asyncio.run(run())


class Servers:
    def __init__(self, count):
        self.ports = [free_port() for _ in range(count)]
        self.processes = [
            multiprocessing.Process(target=serve, args=(f"web-0{number + 1}", port), daemon=True)
            for number, port in enumerate(self.ports)]
        for process in self.processes:
            process.start()

    def end(self):
        for process in self.processes:
            process.terminate()
            process.join(5)


# The configuration

def configuration(folder, port, extra, servers, step):
    """Each step differs from the one before in one of: weights, servers, routes, a listener, a pool and its settings."""
    kinds = [(step + 4 - kind) // 5 for kind in range(5)]
    weight, third, route, listener, pool = kinds
    lines = [f"      web-01: {{ address: 127.0.0.1:{servers[0]}, weight: {1 + weight % 3} }}", f"      web-02: 127.0.0.1:{servers[1]}"]
    if third % 2:
        lines.append(f"      web-03: 127.0.0.1:{servers[2]}")
    routes = ["      - { path: /tunnel, pool: steady }"]
    if route % 2:
        routes.append(f"      - {{ path: /r{route}, pool: steady }}")
    second = ""
    if pool % 3:
        routes.append("      - { path: /second, pool: second }")
        second = f"""  second:
    health: {{ every: 100ms }}
    timeouts: {{ response: {30 + pool}s }}
    servers:
      other: 127.0.0.1:{servers[1]}
"""
    more = f"  - {{ bind: 127.0.0.1:{extra}, pool: main }}\n" if listener % 2 else ""
    return f"""state: {folder}/state
workers: 2
admin: {{ socket: {folder}/admin.sock }}
listeners:
  - bind: 127.0.0.1:{port}
    routes:
{os.linesep.join(routes)}
      - {{ pool: main }}
{more}pools:
  steady:
    servers: {{ web-01: 127.0.0.1:{servers[0]} }}
  main:
    health: {{ every: 100ms }}
    slow-start: 1s
    servers:
{os.linesep.join(lines)}
{second}"""


class Admin(http.client.HTTPConnection):
    """One request to the admin socket."""

    def __init__(self, path):
        super().__init__("bookend", timeout=30)
        self.path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(30)
        self.sock.connect(str(self.path))

    @staticmethod
    def ask(path, method, target, body=None):
        connection = Admin(path)
        try:
            connection.request(method, target, json.dumps(body) if body else None)
            answer = connection.getresponse()
            return answer.status, json.loads(answer.read())
        finally:
            connection.close()


# Clients

class Crowd:
    """Everybody who asks while the reloads go on."""

    def __init__(self, port):
        self.port = port
        self.answered = 0
        self.failed = []
        self.isOver = False

    def note(self, status, what):
        if status == 200:
            self.answered += 1
        else:
            self.failed.append(what)

    async def ask(self, reader, writer, path, close=False):
        writer.write(f"GET {path} HTTP/1.1\r\nHost: a\r\n{'Connection: close' + chr(13) + chr(10) if close else ''}\r\n".encode())
        head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 20)
        length = next(int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length"))
        await asyncio.wait_for(reader.readexactly(length), 20)
        return int(head[9:12])

    async def keep_asking(self, isFresh, number):
        reader = writer = None
        count = 0
        while not self.isOver:
            try:
                if writer is None or isFresh:
                    if writer:
                        writer.close()
                    reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
                count += 1
                path = "/second" if count % 5 == 0 else f"/r{count % 7}" if count % 5 == 1 else "/"
                self.note(await self.ask(reader, writer, path, isFresh), f"{path} was answered wrongly")
            except (OSError, asyncio.IncompleteReadError, asyncio.TimeoutError) as error:
                self.note(0, f"client {number}: {error!r} after {count} requests")
                writer = None
            await asyncio.sleep(0.005)

    async def tunnel(self):
        """Gives how often something was said and came back."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        writer.write(b"GET /tunnel HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n")
        head = await reader.readuntil(b"\r\n\r\n")
        echoes = 0
        while not self.isOver and head.startswith(b"HTTP/1.1 101"):
            word = b"%d\n" % echoes
            writer.write(word)
            with contextlib.suppress(asyncio.TimeoutError):
                if await asyncio.wait_for(reader.readline(), 5) == word:
                    echoes += 1
                    await asyncio.sleep(TICK)
                    continue
            return -1
        return echoes

    async def download(self):
        """Gives how many pieces came, in order and without an end; -1 when one was missing."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        writer.write(b"GET /download HTTP/1.1\r\nHost: a\r\n\r\n")
        await reader.readuntil(b"\r\n\r\n")
        pieces = 0
        while not self.isOver:
            try:
                size = int(await asyncio.wait_for(reader.readline(), 5), 16)
                piece = await asyncio.wait_for(reader.readexactly(size + 2), 5)
            except (ValueError, asyncio.IncompleteReadError, asyncio.TimeoutError):
                return -1
            for line in piece[:-2].split():
                if int(line) != pieces:
                    return -1
                pieces += 1
        return pieces


# The run

def facts(status):
    """Resident KiB and open descriptors of the worker process."""
    process = pathlib.Path(f"/proc/{status['process']}")
    resident = next(int(line.split()[1]) for line in (process / "status").read_text().splitlines() if line.startswith("VmRSS"))
    return resident, len(list((process / "fd").iterdir()))


async def reloads(folder, write, crowd):
    """Reloads until there were enough; gives the slowest in seconds, and what was refused, early and late facts."""
    admin, slowest, refused, early = folder / "admin.sock", 0.0, [], None
    for step in range(1, RELOADS + 1):
        write(step)
        began = time.monotonic()
        status, answer = await asyncio.to_thread(Admin.ask, admin, "POST", "/v1/reload")
        slowest = max(slowest, time.monotonic() - began)
        if status != 200 or not answer["changed"]:
            refused.append(f"reload {step}: {answer}")
        if step == min(EARLY, RELOADS // 2):
            await asyncio.sleep(1)
            early = facts((await asyncio.to_thread(Admin.ask, admin, "GET", "/v1/status"))[1])
        await asyncio.sleep(0.01)
    await asyncio.sleep(1)
    late = facts((await asyncio.to_thread(Admin.ask, admin, "GET", "/v1/status"))[1])
    return slowest, refused, early, late


async def operate(folder, write, refused, kinds, end, number):
    """One of several who change whatever they like, and do not know of each other."""
    chance, admin = random.Random(number), folder / "admin.sock"
    while time.monotonic() < end:
        kind, name = chance.randrange(7), f"/v1/servers/main%2Fx{chance.randrange(3)}"
        by = {"by": f"operator {number}", "why": "a test"}
        if kind < 2:
            write(chance.randrange(1000))
            asked = "POST", "/v1/reload"
        elif kind == 2:
            address = f"{chance.choice(HOSTS[1:])}:{operate.port}"
            asked = "POST", "/v1/servers", {"pool": "main", "name": name[-2:], "address": address, "weight": 2, **by}
        elif kind == 3:
            asked = "DELETE", name, by
        elif kind == 4:
            asked = "PATCH", f"/v1/servers/main%2Fweb-0{chance.randrange(1, 3)}", {"weight": chance.randrange(1, 9), **by}
        else:
            asked = "POST" if kind == 5 else "DELETE", name + "/lease", {"for": "3s", **by}
        status, answer = await asyncio.to_thread(Admin.ask, admin, *asked)
        kinds[kind] = kinds.get(kind, 0) + (status == 200)
        # A server that another one has removed meanwhile, or that the others cannot do without, is no fault.
        if status not in (200, 404, 409) or kind < 2 and status != 200:
            refused.append(f"{asked}: {answer}")
        await asyncio.sleep(0.03 * chance.random())


async def play(folder, port, changes):
    """`changes` goes on beside everybody who asks; gives what it gives."""
    crowd = Crowd(port)
    clients = [asyncio.ensure_future(crowd.keep_asking(isFresh, number)) for number in range(CLIENTS) for isFresh in (False, True)]
    tunnel, download = asyncio.ensure_future(crowd.tunnel()), asyncio.ensure_future(crowd.download())
    await asyncio.sleep(0.5)
    began = time.monotonic()
    seen = await changes(crowd)
    least = (time.monotonic() - began) / TICK / 20
    crowd.isOver = True
    await asyncio.gather(*clients)
    return [
        Figure("requests answered", crowd.answered, None),
        Figure("requests failed", len(crowd.failed), 0),
        Figure("the tunnel was cut", int(await tunnel < least), 0),
        Figure("the download was cut", int(await download < least), 0),
    ], crowd.failed, seen


@contextlib.contextmanager
def stage(proxy):
    """Three servers and Bookend: its folder and port, and what writes the file anew."""
    with Bench() as bench:
        servers = Servers(3)
        try:
            port, extra = free_port(), free_port()
            file = bench.folder / "bookend.yaml"
            operate.port = servers.ports[2]

            def write(step):
                fresh = bench.folder / f"fresh-{step}"
                fresh.write_text(configuration(bench.folder, port, extra, servers.ports, step))
                fresh.rename(file)

            write(0)
            program = bench.start(proxy, [configurations.bookend_binary, "run", file], "0-1")
            program.listens(port)
            time.sleep(1)
            yield bench.folder, port, write, program
        finally:
            servers.end()


def promises(program, refused, failed):
    for line in (failed + refused)[:10]:
        print(line, flush=True)
    return [
        Figure("changes refused that may not be", len(refused), 0),
        Figure("worker processes that died", program.log.read_text(errors="replace").count("worker process"), 0),
    ]


def thousand(proxy):
    """Reloads one after another; `proxy` is Bookend."""
    with stage(proxy) as (folder, port, write, program):
        figures, failed, seen = asyncio.run(play(folder, port, lambda crowd: reloads(folder, write, crowd)))
        slowest, refused, early, late = seen
        first = min(EARLY, RELOADS // 2)
        return [
            Figure("reloads", RELOADS, None), *figures, *promises(program, refused, failed),
            Figure("slowest reload", 1e3 * slowest, 1_000, "ms"),
            Figure(f"memory of the worker process, more than after {first} reloads", max(0, late[0] - early[0]) / 1024, 1, "MiB"),
            Figure("open descriptors, more than then", max(0, late[1] - early[1]), 8),
        ]


def at_once(proxy):
    """Four operators reload, add, remove, weigh, drain and restore for forty seconds."""
    with stage(proxy) as (folder, port, write, program):
        refused, kinds = [], {}

        async def changes(crowd):
            end = time.monotonic() + SPAN
            await asyncio.gather(*[operate(folder, write, refused, kinds, end, number) for number in range(4)])

        figures, failed, _ = asyncio.run(play(folder, port, changes))
        names = ["reloads", "servers added", "servers removed", "weights changed", "drains", "restores"]
        done = [kinds.get(0, 0) + kinds.get(1, 0), *(kinds.get(kind, 0) for kind in range(2, 7))]
        return [*map(lambda name, count: Figure(name, count, None), names, done), *figures, *promises(program, refused, failed)]

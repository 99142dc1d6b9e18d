"""Clients: wrk at full speed, `bookend load` at a rate, and connections that are held."""
import contextlib
import json
import re
import selectors
import socket
import subprocess

from . import peers

UNITS = {"us": 1, "ms": 1e3, "s": 1e6, "m": 60e6}

#: How wrk's requests differ from a plain GET, as its Lua sees it.
SCRIPTS = {
    "upload": 'wrk.method = "POST"; wrk.body = string.rep("b", 65536)',
    "close": 'wrk.headers["Connection"] = "close"',
    "fields": 'for i = 1, 30 do wrk.headers["X-Field-" .. i] = "a value of usual length " .. i end',
    "pipeline": """
        init = function() local one = wrk.format(); local all = {}
          for i = 1, 16 do all[i] = one end; batch = table.concat(all) end
        request = function() return batch end""",
}


def full_speed(bench, port, path, seconds, cores, connections=32, script=None, refused=False):
    """Keeps every connection busy; gives requests and, from wrk's histogram, latencies in µs. All answers have to be good, or
    with `refused` errors."""
    command = ["taskset", "--cpu-list", cores, "wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--latency"]
    if script:
        file = bench.folder / f"{script}.lua"
        file.write_text(SCRIPTS[script])
        command += ["-s", file]
    answer = subprocess.run([*command, f"http://127.0.0.1:{port}/{path}"], capture_output=True, text=True,
                            timeout=seconds + 30).stdout
    found = re.search(r"(\d+) requests in ([\d.]+)(us|ms|s|m)", answer)
    if not found or ("Non-2xx" in answer) != refused or int(found[1]) == 0:
        raise SystemExit(f"the run on port {port} went wrong:\n{answer}")
    if errors := re.search(r"Socket errors: .*", answer):
        if re.search(r"[a-z] [1-9]", errors[0]) and script != "close":
            raise SystemExit(f"the run on port {port} lost connections: {errors[0]}")
    latency = {share: float(value) * UNITS[unit] for share, value, unit in
               re.findall(r"(50|99)%\s+([\d.]+)(us|ms|s)", answer)}
    requests = int(found[1])
    return {"requests": requests, "rate": requests / (float(found[2]) * UNITS[found[3]] / 1e6),
            "p50": latency.get("50"), "p99": latency.get("99")}


def at_rate(port, path, rate, seconds, cores):
    """Requests due at fixed times; latency in µs from the time each was due. A second of growing rate comes first, so that
    connections are made before the rate is reached."""
    answer = subprocess.run(
        ["taskset", "--cpu-list", cores, peers.binary, "load", f"http://127.0.0.1:{port}/{path}", "--schedule",
         f"1s@{max(1, rate // 10)}-{rate},{seconds}s@{rate}", "--connections", "128", "--quiet", "--json"],
        capture_output=True, text=True, timeout=seconds + 60)
    return json.loads(answer.stdout)


class Held:
    """Client connections that stay open, from several addresses so that ports suffice."""

    def __init__(self, port):
        self.port = port
        self.sockets = []

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for one in self.sockets:
            one.close()

    def add(self, count, bytes_to_send, answered):
        """Opens `count` more; waits for an answer on each if there is to be one."""
        for _ in range(count):
            one = socket.socket()
            one.settimeout(30)
            one.bind((f"127.0.0.{2 + len(self.sockets) // 4000}", 0))
            one.connect(("127.0.0.1", self.port))
            one.sendall(bytes_to_send)
            if answered and not one.recv(65536).startswith(b"HTTP/1.1 200"):
                raise SystemExit(f"a held connection on port {self.port} was refused")
            self.sockets.append(one)

    def still_open(self):
        """How many the proxy has not closed."""
        with selectors.PollSelector() as selector:
            for one in self.sockets:
                selector.register(one, selectors.EVENT_READ)
            closed = 0
            for key, _ in selector.select(0):
                with contextlib.suppress(OSError):
                    if key.fileobj.recv(1, socket.MSG_PEEK):
                        continue
                closed += 1
        return len(self.sockets) - closed

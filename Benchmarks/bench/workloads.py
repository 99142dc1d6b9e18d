"""What is measured, one function a kind: each gives a list of rows, one a proxy, repetition and setting."""
import pathlib
import subprocess
import time

from . import origin, peers
from .clients import Held, at_rate, full_speed

PROXY, REST = "0", "1"

#: Full speed: name -> path, script of the client.
SPEED = {
    "small GET": ("small", None),
    "1 KiB response": ("1k", None),
    "64 KiB response": ("64k", None),
    "1 MiB response": ("1m", None),
    "64 KiB upload": ("upload", "upload"),
    "new connection per request": ("small", "close"),
    "16 requests pipelined": ("small", "pipeline"),
    "30 more fields": ("small", "fields"),
}
SHARES = (30, 50, 70, 90)


def measured(bench, program, port, path, script, seconds, client_cores=REST, refused=False):
    before = program.cpu()
    row = full_speed(bench, port, path, seconds, client_cores, script=script, refused=refused)
    after = program.cpu()
    row["cpu"] = (after[0] - before[0]) / row["requests"]
    ticks = max(1, after[1] + after[2] - before[1] - before[2])
    row["user"] = row["cpu"] * (after[1] - before[1]) / ticks
    row["kernel"] = row["cpu"] - row["user"]
    return row


def speed(bench, names, workloads, repetitions, seconds, workers=1, log=False):
    """Closed loop: CPU per request and requests per second. Every proxy runs all the time, idle while it is not its turn."""
    everywhere = f"{PROXY},{REST}" if workers > 1 else None
    port = origin.start(bench, everywhere or REST)
    running = {name: peers.start(bench, name, port, everywhere or PROXY, workers, log) for name in names}
    rows = []
    for workload in workloads:
        path, script = SPEED[workload]
        for program, proxy in running.values():
            full_speed(bench, proxy, path, 1, everywhere or REST, script=script)
        for repetition in range(repetitions):
            for name, (program, proxy) in running.items():
                row = measured(bench, program, proxy, path, script, seconds, everywhere or REST)
                rows.append({"workload": workload, "peer": name, "repetition": repetition, **row})
        print(f"  {workload}: " + ", ".join(
            f"{name} {sorted(r['cpu'] for r in rows if (r['workload'], r['peer']) == (workload, name))[repetitions // 2]:.1f} us"
            for name in names), flush=True)
    for program, _ in running.values():
        bench.end(program)
    return rows


def latency(bench, names, repetitions, seconds):
    """Open loop at shares of each proxy's own capacity, and all at the same 70 % of Bookend's (target P3)."""
    port = origin.start(bench, REST)
    running = {name: peers.start(bench, name, port, PROXY) for name in names}
    capacity = {name: full_speed(bench, proxy, "small", 3, REST)["rate"] for name, (_, proxy) in running.items()}
    rows = []
    for share in SHARES:
        for repetition in range(repetitions):
            for name, (_, proxy) in running.items():
                rates = {"own": capacity[name] * share / 100}
                if share == 70:
                    rates["same"] = capacity["bookend"] * share / 100
                for kind, rate in rates.items():
                    figures = at_rate(proxy, "small", int(rate), seconds, REST)
                    rows.append({"share": share, "of": kind, "peer": name, "repetition": repetition, "rate": int(rate),
                                 **summary(figures)})
        print(f"  latency at {share} %", flush=True)
    for program, _ in running.values():
        bench.end(program)
    return rows


def summary(figures):
    latency = figures["latency_ms"]
    return {**{key: latency[key] * 1000 if key in latency else None for key in ("p50", "p99", "p999")},
            "errors": figures["errors"], "late": figures.get("late_sends")}


def inside(repetitions):
    """What needs no peers, in ns by wall time: picks, and requests through one and two workers without a kernel."""
    program = pathlib.Path(peers.binary).with_name("budget")
    rows = []
    for repetition in range(repetitions):
        for task, count in (("pick-32", 2_000_000), ("pick-1000", 1_000_000), ("forward", 400_000),
                            ("forward-2-threads", 400_000)):
            answer = subprocess.run([program, task, str(count)], capture_output=True, text=True, timeout=120, check=True)
            rows.append({"task": task, "repetition": repetition, "ns": float(answer.stdout.split()[0]) * 1e9})
    return rows


def refuse(bench, repetitions, seconds):
    """Answers of Bookend's own, as shedding gives them: no route matches, no server is asked."""
    port = origin.start(bench, REST)
    program, proxy = peers.start(bench, "bookend", port, PROXY, route="/nowhere/")
    rows = []
    full_speed(bench, proxy, "small", 1, REST, refused=True)
    before = program.memory()["pss"]
    for repetition in range(repetitions):
        row = measured(bench, program, proxy, "small", None, seconds, refused=True)
        rows.append({"repetition": repetition, **row, "growth": program.memory()["pss"] - before})
    bench.end(program)
    return rows


GET = b"GET /small HTTP/1.1\r\nHost: bookty.example\r\n\r\n"


def memory(bench, names):
    """Bytes: at start, per idle keep-alive connection between 500 and 5,000, and the peak after full speed with all sizes."""
    port = origin.start(bench, REST)
    rows = []
    for name in names:
        program, proxy = peers.start(bench, name, port, PROXY)
        row = {"peer": name}
        with Held(proxy) as held:
            held.add(1, GET, answered=True)
            time.sleep(1)
            at_start = program.memory()
            row |= {"start_pss": at_start["pss"], "start_private": at_start["private"]}
            held.add(499, GET, answered=True)
            time.sleep(1)
            few = program.memory()["pss"]
            held.add(4500, GET, answered=True)
            time.sleep(1)
            row["idle_connection"] = (program.memory()["pss"] - few) / 4500
        for path in ("small", "64k", "1m"):
            full_speed(bench, proxy, path, 2, REST)
        row["peak"] = program.memory()["peak"]
        bench.end(program)
        rows.append(row)
        print(f"  memory of {name}: {row['idle_connection']:.0f} bytes for an idle connection", flush=True)
    return rows


#: A third each: a head that never ends, a body that never comes, an answer that nobody reads.
SLOW = (
    (b"GET /small HTTP/1.1\r\nHost: bookty.example\r\nX-Slow:", "heads"),
    (b"POST /upload HTTP/1.1\r\nHost: bookty.example\r\nContent-Length: 65536\r\n\r\nb", "bodies"),
    (b"GET /1m HTTP/1.1\r\nHost: bookty.example\r\n\r\n", "readers"),
)


def settle(program, limit=60):
    """Waits until the program does next to nothing: less than 5 % of a core for a second."""
    end, before = time.monotonic() + limit, program.cpu()[0]
    while time.monotonic() < end:
        time.sleep(1)
        now = program.cpu()[0]
        if now - before < 50_000:
            return
        before = now


def slow_clients(bench, names, count, seconds):
    """Normal traffic at 2,000/s alone and beside slow clients; how many of those were kept, and the memory they took."""
    port = origin.start(bench, REST)
    rows = []
    for name in names:
        program, proxy = peers.start(bench, name, port, PROXY)
        at_rate(proxy, "small", 2000, 1, REST)
        alone = summary(at_rate(proxy, "small", 2000, seconds, REST))
        row = {"peer": name, "alone_p99": alone["p99"], "before": program.memory()["pss"]}
        with Held(proxy) as held:
            try:
                for request, _ in SLOW:
                    held.add(count // 3, request, answered=False)
                settle(program)
                beside = summary(at_rate(proxy, "small", 2000, seconds, REST))
                row |= {"beside_p99": beside["p99"], "errors": beside["errors"]}
            except OSError as error:
                row |= {"beside_p99": None, "errors": str(error)}
            row |= {"held": len(held.sockets), "still_open": held.still_open(), "after": program.memory()["pss"]}
        bench.end(program)
        rows.append(row)
        print(f"  {row['held']} slow clients at {name}", flush=True)
    return rows

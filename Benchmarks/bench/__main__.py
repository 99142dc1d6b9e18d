"""make bench: runs everything and writes Benchmarks/RESULTS.md, results.json, cpu.svg and latency.svg."""
import argparse
import datetime
import json
import os
import pathlib
import platform
import shutil

from . import peers, plots, report, workloads
from .processes import Bench

HERE = pathlib.Path(__file__).resolve().parent.parent
PARTS = ("speed", "logged", "everywhere", "latency", "memory", "slow", "refuse", "inside")


def options():
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("--bookend", default=str(HERE.parent / ".build/release/bookend"), help="the program to measure")
    parser.add_argument("--only", help=f"parts, with commas between: {', '.join(PARTS)}")
    parser.add_argument("--peers", default=",".join(peers.ALL), help="with commas between")
    parser.add_argument("--repetitions", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=3, help="of each measurement")
    parser.add_argument("--quick", action="store_true", help="one repetition of a second: to try the bench, not Bookend")
    parser.add_argument("--from", dest="earlier", type=pathlib.Path, help="make the report anew from a results.json")
    parser.add_argument("--out", type=pathlib.Path, default=HERE)
    found = parser.parse_args()
    if found.quick:
        found.repetitions, found.seconds = 1, 1
    return found


def machine(versions):
    lines = pathlib.Path("/proc/cpuinfo").read_text().splitlines()
    model = next((line.split(": ")[1] for line in lines if line.startswith("model name")), platform.machine())
    congestion = pathlib.Path("/proc/sys/net/ipv4/tcp_congestion_control").read_text().strip()
    return {"date": datetime.date.today().isoformat(), "machine": f"{model}, {os.cpu_count()} cores",
            "kernel": f"{platform.release()}, TCP {congestion}", **versions}


def main():
    chosen = options()
    if chosen.earlier:
        results = json.loads(chosen.earlier.read_text())
        facts = results.pop("facts")
        names = list(dict.fromkeys(row["peer"] for part in results.values() for row in part if "peer" in row))
        return write(results, names, facts, chosen.out)
    peers.binary = shutil.which(chosen.bookend)
    if not peers.binary:
        raise SystemExit(f"there is no program {chosen.bookend}: run `make build` first, or name one with --bookend")
    if os.cpu_count() < 2:
        raise SystemExit("two cores are needed: one for the proxy, one for the client and the origin")
    versions = peers.versions()
    for name in [name for name, version in versions.items() if version is None]:
        print(f"{name} is not installed and is left out")
    names = [name for name in chosen.peers.split(",") if versions.get(name)]
    wanted = chosen.only.split(",") if chosen.only else PARTS
    often, long = chosen.repetitions, chosen.seconds
    slow = min(10_000, peers.CONNECTIONS - 600)
    run = {
        "speed": lambda b: workloads.speed(b, names, workloads.SPEED, often, long),
        "logged": lambda b: workloads.speed(b, names, ["small GET"], often, long, log=True),
        "everywhere": lambda b: workloads.speed(b, names, ["small GET", "64 KiB response"], often, long, workers=2),
        "latency": lambda b: workloads.latency(b, names, often, long),
        "memory": lambda b: workloads.memory(b, names),
        "refuse": lambda b: workloads.refuse(b, often, long),
        "inside": lambda _: workloads.inside(often),
        "slow": lambda b: workloads.slow_clients(b, names, slow, 2 * long),
    }
    results = {}
    for part in wanted:
        print(part, flush=True)
        with Bench() as bench:
            results[part] = run[part](bench)
    write(results, names, machine(versions), chosen.out)


def write(results, names, facts, folder):
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "results.json").write_text(json.dumps({"facts": facts, **results}, indent=1) + "\n")
    if "speed" in results:
        plots.cpu(results["speed"], names, folder / "cpu.svg")
    if "latency" in results:
        plots.latency(results["latency"], names, folder / "latency.svg")
    text = report.markdown(results, names, facts)
    (folder / "RESULTS.md").write_text(text)
    print("\n" + text)


main()

"""make scenarios: real servers break in front of real proxies; what must hold, and what was seen."""
import argparse
import concurrent.futures
import datetime
import json
import os
import pathlib
import shutil
import statistics
import sys

from . import failover, fleet, overload, proxies

HERE = pathlib.Path(__file__).resolve().parent.parent

ALL = ("bookend", "haproxy", "nginx", "control")
#: HAProxy is also given what nobody tells the others: how many requests a server can hold.
LIMITED = ("bookend", "haproxy", "haproxy maxconn", "nginx", "control")
OURS = ("bookend", "control")
#: Name, what happens, the scenario, how many runs of it may go on at a time, and in front of it.
FAILOVER = [
    ("T7", "kill -9 of one of two, 1,000 requests/s, a tenth of them POST", failover.t7, 1, ALL),
    ("T8", "SIGSTOP of one of two for 3 s, 200 requests/s", failover.t8, 1, ALL),
    ("T9", "packets of one of two are swallowed, 200 requests/s", failover.t9, 1, ALL),
    ("T10", "one of two is ten times slower, 400 requests/s", failover.t10, 1, ALL),
    ("T11", "one of two answers 500 at once, its health path 200; 400 requests/s", failover.t11, 1, ALL),
    ("T14", "one of two pauses 300 ms every 5 s for 10 min, 50 requests/s", failover.t14, 20, ALL),
    ("T15", "the kernel kills one of two (128 MiB) under posters of 12 MiB each; it restarts cold", failover.t15, 1, ALL),
    ("both slow", "both become ten times slower, one gets well", failover.both("slow"), 1, OURS),
    ("both 500", "both answer 500, one gets well", failover.both("errors"), 1, OURS),
    ("both stopped", "both are stopped, then continued one by one", failover.both("stopped"), 1, OURS),
]
OVERLOAD = [
    ("T1", "the outage: web-02 is out, the load ramps to five times one server", overload.t1, 1, LIMITED),
    ("T2, T3", "three times what the server can do", overload.overload(3, 5), 1, LIMITED),
    ("T2", "ten times what the server can do", overload.overload(10, 10), 1, LIMITED),
    ("T4", "a step from half to three times the capacity", overload.t4, 1, LIMITED),
    ("T5", "clients that ask again, at three times, then 0.7 times", overload.t5, 1, LIMITED),
    ("T6", "one of two is down, three times the other's capacity, clients that ask again", overload.t6, 1, ("bookend",)),
    ("T13", "a flood past the proxy runs web-02 out of memory", overload.t13, 1, LIMITED),
]
GROUPS = {"failover": FAILOVER, "overload": OVERLOAD}


def options():
    parser = argparse.ArgumentParser(prog="scenarios", description=__doc__)
    parser.add_argument("--only", default="failover", help=f"a group ({', '.join(GROUPS)}), or names with commas between")
    parser.add_argument("--proxies", default=",".join(proxies.NAMES), help="with commas between")
    parser.add_argument("--repetitions", type=int, default=5)
    parser.add_argument("--quick", action="store_true", help="one repetition, T14 for 20 s: to try the scenarios")
    parser.add_argument("--bookend", required=True)
    parser.add_argument("--bookty", required=True)
    parser.add_argument("--out", type=pathlib.Path, default=HERE)
    return parser.parse_args()


def chosen(only):
    if only in GROUPS:
        return GROUPS[only]
    names = only.split(",")
    found = [one for group in GROUPS.values() for one in group if one[0].split(",")[0] in names]
    if len({one[0].split(",")[0] for one in found}) < len(names):
        sys.exit(f"there are: {', '.join(GROUPS)}; {', '.join(one[0] for group in GROUPS.values() for one in group)}")
    return found


def play(scenario, names, times, together):
    """Runs for each proxy. The proxies take turns, so that a neighbour on this machine disturbs all of them alike."""
    turns = [proxy for _ in range(times) for proxy in names]
    if together == 1:
        runs = [scenario(proxy) for proxy in turns]
    else:
        # Each in a process of its own: a client that waits for another client's turn measures that.
        with concurrent.futures.ProcessPoolExecutor(together) as pool:
            runs = list(pool.map(scenario, turns))
    return {name: [run for proxy, run in zip(turns, runs) if proxy == name] for name in names}


def seen(values):
    texts = [f"{value:,.0f}" if value >= 100 or value == int(value) else f"{value:.2f}" for value in
             (min(values), statistics.median(values), max(values))]
    return texts[0] if len(set(texts)) == 1 else " / ".join(texts)


def table(results):
    """`results`: by the scenario's name, what happened and the figures of each run by proxy."""
    lines = ["| target | what | limit | " + " | ".join(proxies.NAMES) + " |",
             "| --- | --- | ---: |" + " ---: |" * len(proxies.NAMES)]
    for name, result in results.items():
        lines.append(f"| **{name}** | *{result['what']}* | |" + " |" * len(proxies.NAMES))
        for number, figure in enumerate(next(iter(result["runs"].values()))[0]):
            cells = []
            for proxy in proxies.NAMES:
                column = [run[number] for run in result["runs"].get(proxy, []) if run[number].value is not None]
                holds = figure.proof or proxy == "control" or all(one.holds for one in column)
                cells.append(seen([one.value for one in column]) + ("" if holds else " ✗") if column else "")
            sign = ">" if figure.proof else "≤"
            lines.append(f"| | {figure.name} | {sign} {figure.limit:g} {figure.unit} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def verdict(results):
    """What Bookend broke, and where the control did not show that there was a fault."""
    problems = []
    for name, result in results.items():
        for run in result["runs"].get("bookend", []):
            problems += [f"{name}: {one.name}: {one.value:g} {one.unit}, at most {one.limit:g}" for one in run
                         if not one.holds and not one.proof]
        for run in result["runs"].get("control", []):
            if all(one.holds for one in run):
                problems.append(f"{name}: the control run broke nothing, so the run proves nothing")
    return problems


def keep(results, folder):
    """Puts the results beside those of scenarios that were not run now."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "results.json"
    earlier = json.loads(file.read_text()) if file.exists() else {}
    for result in earlier.values():
        result["runs"] = {proxy: [[failover.Figure(**one) for one in run] for run in runs]
                          for proxy, runs in result["runs"].items()}
    every = {**earlier, **results}
    order = [one[0] for group in GROUPS.values() for one in group]
    every = {name: every[name] for name in order if name in every}
    file.write_text(json.dumps(every, indent=1, default=vars) + "\n")
    when = "\n".join(f"- {name}: {result['date']}, {result['repetitions']} repetitions" for name, result in every.items())
    (folder / "RESULTS.md").write_text(f"""# Results

Made by `make scenarios`; how to read it: [README.md](README.md). Minimum / median / maximum; ✗ where the limit does not hold in
every repetition.

{table(every)}

{when}
""")


def main():
    wanted = options()
    proxies.bookend_binary = shutil.which(wanted.bookend)
    fleet.bookty = shutil.which(wanted.bookty)
    if not proxies.bookend_binary or not fleet.bookty:
        sys.exit("`make build bookty` first")
    if os.geteuid() != 0:
        sys.exit("network namespaces and memory groups need root")
    names = wanted.proxies.split(",")
    times = 1 if wanted.quick else wanted.repetitions
    if wanted.quick:
        failover.PAUSES_FOR = 20
    results = {}
    for name, what, scenario, together, before in chosen(wanted.only):
        runs = play(scenario, [one for one in names if one in before], times, together)
        results[name] = {
            "what": what, "date": datetime.date.today().isoformat(), "repetitions": times, "runs": runs}
        print(table({name: results[name]}), flush=True)
    keep(results, wanted.out)
    problems = verdict(results)
    if problems:
        sys.exit("\n".join(problems))
    print("all hold")


if __name__ == "__main__":
    main()

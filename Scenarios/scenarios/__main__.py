"""make scenarios: real servers break in front of real proxies; what must hold, and what was seen."""
import argparse
import concurrent.futures
import datetime
import os
import pathlib
import shutil
import sys

from . import catalogue, configurations, failover, fleet, report

HERE = pathlib.Path(__file__).resolve().parent.parent


def options():
    parser = argparse.ArgumentParser(prog="scenarios", description=__doc__)
    parser.add_argument("--only", default="failover", help=f"a group ({', '.join(catalogue.GROUPS)}), or targets with commas between")
    parser.add_argument("--proxies", default=",".join(configurations.MAKERS), help="with commas between")
    parser.add_argument("--repetitions", type=int, default=5)
    parser.add_argument("--quick", action="store_true", help="one repetition, T14 for 20 s: to try the scenarios")
    parser.add_argument("--bookend", required=True)
    parser.add_argument("--bookty", required=True)
    parser.add_argument("--out", type=pathlib.Path, default=HERE)
    return parser.parse_args()


def play(scenario, proxies, times):
    """Runs for each proxy. The proxies take turns, so that a neighbour on this machine disturbs all of them alike."""
    turns = [proxy for _ in range(times) for proxy in proxies]
    if scenario.together == 1:
        runs = [scenario.play(proxy) for proxy in turns]
    else:
        # Each in a process of its own: a client that waits for another client's turn measures that.
        with concurrent.futures.ProcessPoolExecutor(scenario.together) as pool:
            runs = list(pool.map(scenario.play, turns))
    return {name: [run for proxy, run in zip(turns, runs) if proxy == name] for name in proxies}


def main():
    wanted = options()
    configurations.bookend_binary = shutil.which(wanted.bookend)
    fleet.bookty = shutil.which(wanted.bookty)
    if not configurations.bookend_binary or not fleet.bookty:
        sys.exit("`make build bookty` first")
    if os.geteuid() != 0:
        sys.exit("network namespaces and memory groups need root")
    names = wanted.proxies.split(",")
    times = 1 if wanted.quick else wanted.repetitions
    if wanted.quick:
        failover.PAUSES_FOR = 20
    results = {}
    for scenario in catalogue.chosen(wanted.only):
        proxies = [one for one in scenario.proxies if one in names]
        result = {
            "what": scenario.what, "date": datetime.date.today().isoformat(), "repetitions": times,
            "runs": play(scenario, proxies, times)}
        results[scenario.name] = result
        print(report.table({scenario.name: result}, proxies), flush=True)
        # After each, as a group takes hours.
        report.derive(results)
        report.keep(results, wanted.out)
    problems = report.verdict(results)
    if problems:
        sys.exit("\n".join(problems))
    print("all hold")


if __name__ == "__main__":
    main()

"""make goodput: what is answered in time over what is asked for, from a tenth to ten times what a server can do."""
import argparse
import concurrent.futures
import functools
import json
import pathlib
import shutil
from statistics import median

from bench.plots import colors, pyplot, save

from . import configurations, fleet
from .catalogue import CROWDED
from .failover import run
from .overload import stage

LOADS = (0.1, 0.25, 0.5, 0.75, 1, 1.5, 2, 3, 5, 10)
#: Seconds at each load, and those of them that are not counted, because what comes in them still belongs to the load before.
STEP, SETTLING = 12, 4
#: Seconds after which a client leaves.
PATIENCE = 2
#: By title, how often a client that got no good answer asks again.
HABITS = {"clients that leave": 0, "clients that ask again, three times": 3}


def climb(again, proxy):
    """For each load, the answers within a client's patience over what the server can do."""
    with stage(proxy) as scene:
        client = scene.crowd(lambda t: LOADS[min(len(LOADS) - 1, int(t / STEP))], patience=PATIENCE, again=again)
        run(client, STEP * len(LOADS))
        return [1 - scene.missing(client, STEP * n + SETTLING, STEP * (n + 1)) / 100 for n in range(len(LOADS))]


def draw(points, file):
    """`points`: by habit and proxy, the climbs."""
    figure, pictures = pyplot.subplots(1, len(points), figsize=(12, 4.5), sharey=True)
    for axes, (title, proxies) in zip(pictures, points.items()):
        axes.plot(LOADS, [min(1, load) for load in LOADS], color="#cbd5e1", linewidth=6, label="possible", zorder=0)
        for name, color in colors(proxies).items():
            axes.plot(
                LOADS, [median(column) for column in zip(*proxies[name])], "o-", markersize=4, color=color, label=name,
                zorder=3 if name == "bookend" else 2)
        axes.set_xscale("log")
        axes.set_xticks(LOADS, [f"{load:g}" for load in LOADS])
        axes.minorticks_off()
        axes.set_title(title, fontsize=10)
        axes.set_xlabel("asked for, times what the server can do")
    pictures[0].set_ylim(bottom=0)
    pictures[0].set_ylabel("answered within 2 s, times the same")
    save(figure, pictures, file)


def main():
    parser = argparse.ArgumentParser(prog="goodput", description=__doc__)
    parser.add_argument("--proxies", default=",".join(CROWDED), help="with commas between")
    parser.add_argument("--repetitions", type=int, default=3)
    parser.add_argument("--bookend", required=True)
    parser.add_argument("--bookty", required=True)
    parser.add_argument("--out", type=pathlib.Path, required=True, help="where goodput.svg and goodput.json go")
    wanted = parser.parse_args()
    configurations.bookend_binary, fleet.bookty = shutil.which(wanted.bookend), shutil.which(wanted.bookty)
    names = wanted.proxies.split(",")
    points = {}
    with concurrent.futures.ProcessPoolExecutor(3) as pool:
        for title, again in HABITS.items():
            turns = [proxy for _ in range(wanted.repetitions) for proxy in names]
            climbs = list(pool.map(functools.partial(climb, again), turns))
            points[title] = {name: [one for proxy, one in zip(turns, climbs) if proxy == name] for name in names}
    (wanted.out / "goodput.json").write_text(json.dumps({"loads": LOADS, "climbs": points}, indent=1) + "\n")
    draw(points, wanted.out / "goodput.svg")


if __name__ == "__main__":
    main()

"""The two pictures of the results, as SVG."""
from statistics import median

import matplotlib

from .report import values

matplotlib.use("svg")
matplotlib.rcParams["svg.hashsalt"] = "bookend"  # the same figures give the same file
from matplotlib import pyplot  # noqa: E402

OURS, THEIRS = "#c2410c", ["#475569", "#0284c7", "#7c3aed", "#15803d", "#a16207", "#94a3b8"]


def colors(names):
    rest = iter(THEIRS)
    return {name: OURS if name == "bookend" else next(rest) for name in names}


def cpu(rows, names, file):
    """Median CPU per request, user below and kernel above, for the workloads that are near in size."""
    workloads = [w for w in dict.fromkeys(row["workload"] for row in rows) if w != "1 MiB response"]
    figure, axes = pyplot.subplots(figsize=(10, 4.5))
    color, width = colors(names), 0.8 / len(names)
    for index, name in enumerate(names):
        places = [place + index * width for place in range(len(workloads))]
        user = [median(values(rows, "user", workload=w, peer=name)) for w in workloads]
        kernel = [median(values(rows, "kernel", workload=w, peer=name)) for w in workloads]
        axes.bar(places, user, width * 0.9, color=color[name], label=name)
        axes.bar(places, kernel, width * 0.9, bottom=user, color=color[name], alpha=0.45)
    axes.set_xticks([place + 0.4 - width / 2 for place in range(len(workloads))],
                    [w.replace(" ", "\n", 1) for w in workloads], fontsize=8)
    axes.set_ylabel("CPU per request, µs")
    axes.set_title("CPU per request: user (strong) and kernel (pale); shorter is better", fontsize=10)
    save(figure, [axes], file)


def latency(rows, names, file):
    """Median p99 over the rate that it was measured at."""
    figure, axes = pyplot.subplots(figsize=(8, 4.5))
    for name, color in colors(names).items():
        own = sorted({row["rate"] for row in rows if row["peer"] == name})
        axes.plot(own, [median(values(rows, "p99", peer=name, rate=rate)) for rate in own], "o-", color=color, label=name)
    axes.set_yscale("log")
    axes.set_xlabel("requests per second, open loop")
    axes.set_ylabel("p99 from the intended send, µs")
    save(figure, [axes], file)


def save(figure, pictures, file):
    for axes in pictures:
        axes.spines[["top", "right"]].set_visible(False)
        axes.grid(axis="y", alpha=0.25)
    pictures[0].legend(frameon=False)
    figure.tight_layout()
    figure.savefig(file, metadata={"Date": None})
    pyplot.close(figure)

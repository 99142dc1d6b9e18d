"""Rows to tables, targets and Markdown."""
from statistics import median

#: P1 and P2 of the targets: Bookend's CPU per request over a peer's, in every repetition. 64 KiB: the best of all peers.
CPU_TARGETS = [
    ("P1", "small GET", "haproxy", 0.80), ("P1", "small GET", "nginx", 0.85), ("P1", "small GET", "envoy", 0.25),
    ("P2", "64 KiB response", "best", 0.90),
]


def values(rows, key, **match):
    return [row[key] for row in rows if all(row[k] == v for k, v in match.items()) and row.get(key) is not None]


def spread(numbers, digits=1):
    """Minimum / median / maximum."""
    if not numbers:
        return "-"
    return " / ".join(f"{n:,.{digits}f}" for n in (min(numbers), median(numbers), max(numbers)))


def table(head, rows):
    lines = [head, ["---"] + ["---:"] * (len(head) - 1), *rows]
    return "\n".join("| " + " | ".join(map(str, line)) + " |" for line in lines)


def ratios(rows, workload, peer, names):
    """Bookend over the peer, repetition by repetition: what ran next to each other is compared."""
    ours = values(rows, "cpu", workload=workload, peer="bookend")
    theirs = {name: values(rows, "cpu", workload=workload, peer=name) for name in names if name != "bookend"}
    if peer == "best":
        reference = [min(one[i] for one in theirs.values()) for i in range(len(ours))]
    else:
        reference = theirs.get(peer, [])
    return [a / b for a, b in zip(ours, reference)]


def verdict(measured, limit):
    return "holds" if measured and max(measured) <= limit else "does not hold" if measured else "not measured"


def targets(results, names):
    speed, lines = results.get("speed", []), []
    for number, workload, peer, limit in CPU_TARGETS:
        measured = ratios(speed, workload, peer, names)
        what = "the best peer" if peer == "best" else peer
        lines.append([f"{number} CPU per {workload} ÷ {what}", f"≤ {limit}", spread(measured, 2), verdict(measured, limit)])
    same = [row for row in results.get("latency", []) if row["of"] == "same"]
    if same:
        ours = values(same, "p99", peer="bookend")
        best = [min(values(same, "p99", repetition=i, peer=n)[0] for n in names if n != "bookend") for i in range(len(ours))]
        measured = [a / b for a, b in zip(ours, best)]
        lines.append(["P3 p99 at 70 % of Bookend's capacity ÷ the best peer at that rate", "≤ 1", spread(measured, 2),
                      verdict(measured, 1)])
    memory = {row["peer"]: row for row in results.get("memory", [])}
    if "bookend" in memory:
        own, nginx = memory["bookend"], memory.get("nginx")
        if nginx:
            lines.append(["P4 bytes for an idle connection, Bookend and nginx", "≤ nginx",
                          f"{own['idle_connection']:.0f} and {nginx['idle_connection']:.0f}",
                          verdict([own["idle_connection"]], nginx["idle_connection"])])
        for key, what, limit in (("start_pss", "proportional", 20), ("start_private", "private", 6)):
            lines.append([f"P5 MiB at start, {what}", f"≤ {limit}", f"{own[key] / 2**20:.1f}",
                          verdict([own[key] / 2**20], limit)])
    lines += inside(results)
    return table(["target", "limit", "seen (min / median / max)", ""], lines)


def inside(results):
    lines = []
    if rows := results.get("inside"):
        one, two = values(rows, "ns", task="forward"), values(rows, "ns", task="forward-2-threads")
        for servers, limit in ((32, 300), (1000, 1000)):
            seen = values(rows, "ns", task=f"pick-{servers}")
            lines.append([f"P7 ns for a pick among {servers} servers", f"≤ {limit}", spread(seen, 0), verdict(seen, limit)])
        # Two threads do twice the requests.
        seen = [2 * a / b for a, b in zip(one, two)]
        lines.append(["P9 work of 2 workers ÷ 1, without kernel and peers", "≥ 1.9", spread(seen, 2),
                      "holds" if min(seen) >= 1.9 else "does not hold"])
    if rows := results.get("refuse"):
        seen = values(rows, "cpu")
        lines.append(["P8 CPU µs for an answer of Bookend's own", "≤ 50", spread(seen), verdict(seen, 50)])
        seen = values(rows, "rate")
        lines.append(["P8 such answers per second on one core", "≥ 20,000", spread(seen, 0),
                      "holds" if min(seen) >= 20_000 else "does not hold"])
        seen = [row["growth"] / 2**20 for row in rows]
        lines.append(["P8 MiB of growth meanwhile", "< 10", spread(seen), verdict(seen, 9.99)])
    return lines


def speed(rows, names, key, digits):
    workloads = list(dict.fromkeys(row["workload"] for row in rows))
    return table(["", *names], [
        [workload, *(spread(values(rows, key, workload=workload, peer=name), digits) for name in names)]
        for workload in workloads])


def speed_ratios(rows, names):
    workloads = list(dict.fromkeys(row["workload"] for row in rows))
    others = [name for name in names if name != "bookend"]
    return table(["Bookend ÷", *others], [
        [workload, *(spread(ratios(rows, workload, name, names), 2) for name in others)] for workload in workloads])


def cpu_split(rows, names):
    return table(["small GET, µs", *names], [
        [key, *(f"{median(values(rows, key, workload='small GET', peer=name) or [0]):.1f}" for name in names)]
        for key in ("user", "kernel")])


def latency(rows, names):
    lines = []
    for share, of in dict.fromkeys((row["share"], row["of"]) for row in rows):
        label = f"{share} % of its own capacity" if of == "own" else f"{share} % of Bookend's"
        for key in ("p50", "p99", "p999"):
            lines.append([f"{label}: {key.replace('p999', 'p99.9')}",
                          *(spread(values(rows, key, share=share, of=of, peer=name), 0) for name in names)])
    return table(["µs", *names], lines)


def memory(rows, names):
    found = {row["peer"]: row for row in rows}
    mebi = lambda n: f"{n / 2**20:.1f}"
    return table(["", *names], [
        ["MiB at start, proportional", *(mebi(found[n]["start_pss"]) for n in names)],
        ["MiB at start, private", *(mebi(found[n]["start_private"]) for n in names)],
        ["bytes for an idle connection", *(f"{found[n]['idle_connection']:,.0f}" for n in names)],
        ["MiB at the peak, resident", *(mebi(found[n]["peak"]) for n in names)]])


def slow(rows, names):
    found = {row["peer"]: row for row in rows}
    number = lambda n: "-" if n is None else f"{n:,.0f}"
    return table(["", *names], [
        ["normal traffic alone, p99 µs", *(number(found[n]["alone_p99"]) for n in names)],
        ["beside slow clients, p99 µs", *(number(found[n]["beside_p99"]) for n in names)],
        ["normal requests that failed", *(found[n]["errors"] for n in names)],
        ["slow clients, and not closed", *(f"{found[n]['held']:,} / {found[n]['still_open']:,}" for n in names)],
        ["MiB they take", *(f"{(found[n]['after'] - found[n]['before']) / 2**20:.1f}" for n in names)]])


def markdown(results, names, facts):
    parts = ["# Results", "", "Made by `make bench`; how to read it: [README.md](README.md).", "",
             table(["", "this run"], [[key, value] for key, value in facts.items()])]
    add = lambda title, *content: parts.extend(["", f"## {title}", "", *content])
    add("Targets", "A ratio compares what ran next to each other; a target holds only if it holds in every repetition.", "",
        targets(results, names))
    if rows := results.get("speed"):
        add("CPU per request", "µs, user and kernel; one worker on one core; minimum / median / maximum.", "",
            speed(rows, names, "cpu", 1), "", speed_ratios(rows, names), "", cpu_split(rows, names), "",
            "![CPU per request](cpu.svg)")
        add("Requests per second", "The client and the origin share the other core and limit the fastest.", "",
            speed(rows, names, "rate", 0))
    if rows := results.get("logged"):
        add("With an access log", "CPU per request in µs, each line to a file.", "", speed(rows, names, "cpu", 1))
    if rows := results.get("everywhere"):
        add("Two workers on both cores", "Client and origin are on the same cores: CPU per request in µs.", "",
            speed(rows, names, "cpu", 1))
    if rows := results.get("latency"):
        add("Latency at a rate", "Open loop, from the time that a request was due.", "", latency(rows, names), "",
            "![Latency](latency.svg)")
    if rows := results.get("memory"):
        add("Memory", "All processes of a proxy together.", "", memory(rows, names))
    if rows := results.get("slow"):
        add("Slow clients", "A third send heads that never end, a third bodies that never come, a third read nothing of 1 MiB;"
            " beside them 2,000 normal requests per second.", "", slow(rows, names))
    return "\n".join(parts) + "\n"

"""What was seen beside what must hold: tables, and the results that are kept."""
import json
import statistics

from .catalogue import GROUPS
from .failover import Figure


def seen(values):
    texts = [f"{value:,.0f}" if value >= 100 or value == int(value) else f"{value:.2f}" for value in
             (min(values), statistics.median(values), max(values))]
    return texts[0] if len(set(texts)) == 1 else " / ".join(texts)


def limit(figure):
    if figure.limit is None:
        return figure.unit
    return f"{'>' if figure.proof else '≤'} {figure.limit:g} {figure.unit}".strip()


def cell(column, isControl):
    values = [one.value for one in column if one.value is not None]
    if not values:
        return ""
    holds = isControl or all(one.holds or one.proof for one in column)
    return seen(values) + ("" if holds else " ✗")


def table(results, columns):
    """`results`: by the scenario's name, what happened and the figures of each run by proxy."""
    columns = [name for name in columns if any(name in result["runs"] for result in results.values())]
    lines = ["| target | what | limit | " + " | ".join(columns) + " |", "| --- | --- | ---: |" + " ---: |" * len(columns)]
    for name, result in results.items():
        lines.append(f"| **{name}** | *{result['what']}* | |" + " |" * len(columns))
        for number, figure in enumerate(next(iter(result["runs"].values()))[0]):
            cells = [cell([run[number] for run in result["runs"].get(proxy, [])], proxy == "control") for proxy in columns]
            if any(cells):
                lines.append(f"| | {figure.name} | {limit(figure)} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def verdict(results):
    """What Bookend broke, and where the control did not show that there was a fault."""
    problems = []
    for name, result in results.items():
        for proxy, runs in result["runs"].items():
            for figure in (one for run in runs for one in run):
                if proxy.startswith("bookend") and not figure.holds and not figure.proof:
                    problems.append(f"{name}: {proxy}: {figure.name}: {figure.value:g} {figure.unit}, at most {figure.limit:g}")
        if any(all(one.holds for one in run) for run in result["runs"].get("control", [])):
            problems.append(f"{name}: a control run broke nothing, so it proves nothing")
    return problems


def derive(results):
    """Adds the scenarios that compare proxies run by run."""
    for group in GROUPS.values():
        for name, (what, source, compare) in group.derived.items():
            if source in results and {"bookend", "haproxy maxconn"} <= results[source]["runs"].keys():
                results[name] = {**results[source], "what": what, "runs": {"bookend": compare(results[source]["runs"])}}


def keep(results, folder):
    """Puts the results beside those of scenarios that were not run now."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "results.json"
    earlier = json.loads(file.read_text()) if file.exists() else {}
    for result in earlier.values():
        result["runs"] = {proxy: [[Figure(**one) for one in run] for run in runs] for proxy, runs in result["runs"].items()}
    every = {**earlier, **results}
    file.write_text(json.dumps(every, indent=1, default=vars) + "\n")
    parts = []
    for title, group in GROUPS.items():
        names = [one.name for one in group.scenarios] + list(group.derived)
        part = {name: every[name] for name in names if name in every}
        if part:
            when = "\n".join(f"- {name}: {result['date']}, {result['repetitions']} repetitions" for name, result in part.items())
            parts.append(f"## {title}\n\n{table(part, group.columns)}\n\n{when}\n")
    (folder / "RESULTS.md").write_text(f"""# Results

Made by `make scenarios`; how to read it: [README.md](README.md). Minimum / median / maximum; ✗ where the limit does not hold in
every repetition. A limit that is only a unit is told and not judged; *fault* shows that the fault was real; an empty cell was not run, or is
not known of that proxy. A negative share missing says that more was answered than was measured as the capacity. 281.6 MiB are the default of
`memory` and a tenth.

""" + "\n".join(parts))

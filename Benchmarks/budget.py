#!/usr/bin/env python3
"""What our own code costs, counted by valgrind: the same on every run of the same binary, however busy the machine is.

Every task of `budget` runs N times and 2 N times; what both runs share, start and warm-up, drops out. `forward` is a
request through a worker with its client and its server scripted in the process: no kernel is in it.

    Benchmarks/budget.py            compares with budgets.json; exit code 1 when something costs over 3 % more
    Benchmarks/budget.py --update   writes budgets.json anew
"""
import argparse
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
TASKS = {"parse": 2000, "pick-32": 2000, "pick-1000": 2000, "forward": 2000, "refuse": 2000}
TOLERANCE = 0.03


def valgrind(binary, task, count, *options):
    command = ["valgrind", *options, binary, task, str(count)]
    # Without it, reading the configuration of a thousand servers costs up to a million instructions more or less.
    fixed = {**os.environ, "SWIFT_DETERMINISTIC_HASHING": "1"}
    answer = subprocess.run(command, capture_output=True, text=True, timeout=300, env=fixed)
    if answer.returncode != 0:
        sys.exit(f"`budget {task} {count}` failed under valgrind:\n{answer.stderr[-2000:]}")
    return answer.stderr


def instructions(binary, task, count, folder):
    text = valgrind(binary, task, count, "--tool=callgrind", f"--callgrind-out-file={folder}/out")
    return int(re.search(r"Collected : (\d+)", text)[1])


def allocated(binary, task, count):
    text = valgrind(binary, task, count, "--tool=memcheck", "--leak-check=no", "--undef-value-errors=no")
    found = re.search(r"([\d,]+) allocs, [\d,]+ frees, ([\d,]+) bytes allocated", text)
    return [int(number.replace(",", "")) for number in found.groups()]


def measure(binary):
    with tempfile.TemporaryDirectory() as folder:
        # This valgrind stops at the debug information that Swift 6.3 writes; names are all that is needed.
        stripped = pathlib.Path(folder) / "budget"
        subprocess.run(["strip", "--strip-debug", "-o", stripped, binary], check=True)
        found = {}
        for task, count in TASKS.items():
            cost = instructions(stripped, task, 2 * count, folder) - instructions(stripped, task, count, folder)
            found[f"{task}: instructions"] = round(cost / count)
        few, many = (allocated(stripped, "forward", count) for count in (2000, 4000))
        found["forward: allocations"] = (many[0] - few[0]) / 2000
        found["forward: bytes allocated"] = (many[1] - few[1]) / 2000
        return found


def main():
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--binary", default=HERE.parent / ".build/release/budget")
    options.add_argument("--update", action="store_true")
    options = options.parse_args()
    file = HERE / "budgets.json"
    found = measure(options.binary)
    if options.update:
        file.write_text(json.dumps(found, indent=1) + "\n")
    budgets = json.loads(file.read_text())
    over = []
    for name, cost in found.items():
        budget = budgets[name]
        # Below a tenth for a request it counts as none: memory that grows once and is kept.
        change = (cost - budget) / budget if budget > 0.1 else float(cost > 0.1)
        print(f"{name:28} {cost:>10,.0f}   budget {budget:>10,.0f}   {change:+.1%}")
        if change > TOLERANCE:
            over.append(f"{name}: {cost:,.2f}, which is {change:.1%} over its budget of {budget:,.2f}")
        elif change < -TOLERANCE:
            print("   cheaper than its budget: run `Benchmarks/budget.py --update`, so that it stays so")
    if over:
        sys.exit("budget exceeded:\n  " + "\n  ".join(over))


main()

#!/usr/bin/env python3
"""Candour's published measures against the oracle's, over made-up councils and small random returns.

    python3 differential_measures.py CANDOUR [--seeds FIRST-LAST] [--jobs N] [--keep DIR]

For each seed: make returns (a council by `candour synthesise`, or the edge-crowding ones of fuzz.py and
fuzz_measures.py), work the measures out with measures.py and with `candour inspect`, and compare every number of every group, exactly. The
last line is `N passed, N failed`. Exit 0 when all agree. With --keep the files of every seed stay in DIR;
otherwise only those of a seed that failed do.
"""

import argparse
import csv
import json
import re
import shutil
import sys
import tempfile
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

from differential import run
from oracle import months_on

HERE = Path(__file__).resolve().parent
LINES = 12
RELEASES = ("R2", "R1", "mixed")
DATE = re.compile(r"(\d\d)/(\d\d)/(\d{4})\Z|(\d{4})-(\d\d)-(\d\d)\Z")


def make(candour, seed, folder):
    """Makes the returns of a seed. Gives the as-of day to ask with, if any."""
    release = RELEASES[seed // 4 % 3]
    if seed % 4 >= 2:
        # One return or two; asked of their last day, which is where the edges are.
        run(sys.executable, HERE / "fuzz_measures.py", "--seed", seed, "--returns", seed % 4 - 1,
            "--release", "R1" if release == "R1" else "R2", "--out", folder)
        return None
    if seed % 4 == 1:
        years = 1 + (seed // 4 % 3 > 0)
        run(candour, "synthesise", "--people", 1500 + seed * 37 % 900, "--seed", seed, "--years", years,
            "--release", release, "--noise", ("clean", "messy")[seed // 4 % 2], "--out", folder / "made", "--quiet")
        files = sorted((folder / "made").glob("return*.csv"))
        for file in files:
            shutil.move(file, folder / file.name)
        shutil.rmtree(folder / "made")
        # Moved back, the earlier return gives the 24 months that some measures need.
        if years == 2 and seed % 8 == 1:
            move_back(folder / files[0].name, 3)
        return None
    run(sys.executable, HERE / "fuzz.py", "--seed", seed, "--people", seed * 7 % 160 + 20,
        "--returns", seed // 4 % 4 + 1, "--release", release, *(["--messy"] if seed % 5 == 0 else []), "--out", folder)
    return json.loads((folder / "case.json").read_text()).get("as_of")


def move_back(path, months):
    """Rewrites every date of a return so many months earlier."""
    with open(path, newline="", encoding="utf-8", errors="surrogateescape") as file:
        rows = list(csv.reader(file))

    def moved(cell):
        found = DATE.match(cell)
        if not found:
            return cell
        d, m, y = (int(g) for g in (found.group(1, 2, 3) if found.group(1) else found.group(6, 5, 4)))
        try:
            day = date(y, m, d)
        except ValueError:
            return cell
        return date.fromordinal(months_on(day.toordinal(), -months)).strftime("%d/%m/%Y")

    with open(path, "w", newline="", encoding="utf-8", errors="surrogateescape") as file:
        csv.writer(file).writerows([[moved(cell) for cell in row] for row in rows])


def of_candour(document):
    """Candour's measures in the oracle's shape."""
    found = {}
    for measure in document["measures"]:
        groups = {}
        for group in measure["groups"]:
            name = f"{group['by']} | {group['group']}"
            if name in groups:
                raise RuntimeError(f"{measure['id']}: {name} is there twice")
            groups[name] = [group[k] for k in ("numerator", "denominator", "value", "percentile_90")]
        if measure["id"] in found:
            raise RuntimeError(f"{measure['id']} is there twice")
        found[measure["id"]] = {
            **{k: measure[k] for k in ("period", "numerator", "denominator", "value", "percentile_90")},
            "told": measure["cannot_tell"] is None, "groups": groups,
        }
    return found


def disagreements(candour, oracle):
    """Where the two differ, a line each."""
    for name in sorted({*candour, *oracle}):
        ours, theirs = candour.get(name), oracle.get(name)
        if ours is None or theirs is None:
            yield f"{name}: only {'the oracle' if ours is None else 'Candour'} has it"
            continue
        for key in ("period", "told", "numerator", "denominator", "value", "percentile_90"):
            if ours[key] != theirs[key]:
                yield f"{name}, {key}: Candour {ours[key]}, oracle {theirs[key]}"
        for group in sorted({*ours["groups"], *theirs["groups"]}):
            a, b = ours["groups"].get(group), theirs["groups"].get(group)
            if a != b:
                yield f"{name}, {group}: Candour {a}, oracle {b}"


def one(candour, seed, folder):
    """(what is wrong with a seed, the measures that had something to count)."""
    folder.mkdir(parents=True)
    as_of = make(candour, seed, folder)
    returns = sorted(folder.glob("return*.csv"))
    asked = ["--as-of", as_of] if as_of else []
    run(sys.executable, HERE / "measures.py", *returns, *asked, "--out", folder / "measures.json")
    run(candour, "inspect", *returns, *asked, "--identifiers", "keep", "--out", folder / "candour", "--quiet")
    oracle = json.loads((folder / "measures.json").read_text())
    ours = of_candour(json.loads((folder / "candour" / "inspection.json").read_text()))
    told = [name for name, m in oracle.items() if m["told"] and (m["numerator"] or m["denominator"])]
    return list(disagreements(ours, oracle)), told


def main(arguments=None):
    parser = argparse.ArgumentParser(description="Candour's measures against the oracle's.")
    parser.add_argument("candour", metavar="CANDOUR", type=Path)
    parser.add_argument("--seeds", metavar="FIRST-LAST", default="1-40")
    parser.add_argument("--jobs", metavar="N", type=int, default=2)
    parser.add_argument("--keep", metavar="DIR", type=Path)
    given = parser.parse_args(arguments)
    first, _, last = given.seeds.partition("-")
    seeds = range(int(first), int(last or first) + 1)
    candour = given.candour.resolve()
    root = given.keep or Path(tempfile.mkdtemp(prefix="candour-measures-"))

    def attempt(seed):
        folder = root / str(seed)
        shutil.rmtree(folder, ignore_errors=True)
        try:
            return one(candour, seed, folder)
        except (RuntimeError, OSError, ValueError, KeyError) as problem:
            return [f"{type(problem).__name__}: {problem}"], []

    failed, told = 0, Counter()
    with ThreadPoolExecutor(given.jobs) as pool:
        for seed, (lines, names) in zip(seeds, pool.map(attempt, seeds)):
            told.update(names)
            if lines:
                failed += 1
                print(f"seed {seed}, files in {root / str(seed)}")
                for line in lines[:LINES]:
                    print(f"  {line}")
                if len(lines) > LINES:
                    print(f"  and {len(lines) - LINES} lines more")
            elif not given.keep:
                shutil.rmtree(root / str(seed))
    if not failed and not given.keep:
        shutil.rmtree(root)
    print("Measures that had something to count, in how many seeds: "
          + ", ".join(f"{name} {n}" for name, n in sorted(told.items())))
    print("Candour's measures and the oracle's, seed by seed:")
    print(f"{len(seeds) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

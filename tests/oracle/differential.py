#!/usr/bin/env python3
"""Candour against the oracle, over many small random returns.

    python3 differential.py CANDOUR [--seeds FIRST-LAST] [--jobs N] [--keep DIR]

For each seed: make returns (fuzz.py), read them with the oracle and with Candour, and compare every
verdict, the counts of rows, coverage, reset dates and mass days, and the verdicts of each test, those
of duties not owed or not yet due among them. The last line is `N passed, N failed`. Exit 0 when all
agree. With --keep the files of every seed stay in DIR; otherwise only those of a seed that failed do.
"""

import argparse
import io
import json
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from compare import compare

HERE = Path(__file__).resolve().parent
LINES = 12  # of a disagreement shown; the rest can be had by running compare.py


def choices(seed):
    """What to make for a seed: every mix of size, returns, release and trouble comes up in turn."""
    given = [
        "--people", str(seed * 7 % 60 + 4),
        "--returns", str(seed % 4 + 1),
        "--release", ("R1", "R2", "mixed")[seed % 3],
    ]
    given += ["--messy"] if seed % 5 == 0 else []
    given += ["--reset"] if seed % 7 == 0 else []
    given += ["--mass"] if seed % 11 == 0 else []
    return given


def run(*command):
    done = subprocess.run([str(c) for c in command], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"{Path(str(command[0])).name} ended with {done.returncode}: "
                           f"{(done.stderr or done.stdout).strip()[-800:]}")


def counts_of(document):
    """The parts of inspection.json that the oracle counts too, in its words."""
    tests = {}
    for test in document["tests"]:
        counts = {verdict: sum(test[verdict].values())
                  for verdict in ("not_met", "cannot_tell", "not_owed", "not_yet_due")}
        counts["met"] = test["met"]
        if sum(counts.values()) != test["occasions"]:
            raise RuntimeError(f"{test['duty']} / {test['test']}: the verdicts do not add up")
        counts = {verdict: n for verdict, n in counts.items() if n}
        if counts:
            tests[f"{test['duty']}/{test['test']}"] = counts
    rows = document["rows"]
    if rows["in"] != rows["used"] + sum(rows["set_aside"].values()):
        raise RuntimeError("rows in are not rows used and rows set aside")
    if rows["used"] != sum(rows["used_as"].values()):
        raise RuntimeError("rows used are not the sum of what became of them")
    return {
        "rows_in": rows["in"],
        "used": rows["used"],
        "set_aside": sum(rows["set_aside"].values()),
        "as_of": document["as_of"],
        # Nothing is covered where the as-of day comes before coverage begins.
        "coverage": {kind: [c["start"], c["end"]] if c and c["start"] <= c["end"] else None
                     for kind, c in document["coverage"].items()},
        "reset_dates": sorted(document["reset_days"]),
        "mass_days": sorted(day["day"] for day in document["mass_days"]),
        "tests": tests,
    }


def oracle_counts(counts):
    return {
        "rows_in": counts["rows_in"],
        "used": counts["used"],
        "set_aside": sum(counts["set_aside"].values()),
        "as_of": counts["as_of"],
        "coverage": counts["coverage"],
        "reset_dates": sorted(counts["reset_dates"]),
        "mass_days": sorted(counts["mass_days"]),
        "tests": counts["tests"],
    }


def disagreements(candour, oracle):
    """Where two of the above differ, a line each."""
    for key in candour:
        if key == "tests":
            for test in sorted({*candour["tests"], *oracle["tests"]}):
                ours, theirs = candour["tests"].get(test), oracle["tests"].get(test)
                if ours != theirs:
                    yield f"{test}: Candour {ours}, oracle {theirs}"
        elif candour[key] != oracle[key]:
            yield f"{key}: Candour {candour[key]}, oracle {oracle[key]}"


def one(candour, seed, folder):
    """What is wrong with one seed, or nothing."""
    folder.mkdir(parents=True)
    run(sys.executable, HERE / "fuzz.py", "--seed", seed, *choices(seed), "--out", folder)
    returns = sorted(folder.glob("return*.csv"))
    as_of = json.loads((folder / "case.json").read_text()).get("as_of")
    asked = ["--as-of", as_of] if as_of else []
    run(sys.executable, HERE / "oracle.py", *returns, *asked,
        "--out", folder / "oracle.csv", "--counts", folder / "oracle.json")
    run(candour, "inspect", *returns, *asked, "--identifiers", "keep", "--out", folder / "candour", "--quiet")
    text = io.StringIO()
    wrong = compare(folder / "candour" / "verdicts.csv", folder / "oracle.csv", out=text)
    lines = text.getvalue().splitlines() if wrong else []
    lines += disagreements(
        counts_of(json.loads((folder / "candour" / "inspection.json").read_text())),
        oracle_counts(json.loads((folder / "oracle.json").read_text())),
    )
    return lines


def main(arguments=None):
    parser = argparse.ArgumentParser(description="Candour against the oracle, over random returns.")
    parser.add_argument("candour", metavar="CANDOUR", type=Path)
    parser.add_argument("--seeds", metavar="FIRST-LAST", default="1-40")
    parser.add_argument("--jobs", metavar="N", type=int, default=2)
    parser.add_argument("--keep", metavar="DIR", type=Path)
    given = parser.parse_args(arguments)
    first, _, last = given.seeds.partition("-")
    seeds = range(int(first), int(last or first) + 1)
    candour = given.candour.resolve()
    root = given.keep or Path(tempfile.mkdtemp(prefix="candour-oracle-"))

    def attempt(seed):
        folder = root / str(seed)
        shutil.rmtree(folder, ignore_errors=True)
        try:
            return one(candour, seed, folder)
        except (RuntimeError, OSError, ValueError, KeyError) as problem:
            return [f"{type(problem).__name__}: {problem}"]

    failed = 0
    with ThreadPoolExecutor(given.jobs) as pool:
        for seed, lines in zip(seeds, pool.map(attempt, seeds)):
            if lines:
                failed += 1
                print(f"seed {seed} ({' '.join(choices(seed))}), files in {root / str(seed)}")
                for line in lines[:LINES]:
                    print(f"  {line}")
                if len(lines) > LINES:
                    print(f"  and {len(lines) - LINES} lines more")
            elif not given.keep:
                shutil.rmtree(root / str(seed))
    if not failed and not given.keep:
        shutil.rmtree(root)
    print("Candour and the oracle, seed by seed:")
    print(f"{len(seeds) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

"""Times Candour beside its peers on made-up returns, and prints a table in Markdown.

Every figure is the best of several runs of a fresh process; the peers run on the same file in the
same session, because a ratio says more than seconds on somebody else's machine.
"""

import argparse
import csv
import os
import pathlib
import platform
import resource
import shutil
import subprocess
import sys
import time

# Columns kept in the narrow file: what tests read, the rest left out (about 230 bytes a row).
NARROW = [
    "LA Code", "Reporting Period Start Date", "Reporting Period End Date", "NHS Number",
    "LA Person Unique Identifier", "Gender", "Ethnicity", "Date of Birth", "Date of Death",
    "Client Type", "Primary Support Reason", "Has Unpaid Carer", "Event Type", "Event Start Date",
    "Event End Date", "Event Outcome", "Assessment Type", "Eligible Needs Identified",
    "Adult 1 Linked Person_ID", "Service Type", "Service Component", "Delivery Mechanism",
    "Provider CQC Location ID", "Review Reason", "Unit Cost", "Cost Frequency (Unit Type)",
    "Planned units per week",
]

DUCKDB = """
import duckdb, sys
c = duckdb.connect()
c.execute("create table r as select * from read_csv(?, all_varchar=false, header=true)", [sys.argv[1]])
"""

PM4PY = """
import sys, warnings
warnings.filterwarnings("ignore")
import pandas as pd, pm4py
d = pd.read_csv(sys.argv[1], dtype=str, usecols=["LA Person Unique Identifier", "Event Type", "Event Start Date"])
d = d.dropna()
d["Event Start Date"] = pd.to_datetime(d["Event Start Date"], dayfirst=True)
d = pm4py.format_dataframe(d, case_id="LA Person Unique Identifier", activity_key="Event Type", timestamp_key="Event Start Date")
# One rule of the same shape as ours: an assessment that goes on is followed by a service.
model = {"response": {("Assessment", "Service"): {"support": 1.0, "confidence": 1.0}}}
pm4py.algo.conformance.declare.algorithm.apply(d, model)
"""


def run(command):
    """Wall seconds and peak memory (kB) of a fresh process."""
    started = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - started
    error = process.stderr.read().decode()
    if status != 0:
        sys.exit(f"{command[0]} failed: {error[-500:]}")
    return seconds, usage.ru_maxrss


def best(command, runs):
    results = [run(command) for _ in range(runs)]
    return min(r[0] for r in results), max(r[1] for r in results)


def narrow(source, target):
    with open(source, newline="", encoding="utf-8") as src, open(target, "w", newline="", encoding="utf-8") as out:
        rows = csv.DictReader(src)
        writer = csv.DictWriter(out, NARROW, extrasaction="ignore", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--target", default="target")
    parser.add_argument("--work", default="target/bench")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--large", action="store_true", help="go on to 10^6 and 10^7 rows")
    args = parser.parse_args()
    candour = str(pathlib.Path(args.target) / "release" / "candour")
    reading = str(pathlib.Path(args.target) / "release" / "examples" / "reading")
    work = pathlib.Path(args.work)
    sizes = [("100,000 rows", 50_500, False), ("500,000 rows, narrow", 252_000, True), ("500,000 rows, all columns", 252_000, False)]
    if args.large:
        sizes += [("1,000,000 rows", 505_000, False), ("10,000,000 rows", 5_050_000, False)]
    cpu = "unknown"
    try:
        for line in open("/proc/cpuinfo"):
            if line.startswith("model name"):
                cpu = line.split(":", 1)[1].strip()
                break
    except OSError:
        pass
    print(f"Machine: {cpu}, {os.cpu_count()} cores, {platform.system()}; best of {args.runs} fresh processes.\n")
    print("| file | rows | MB | candour inspect, everything written | peak memory | memory / file | DuckDB read_csv to a table | candour / DuckDB | pm4py, one Declare rule | µs a row |")
    print("|---|---|---|---|---|---|---|---|---|---|")
    for name, people, is_narrow in sizes:
        folder = work / f"council-{people}"
        source = folder / "return.csv"
        if not source.exists():
            run([candour, "synthesise", "--people", str(people), "--seed", "1", "--out", str(folder), "--force", "--quiet"])
        path = source
        if is_narrow:
            path = folder / "narrow.csv"
            if not path.exists():
                narrow(source, path)
        rows = sum(chunk.count(b"\n") for chunk in iter(lambda f=open(path, "rb"): f.read(1 << 20), b"")) - 1
        megabytes = path.stat().st_size / 1e6
        runs = args.runs if rows < 2_000_000 else 1
        out = work / "out"
        shutil.rmtree(out, ignore_errors=True)
        ours, memory = best([candour, "inspect", str(path), "--identifiers", "keep", "--out", str(out), "--force", "--quiet"], runs)
        duck, _ = best([sys.executable, "-c", DUCKDB, str(path)], runs)
        empty, _ = best([sys.executable, "-c", "import duckdb"], runs)
        duck -= empty
        declare = "-"
        if rows < 600_000 and not is_narrow:
            seconds, _ = best([sys.executable, "-c", PM4PY, str(path)], 1)
            declare = f"{seconds:.1f} s"
        print(
            f"| {name} | {rows:,} | {megabytes:.0f} | **{ours:.3f} s** | {memory / 1e3:.0f} MB | {memory / 1e3 / megabytes:.2f} "
            f"| {duck:.3f} s | {ours / duck:.2f} | {declare} | {ours / rows * 1e6:.2f} |",
            flush=True,
        )
    print("\nReading to typed events against a bare pass of the `csv` crate, on one core:\n")
    taskset = shutil.which("taskset")
    for people, file in [(50_500, "return.csv"), (252_000, "narrow.csv")]:
        path = work / f"council-{people}" / file
        command = ([taskset, "-c", "0"] if taskset else []) + [reading, str(path), "7"]
        print("```\n" + subprocess.run(command, check=True, capture_output=True, text=True).stdout + "```")


if __name__ == "__main__":
    main()

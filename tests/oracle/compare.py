#!/usr/bin/env python3
"""What differs between two files of verdicts.

    python3 compare.py A.csv B.csv [--examples N]

A is Candour's verdicts.csv (with `--identifiers keep`), B the oracle's output, or the other way
round. Only `met`, `not_met` and `cannot_tell` count, and only the columns duty, test, person,
occasion_date, verdict. Rows are compared as multisets: order does not count, repetition does.
Exit 0 when the same, 1 when different, 2 when a file cannot be read.
"""

import argparse
import csv
import sys
from collections import Counter, defaultdict

COLUMNS = ("duty", "test", "person", "occasion_date", "verdict")
VERDICTS = ("met", "not_met", "cannot_tell")


def load(path):
    """(counted rows, why each verdict was given: one reason per row for the examples)."""
    rows, why = Counter(), {}
    with open(path, newline="", encoding="utf-8-sig") as file:
        reader = csv.DictReader(file)
        missing = [c for c in COLUMNS if c not in (reader.fieldnames or [])]
        if missing:
            raise ValueError(f"{path}: columns missing: {', '.join(missing)}")
        for row in reader:
            key = tuple(row[c] for c in COLUMNS)
            why.setdefault(key[:4], set()).add(f"{row['verdict']} {row.get('reason') or ''}".strip())
            if row["verdict"] in VERDICTS:
                rows[key] += 1
    return rows, why


def compare(a_path, b_path, examples=5, out=sys.stdout):
    (a, a_why), (b, b_why) = load(a_path), load(b_path)
    groups = defaultdict(dict)
    for side, extra in (("A", a - b), ("B", b - a)):
        for key, count in extra.items():
            entry = groups[key[:2]].setdefault(key[2:4], {"A": Counter(), "B": Counter()})
            entry[side][key[4]] += count
    if not groups:
        print(f"the same: {sum(a.values())} verdicts", file=out)
        return 0
    total = sum(len(g) for g in groups.values())
    print(f"different: {total} occasions; A has {sum(a.values())} verdicts, "
          f"B has {sum(b.values())}", file=out)

    def words(counter):
        return " ".join(f"{v} x{n}" if n > 1 else v for v, n in sorted(counter.items())) or "-"

    for (duty, test), entries in sorted(groups.items()):
        kinds = Counter((words(e["A"]), words(e["B"])) for e in entries.values())
        print(f"\n{duty} / {test}: {len(entries)} occasions", file=out)
        for (in_a, in_b), count in kinds.most_common():
            print(f"  A {in_a}, B {in_b}: {count}", file=out)
            shown = 0
            for (person, day), entry in sorted(entries.items()):
                if shown == examples or (words(entry["A"]), words(entry["B"])) != (in_a, in_b):
                    continue
                shown += 1
                key = (duty, test, person, day)
                print(f"    {person} {day}: A ({'; '.join(sorted(a_why.get(key, ['nothing'])))})"
                      f" B ({'; '.join(sorted(b_why.get(key, ['nothing'])))})", file=out)
    return 1


def main(arguments=None):
    parser = argparse.ArgumentParser(description="What differs between two files of verdicts.")
    parser.add_argument("a", metavar="A.csv")
    parser.add_argument("b", metavar="B.csv")
    parser.add_argument("--examples", type=int, default=5)
    given = parser.parse_args(arguments)
    try:
        return compare(given.a, given.b, given.examples)
    except (OSError, ValueError) as problem:
        print(f"compare: {problem}", file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())

"""Draws a sample again from its folder, with Python's standard library and nothing of Candour's.

    python3 tests/oracle/redraw.py DIR

reads frame.csv, plan.json, alleged.csv and the seed in draw.json, draws, and says whether drawn.csv is what comes out.
This is the whole of how a draw is made:

1. A person's ticket is SHA-256 of candour-draw-1|SEED|FRAME|DRAW|PERSON in UTF-8, FRAME being the SHA-256 of frame.csv.
2. Random: in each stratum people stand in order of their tickets; the first are drawn, the next are its reserves.
3. How many: each stratum gets one file, then the rest go one at a time to the stratum where people / (2 files + 1) is
   largest, the first by name when equal, never more than it has people.
4. Targeted: people with signals, the most first and by ticket when equal; or, proportional, by the first 16 hex digits
   of the ticket divided by the signals, the smallest first, after those whose chance is certain.
5. Alleged: everyone on the list, in order of tickets.

Strata with less than one file's share of the people are put together ("others") over the last column, then over the one
before, at last in "all others", unless the plan keeps them apart. There are as many reserves as files, and at least 3.
"""

import csv
import hashlib
import io
import json
import sys
from collections import Counter
from fractions import Fraction
from pathlib import Path

COLUMNS = "draw,stratum,order,status,person,probability,stratum_people,stratum_files".split(",")


def sha256(data):
    return hashlib.sha256(data).hexdigest()


def share_out(sizes, files):
    """Files by stratum; sizes is a dict."""
    if files == 0:
        return {name: 0 for name in sizes}
    given = {name: 1 for name in sizes}
    if sum(sizes.values()) < files or len(sizes) > files:
        raise ValueError("cannot be shared out")
    for _ in range(files - len(sizes)):
        open_ = [name for name in sorted(sizes, key=lambda n: n.encode()) if given[name] < sizes[name]]
        given[max(open_, key=lambda name: Fraction(sizes[name], 2 * given[name] + 1))] += 1
    return given


def strata(rows, columns, files, together):
    """Each row's stratum."""
    if not columns:
        return ["everybody"] * len(rows)

    def name(row, kept):
        if kept == 0:
            return "all others"
        return "; ".join(
            f"{column}: {row[column] if place < kept else 'others'}" for place, column in enumerate(columns)
        )

    found = [None] * len(rows)
    for kept in range(len(columns), -1, -1):
        left = [i for i, stratum in enumerate(found) if stratum is None]
        sizes = Counter(name(rows[i], kept) for i in left)
        for i in left:
            stratum = name(rows[i], kept)
            if not together or kept == 0 or sizes[stratum] * files >= len(rows):
                found[i] = stratum
    return found


def redraw(folder, seed=None):
    """The bytes of drawn.csv."""
    folder = Path(folder)
    frame_bytes = (folder / "frame.csv").read_bytes()
    frame = sha256(frame_bytes)
    rows = list(csv.DictReader(io.StringIO(frame_bytes.decode())))
    plan = json.loads((folder / "plan.json").read_text())
    seed = seed if seed is not None else json.loads((folder / "draw.json").read_text())["seed"]
    assert plan["frame_sha256"] == frame, "the plan is for another frame"

    def ticket(draw, person):
        return sha256(f"candour-draw-1|{seed}|{frame}|{draw}|{person}".encode())

    out = []

    def put(draw, stratum, people, size, files):
        for order, (person, chance) in enumerate(people[: files + max(files, 3)], 1):
            drawn = order <= files
            status, chance = ("drawn", f"{chance:.6f}") if drawn else ("reserve", "")
            out.append([draw, stratum, order, status, person, chance, size, files])

    of = strata(rows, plan["strata"], plan["random"], plan["small_strata"] == "together")
    sizes = Counter(of)
    files = share_out(sizes, plan["random"])
    for stratum in sorted(sizes, key=lambda name: name.encode()):
        people = sorted(
            (row["person"] for row, s in zip(rows, of) if s == stratum), key=lambda p: ticket("random", p)
        )
        if files[stratum]:
            chance = files[stratum] / sizes[stratum]
            put("random", stratum, [(p, chance) for p in people], sizes[stratum], files[stratum])

    signals = {}
    for row in rows:
        size = 1 if plan["target_by"] == "none" else int(row[plan["target_by"]])
        if size and all(row[w["column"]] == w["value"] for w in plan["target_where"]):
            signals[row["person"]] = size
    n = min(plan["targeted"], len(signals))
    people = sorted(signals, key=lambda p: (-signals[p], ticket("targeted", p)))
    if n and plan["target_rule"] == "most":
        last = signals[people[n - 1]]
        above = sum(s > last for s in signals.values())
        equal = sum(s == last for s in signals.values())
        chances = [(p, 1 if signals[p] > last else (n - above) / equal) for p in people]
    elif n:
        left, total, certain = n, sum(signals.values()), 0
        while left and signals[people[certain]] * left >= total:
            total -= signals[people[certain]]
            left, certain = left - 1, certain + 1
        others = sorted(
            people[certain:],
            key=lambda p: (Fraction(int(ticket("targeted", p)[:16], 16), signals[p]), ticket("targeted", p)),
        )
        chances = [(p, 1) for p in people[:certain]] + [(p, signals[p] * left / total if total else 0) for p in others]
    if n:
        put("targeted", "people with signals", chances, len(signals), n)

    if plan["alleged"]:
        listed = list(csv.DictReader(io.StringIO((folder / "alleged.csv").read_text())))
        people = sorted((row["person"] for row in listed), key=lambda p: ticket("alleged", p))
        put("alleged", "alleged", [(p, 1) for p in people], len(people), len(people))

    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(out)
    return text.getvalue().encode()


def hashes_hold(folder):
    """Whether the files of a sample are the ones that its commitment and draw name."""
    folder = Path(folder)
    commitment = json.loads((folder / "commitment.json").read_text())
    note = json.loads((folder / "draw.json").read_text())
    hashed = {
        "frame_sha256": sha256((folder / "frame.csv").read_bytes()),
        "plan_sha256": sha256((folder / "plan.json").read_bytes()),
    }
    drawn = {
        "commitment_sha256": sha256((folder / "commitment.json").read_bytes()),
        "drawn_sha256": sha256((folder / "drawn.csv").read_bytes()),
    }
    return all(commitment[k] == v for k, v in hashed.items()) and all(
        note[k] == v for k, v in (hashed | drawn).items()
    )


def seed_was_sealed(folder):
    """Whether the seed is made of the secrets that were sealed; true where it came from a public source."""
    folder = Path(folder)
    promise = json.loads((folder / "commitment.json").read_text())["seed"]
    seed = json.loads((folder / "draw.json").read_text())["seed"]
    if promise["from"] == "public":
        return True
    secrets = seed.split("+")
    return len(secrets) == len(promise["parts"]) and all(
        sha256(f"candour-seed-1|{part['name']}|{secret}".encode()) == part["sha256"]
        for part, secret in zip(promise["parts"], secrets)
    )


def frame_in_order(folder):
    """Whether people stand in the frozen order."""
    folder = Path(folder)
    key = json.loads((folder / "frame.json").read_text())["order_key"]
    with open(folder / "frame.csv", newline="", encoding="utf-8") as file:
        people = [row["person"] for row in csv.DictReader(file)]
    return people == sorted(people, key=lambda p: sha256(f"candour-frame-1|{key}|{p}".encode()))


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    there = (Path(sys.argv[1]) / "drawn.csv").read_bytes()
    checks = {
        "drawn.csv is the same byte for byte": redraw(sys.argv[1]) == there,
        "the hashes hold": hashes_hold(sys.argv[1]),
        "the seed is what was sealed": seed_was_sealed(sys.argv[1]),
        "the frame stands in its order": frame_in_order(sys.argv[1]),
    }
    for check, right in checks.items():
        print("right" if right else "WRONG", "", check)
    sys.exit(not all(checks.values()))

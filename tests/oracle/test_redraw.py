"""Samples drawn again in Python: those kept in tests/oracle/draws, and fresh ones where the program has been built."""

import csv
import os
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

import redraw

HERE = Path(__file__).resolve().parent
KEPT = sorted((HERE / "draws").iterdir())


def program():
    """The built program, if there is one."""
    target = Path(os.environ.get("CARGO_TARGET_DIR") or HERE.parents[1] / "target")
    for path in (os.environ.get("CANDOUR"), target / "release" / "candour"):
        if path and os.access(path, os.X_OK):
            return str(path)
    return None


class Kept(unittest.TestCase):
    def test_there_are_some(self):
        self.assertGreaterEqual(len(KEPT), 2)

    def test_every_draw_comes_out_again(self):
        for folder in KEPT:
            with self.subTest(folder.name):
                self.assertEqual(redraw.redraw(folder), (folder / "drawn.csv").read_bytes())
                self.assertTrue(redraw.hashes_hold(folder))
                self.assertTrue(redraw.seed_was_sealed(folder))
                self.assertTrue(redraw.frame_in_order(folder))

    def test_another_seed_draws_others(self):
        for folder in KEPT:
            self.assertNotEqual(redraw.redraw(folder, seed="another"), (folder / "drawn.csv").read_bytes())

    def test_a_changed_frame_is_noticed(self):
        with tempfile.TemporaryDirectory() as scratch:
            folder = Path(shutil.copytree(KEPT[0], Path(scratch) / "copy"))
            with open(folder / "frame.csv", "ab") as frame:
                frame.write(b"\n")
            with self.assertRaises(AssertionError):
                redraw.redraw(folder)
            self.assertFalse(redraw.hashes_hold(folder))


class SharedOut(unittest.TestCase):
    """By hand: after one each, 700/3 > 200/3, 700/5, 700/7, 700/9 > 200/3, ..."""

    def test_in_proportion(self):
        self.assertEqual(redraw.share_out({"a": 700, "b": 200, "c": 100}, 10), {"a": 7, "b": 2, "c": 1})
        self.assertEqual(redraw.share_out({"a": 960, "b": 20, "c": 20}, 30), {"a": 28, "b": 1, "c": 1})

    def test_never_more_than_people(self):
        self.assertEqual(redraw.share_out({"a": 2, "b": 2}, 4), {"a": 2, "b": 2})

    def test_too_many_strata(self):
        with self.assertRaises(ValueError):
            redraw.share_out({"a": 2, "b": 2}, 1)


@unittest.skipUnless(program(), "the program has not been built")
class Fresh(unittest.TestCase):
    PLANS = [
        ["--random", "12", "--targeted", "6"],
        ["--random", "25", "--strata", "none", "--targeted", "9", "--target-rule", "proportional"],
        ["--random", "20", "--strata", "sex,setting,age_band", "--targeted", "0"],
        ["--random", "40", "--strata", "setting,sex", "--small-strata", "apart", "--targeted", "400"],
        ["--random", "0", "--targeted", "5", "--target-by", "none", "--target-where", "sex=female"],
        ["--random", "9", "--strata", "district", "--targeted", "8", "--target-by", "cannot_tell"],
    ]

    def run_program(self, *args):
        done = subprocess.run([program(), *map(str, args)], capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout

    def test_fresh_draws_come_out_again(self):
        with tempfile.TemporaryDirectory() as scratch:
            scratch = Path(scratch)
            self.run_program("synthesise", "--people", 700, "--seed", 11, "--out", scratch / "made", "--quiet")
            self.run_program(
                "inspect", scratch / "made" / "return.csv", "--out", scratch / "inspection",
                "--key", scratch / "key", "--quiet",
            )
            with open(scratch / "inspection" / "people.csv", newline="", encoding="utf-8") as file:
                people = [row["person"] for row in csv.DictReader(file)]
            (scratch / "alleged.csv").write_text("person\n" + "\n".join(people[5:12]) + "\n")
            for number, plan in enumerate(self.PLANS):
                folder = scratch / f"sample-{number}"
                only = ["--only", "in_long_term_support=yes"] if number % 2 else []
                self.run_program("sample", "frame", scratch / "inspection", "--out", folder, *only)
                self.run_program(
                    "sample", "commit", folder, *plan, "--alleged", scratch / "alleged.csv",
                    "--source", "dice thrown before witnesses", "--form", "dice:20",
                )
                self.run_program("sample", "draw", folder, "--seed", f"4512636145263142536{number % 6 + 1}")
                with self.subTest(" ".join(plan)):
                    self.assertEqual(redraw.redraw(folder), (folder / "drawn.csv").read_bytes())
                    self.assertTrue(redraw.hashes_hold(folder))
                    self.assertTrue(redraw.frame_in_order(folder))


if __name__ == "__main__":
    unittest.main()

#!/usr/bin/env python3
"""Random returns that crowd the edges of the published measures.

    python3 fuzz_measures.py --seed S [--people N] [--returns 1|2] [--release R1|R2] --out DIR

Each person gets a few events whose days differ by just the numbers that the measures turn on (7, 14, 91, 365 days,
3 and 12 months, 18, 25 and 65 years), one more or one less. Every month also holds enough rows of each type to be
covered, so that all measures can be told. As-of is 31 March 2025. The same arguments give the same bytes.
"""

import argparse
import csv
import random
from datetime import date, timedelta
from pathlib import Path

from fuzz import CLIENT, COMPONENT, HEADERS, OUTCOME, SERVICE
from oracle import months_on

FIRST, LAST = date(2023, 1, 1), date(2025, 3, 31)
# Where the earlier of two returns ends, and where the later begins.
EARLIER_ENDS, LATER_BEGINS = date(2024, 5, 31), date(2024, 3, 1)
STEPS = (0, 0, 1, 1, 2, 3, 5, 6, 7, 8, 9, 12, 13, 14, 15, 21, 30, 60, 89, 90, 91, 92, 93, 180, 363, 364, 365, 366, 367)
LONG, SHORT = ("nursing", "residential", "community", "community", "prison"), ("st_max", "low", "short")
HOME_COMPONENTS = ("Long term residential care", "Long term nursing care", "Short term residential care", "")
ASSESSMENTS = ("Long term assessment", "Long term assessment", "Short term assessment", "Financial assessment", "")
METHODS = ("Service user only", "Service user only", "Service user and carer", "Carer only", "")
REASONS = ("Planned", "Planned", "Unplanned - Carer related", "Unplanned - Other Reason",
           "Review of short term support", "")
MECHANISMS = ("Direct payment", "CASSR managed personal budget", "CASSR commissioned support", "", "unheard of")


class Fuzz:
    def __init__(self, given):
        self.r = random.Random(f"measures {given.seed}")
        self.release = ("R1", "R2").index(given.release)
        self.rows = []

    def word(self, words):
        """A value in the release, or in the one that has it."""
        return words[self.release] or words[1 - self.release]

    def outcome(self, *likely):
        names = [name for name in OUTCOME if not (self.release and OUTCOME[name][1] is None)]
        name = self.r.choice(likely) if likely and self.r.random() < 0.7 else self.r.choice(names)
        return "" if self.r.random() < 0.03 else self.word(OUTCOME[name])

    def day(self, *near):
        """A day, mostly one step away from one of those given."""
        if near and self.r.random() < 0.85:
            anchor = self.r.choice(near)
            if self.r.random() < 0.12:
                months = self.r.choice((-12, -3, 3, 12))
                day = date.fromordinal(months_on(anchor.toordinal(), months))
                return day + timedelta(days=self.r.choice((-1, 0, 1)))
            return anchor + timedelta(days=self.r.choice(STEPS) * self.r.choice((1, 1, -1)))
        return FIRST + timedelta(days=self.r.randrange((LAST - FIRST).days + 1))

    def add(self, who, event, start, end, **values):
        self.rows.append({
            "LA Code": "ZZ1", "LA Person Unique Identifier": who["id"], "Client Type": self.word(CLIENT["user"]),
            "Date of Birth": who["birth"] or "", "Date of Death": "", "Event Type": event,
            "Event Start Date": start, "Event End Date": end or "", **values,
        })

    def birth(self):
        """Mostly one whose 18th, 25th or 65th year turns within the return."""
        if self.r.random() < 0.03:
            return None
        age = self.r.choice((18, 25, 26, 65, 65, 85, 40, 50, 75))
        return date(self.r.choice((2023, 2024, 2025)) - age, self.r.randrange(1, 13), self.r.randrange(1, 28))

    def service(self, who, kind, start, end, **values):
        if kind in ("residential", "nursing"):
            component = self.r.choice(HOME_COMPONENTS[:2] * 4 + HOME_COMPONENTS)
        elif kind in ("short", "low"):
            component = self.r.choice(("Equipment", "Equipment", "Short term nursing care", "Transport", ""))
        elif kind == "st_max":
            component = self.r.choice(("Reablement", "Reablement", "Reablement", "Equipment"))
        else:
            component = self.word(self.r.choice([COMPONENT[c] for c in ("home", "day", "dp")]))
        self.add(who, "Service", start, end, **{
            "Event Outcome": self.outcome("no_change", "planned"), "Service Type": self.word(SERVICE[kind]),
            "Service Component": component, "Delivery Mechanism": self.r.choice(MECHANISMS), **values})

    def other(self, who, event, start, end, *likely):
        values = {"Event Outcome": self.outcome(*likely)}
        if event == "Assessment":
            values["Assessment Type"] = self.r.choice(ASSESSMENTS)
        if event == "Review":
            values["Method of Review"] = self.r.choice(METHODS)
            values["Review Reason"] = self.r.choice(REASONS)
        self.add(who, event, start, end, **values)

    def span(self, *near):
        start = self.day(*near)
        return start, start + timedelta(days=self.r.choice((0, 0, 1, 5, 10, 13, 14, 20, 40)))

    # -- what may happen to a person

    def reabled(self, who):
        start, end = self.span()
        end = max(end, start + timedelta(days=self.r.choice((0, 3, 15, 20, 42))))
        self.service(who, "st_max", start, end, **{"Event Outcome": self.outcome("no_change", "hospital", "planned")})
        after = end + timedelta(days=7)
        for _ in range(self.r.choice((0, 1, 1, 2, 3))):
            what = self.r.random()
            if what < 0.07:
                self.service(who, "st_max", start, end, **{"Event Outcome": self.outcome("declined", "planned")})
            elif what < 0.15:
                again = end + timedelta(days=self.r.choice((-2, 1, 6, 7, 8)))
                self.service(who, "st_max", again, again + timedelta(days=self.r.choice((0, 10))))
            elif what < 0.35:
                long_start = start - timedelta(days=self.r.choice((60, 200)))
                gone = start - timedelta(days=self.r.choice((89, 90, 91, 92)))
                self.service(who, self.r.choice(LONG), min(long_start, gone), gone)
            elif what < 0.6:
                at = self.r.choice((start, start + timedelta(days=1), end, end + timedelta(days=6), after,
                                    after + timedelta(days=1)))
                until = self.r.choice((None, end, end + timedelta(days=1), at))
                for kind in self.r.choice((("short", "short"), LONG[:1], LONG[1:2], LONG[2:3], ("low",), ("low", "short"))):
                    self.service(who, kind, at, until if until is None else max(at, until))
            else:
                done = self.r.choice((start, start + timedelta(days=1), end - timedelta(days=14),
                                      end - timedelta(days=13), end, end + timedelta(days=2), after))
                begun = self.r.choice((done, start, max(start, done - timedelta(days=3))))
                self.other(who, self.r.choice(("Assessment", "Review", "Review", "Request")), min(begun, done), done,
                           "planned", "declined", "ended_other", "advice", "no_services")
        if self.r.random() < 0.15:
            self.dies(who, end + timedelta(days=self.r.choice((-1, 0, 6, 7, 8))))

    def admitted(self, who):
        start = self.day(FIRST + timedelta(days=456), LAST)
        for _ in range(self.r.choice((0, 1, 1, 2))):
            gone = start - timedelta(days=self.r.choice((1, 200, 363, 364, 365, 366)))
            self.service(who, self.r.choice(("residential", "nursing")), gone - timedelta(days=50), gone)
        values = {"Event Outcome": self.word(OUTCOME["self_funded"])} if self.r.random() < 0.2 else {}
        self.service(who, self.r.choice(("residential", "nursing")), start, self.r.choice((None, start)), **values)

    def supported(self, who):
        """A chain of long-term services, most of them without a gap, begun about a year before the last day."""
        begun = date.fromordinal(months_on(LAST.toordinal(), -12)) + timedelta(
            days=self.r.choice((-400, -100, -2, -1, 0, 1, 100)))
        start = begun
        for _ in range(self.r.choice((0, 1, 2, 3))):
            end = start + timedelta(days=self.r.choice((5, 60, 150)))
            if self.r.random() < 0.3:
                self.service(who, self.r.choice(LONG), start + timedelta(days=1), start + timedelta(days=3))
            self.service(who, self.r.choice(LONG), start, end)
            start = end + timedelta(days=self.r.choice((-3, 0, 1, 1, 1, 2)))
        self.service(who, self.r.choice(LONG), start, self.r.choice((None, None, LAST, LAST - timedelta(days=1))))
        for _ in range(self.r.choice((0, 1, 1, 2))):
            day = self.r.choice((LAST, LAST - timedelta(days=364), LAST - timedelta(days=365), self.day()))
            self.other(who, "Review", day, day)

    def asked(self, who):
        """Requests with assessments and services close by, and support before."""
        first = self.day(date(2024, 4, 1), date(2024, 7, 1), LAST, date(2023, 4, 1))
        near = [first]
        self.other(who, "Request", first, first, "to_assessment", "to_assessment", "to_support", "no_change")
        for _ in range(self.r.randrange(1, 6)):
            day = self.r.choice(near) + timedelta(days=self.r.choice((0, 1, 5, 10, 40)))
            what = self.r.random()
            if what < 0.3:
                self.other(who, "Request", day, day, "to_assessment", "to_support", "reablement")
            elif what < 0.65:
                self.other(who, "Assessment", day, day, "to_support", "advice", "no_change")
            else:
                self.service(who, self.r.choice(LONG + SHORT), day, None)
            near.append(day)
        if self.r.random() < 0.4:
            edge = date.fromordinal(months_on(first.toordinal(), -self.r.choice((3, 12))))
            gone = edge + timedelta(days=self.r.choice((-1, 0, 1)))
            self.service(who, self.r.choice(LONG + SHORT), gone - timedelta(days=30), gone)

    def followed_up(self, who):
        """A line of requests, assessments that lead on or do not, and services, some days apart."""
        day = self.day(date(2024, 4, 1), date(2024, 9, 1))
        for what in self.r.choice(("RARAS", "RARARS", "RAARS", "RASRS", "RARS", "RSRAS", "RRARS")):
            if what == "R":
                self.other(who, "Request", day, day, "to_assessment", "to_support")
            elif what == "A":
                leads_on = self.r.random() < 0.5
                self.other(who, "Assessment", day, day, *(("to_support",) if leads_on else ("advice", "declined")))
                self.rows[-1]["Assessment Type"] = "Long term assessment"
            else:
                self.service(who, self.r.choice(("community", "low")), day, None)
            day += timedelta(days=self.r.choice((0, 1, 3, 10)))

    def cares(self, who):
        before = len(self.rows)
        for _ in range(self.r.randrange(1, 4)):
            start, end = self.span(LAST - timedelta(days=364), LAST - timedelta(days=365))
            what = self.r.random()
            if what < 0.5:
                self.service(who, self.r.choice(("direct", "direct", "involving", "community")), start,
                             self.r.choice((None, end)))
            else:
                self.other(who, self.r.choice(("Request", "Assessment", "Review")), start, end, "advice")
        for row in self.rows[before:]:
            row["Client Type"] = self.word(CLIENT["carer"])

    def anything(self, who):
        near = []
        for _ in range(self.r.randrange(1, 7)):
            start, end = self.span(*near)
            near += [start, end]
            if self.r.random() < 0.5:
                self.service(who, self.r.choice(LONG + SHORT), start, self.r.choice((None, end)))
            else:
                self.other(who, self.r.choice(("Request", "Assessment", "Review")), start, end)

    def dies(self, who, day):
        for row in self.rows:
            if row["LA Person Unique Identifier"] == who["id"]:
                row["Date of Death"] = day

    def build(self, people):
        stories = (self.reabled, self.reabled, self.admitted, self.supported, self.asked, self.followed_up,
                   self.cares, self.anything)
        for number in range(people):
            who = {"id": f"P{number}", "birth": self.birth()}
            for _ in range(self.r.choice((1, 1, 1, 2))):
                self.r.choice(stories)(who)
            if self.r.random() < 0.05:
                self.dies(who, self.day(LAST - timedelta(days=364)))
        self.rows = [row for row in self.rows if row["Event Start Date"] <= LAST + timedelta(days=20)]

    def fill(self, first, last):
        """Twelve rows a month and type, of children, so that every month is covered and no measure is moved."""
        rows, kept, day = [], self.rows, first
        self.rows = rows
        while day <= last:
            for number in range(12):
                who = {"id": f"F{day:%Y%m}{number}", "birth": date(2020, 1, 1)}
                for event in ("Request", "Assessment", "Review"):
                    self.other(who, event, day, day)
                self.service(who, "low", day, day)
            day = date.fromordinal(months_on(day.toordinal(), 1))
        self.rows = kept
        return rows


def split(rows, chance):
    """The rows as two returns hold them, the later without some services that the earlier left open."""
    earlier, later = [], []
    for row in rows:
        start, end = row["Event Start Date"], row["Event End Date"] or None
        service = row["Event Type"] == "Service"
        over = end is not None and end < LATER_BEGINS
        in_earlier = start <= EARLIER_ENDS and (service or end <= EARLIER_ENDS)
        if in_earlier:
            known = end is None or end <= EARLIER_ENDS
            earlier.append(row if known else {**row, "Event End Date": ""})
        if not over and not (service and in_earlier and chance() < 0.1):
            later.append(row)
    return earlier, later


def main(arguments=None):
    parser = argparse.ArgumentParser(description="Random returns that crowd the edges of the published measures.")
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--people", type=int, default=400)
    parser.add_argument("--returns", type=int, choices=(1, 2), default=1)
    parser.add_argument("--release", choices=["R1", "R2"], default="R2")
    parser.add_argument("--out", required=True, type=Path)
    given = parser.parse_args(arguments)
    fuzz = Fuzz(given)
    fuzz.build(given.people)
    if given.returns == 1:
        files = [(FIRST, LAST, fuzz.rows + fuzz.fill(FIRST, LAST))]
    else:
        earlier, later = split(fuzz.rows, fuzz.r.random)
        files = [(FIRST, EARLIER_ENDS, earlier + fuzz.fill(FIRST, EARLIER_ENDS)),
                 (LATER_BEGINS, LAST, later + fuzz.fill(LATER_BEGINS, LAST))]
    given.out.mkdir(parents=True, exist_ok=True)
    for number, (first, last, rows) in enumerate(files, 1):
        fuzz.r.shuffle(rows)
        with open(given.out / f"return{number}.csv", "w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(HEADERS)
            for row in rows:
                row = {**row, "Reporting Period Start Date": first, "Reporting Period End Date": last}
                cells = (row.get(h, "") for h in HEADERS)
                writer.writerow([c.strftime("%d/%m/%Y") if isinstance(c, date) else c for c in cells])


if __name__ == "__main__":
    main()
